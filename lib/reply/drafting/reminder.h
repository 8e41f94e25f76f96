#ifndef KITH_REPLY_DRAFTING_REMINDER_H
#define KITH_REPLY_DRAFTING_REMINDER_H
/*
 * Reminders to who fell silent: what they answer is our own last message, seen
 * from the other side.
 */
#include "core/buf.h"
#include "record/record.h"

/*
 * Appends the line of a record of theirs that stands for the answer r of ours:
 * from whom it was to, to whom it was from, with its ids, subject, text and
 * time; a draft to that continues the thread.  name is what they are called,
 * where the answer does not say it, or NULL; subject the conversation's, or
 * absent.
 */
void reminder_line(
    struct record *r, const char *name, struct str subject, struct buf *out);
/* Appends the act that calls the conversation done, at `now`, since two
 * reminders had no answer. */
void reminder_done(struct str conversation, int64_t now, struct buf *out);

#endif
