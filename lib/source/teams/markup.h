#ifndef KITH_SOURCE_TEAMS_MARKUP_H
#define KITH_SOURCE_TEAMS_MARKUP_H
/*
 * The HTML of Teams and Skype, and the elements that both have of their own:
 * mentions, emoji, quotes, pictures and files.  One pass, linear.
 */
#include "source/item.h"

struct teams_said {
	struct str text, quoted; /* plain; absent where there is none */
	struct str replies_to; /* the id of the message that is quoted */
	bool edited; /* the text says so itself */
};

/*
 * Files and pictures become attachments of n->message.  lines: a new line in it
 * is one, as Skype writes them.  0, or -1.
 */
int teams_markup(struct normalize *n, struct str html, bool lines,
    struct teams_said *out, struct err *e);
/*
 * JSON in a string, which lives as long as n->message: one at a time, by the
 * parser in *n->kept, which json_doc_free ends.  0, or -1.
 */
int teams_json(struct normalize *n, struct json text, struct json *root);

#endif
