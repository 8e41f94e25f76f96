#ifndef KITH_REPLY_MARKDOWN_H
#define KITH_REPLY_MARKDOWN_H
/*
 * A reply's Markdown body (CommonMark, by cmark) in the markup of the channel
 * that it goes out on.  A line break stays one everywhere.  HTML in the body
 * is text, shown as it was written; a link leads only to http, https, mailto
 * and tel, any other shows its address and leads nowhere.
 */
#include "core/buf.h"
#include "core/err.h"
#include "record/channels.h"

enum {
	MARKDOWN_MAX = 1 << 20, /* bytes of a body */
	MARKDOWN_DEPTH = 32, /* lists and quotes within each other; what is
				deeper is not indented any more */
};

/* "text", ..., NULL. */
extern const char *const markup_words[];

/* Appends the body, rendered.  -1 where it is too long or not fit. */
int
markdown_render(struct str body, enum markup m, struct buf *out, struct err *e);
/* True where the body has paragraphs and line breaks alone. */
bool markdown_is_plain(struct str body);
/* Appends plain text so that the markup shows it as it is, as far as it has
 * the means: Slack and WhatsApp have none for * and _. */
void markup_escape(struct str text, enum markup m, struct buf *out);

#endif
