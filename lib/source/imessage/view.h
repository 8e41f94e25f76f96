#ifndef KITH_SOURCE_IMESSAGE_VIEW_H
#define KITH_SOURCE_IMESSAGE_VIEW_H
/*
 * An item on its way into a record.
 */
#include "source/imessage/imessage.h"
#include "source/native.h"

struct imessage_view {
	struct normalize *n;
	struct message *m;
	struct json item, row; /* all of it, and its message */
	struct json chat; /* the first */
	bool group;
	bool ours; /* we sent it */
};

/* view.c.  A column of the message: a text without blanks around it, or a number as it
 * is written; a whole number, 0 where there is none; a time, TIME_NONE. */
struct str imessage_text(struct imessage_view *v, const char *column);
int64_t imessage_int(struct imessage_view *v, const char *column);
int64_t imessage_time(struct imessage_view *v, const char *column);
/* Bytes of a blob, absent where there are none. */
struct str imessage_blob(struct imessage_view *v, const char *column);
/* Seconds or nanoseconds since 2001, by their size; 0 is none. */
int64_t imessage_instant(double since);
/* A text without the marks where attachments stand (U+FFFC); absent where
 * nothing is left. */
struct str imessage_clean(struct imessage_view *v, struct str s);

/* people.c: account, from, to; and who a handle is. */
void imessage_people(struct imessage_view *v);
struct address imessage_handle(struct imessage_view *v, struct json handle);

/* edits.c: what message_summary_info has of earlier texts, as members of data;
 * the keywords edited and deleted. */
void imessage_edits(struct imessage_view *v, struct writer *w);

#endif
