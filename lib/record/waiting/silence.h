#ifndef KITH_RECORD_WAITING_SILENCE_H
#define KITH_RECORD_WAITING_SILENCE_H
/*
 * Who fell silent: our answer was the last word in a conversation, and they
 * never came back.  Beside the account of who waits for us (waiting.h),
 * for report and reply: records are taken in after it, in the same order.
 *
 * They came back with any word of a person, be it an opt-out, or thanks where
 * we had asked nothing; a
 * machine's answer, a bounce or what was set aside is none.  An operator's act
 * done ends the silence until they come back, or until the act reopen.
 *
 * A reminder is a message of ours that was made from the template of that name
 * (reply.template), sent or still a draft; it counts once, and only since their
 * last word.
 */
#include "core/time.h"
#include "record/waiting/waiting.h"

enum { SILENCE_REMINDERS = 2 }; /* that a conversation gets at most */

struct silence {
	int64_t theirs; /* their last word, or TIME_NONE */
	int64_t ours; /* our last answer that is no reminder, or TIME_NONE */
	int64_t reminded; /* our last reminder, or TIME_NONE */
	uint64_t keys[SILENCE_REMINDERS]; /* of the last reminders */
	uint8_t reminders;
	bool asked; /* our last answer asks something */
	bool theirs_last; /* the last word is theirs */
	bool closed; /* done */
};

#define SILENCE_NEW        \
	((struct silence){ \
	    .theirs = TIME_NONE, .ours = TIME_NONE, .reminded = TIME_NONE })

/* The name of the template that comes with kith. */
#define SILENCE_TEMPLATE "reminder"

/*
 * A record of the conversation h, which was taken in; template: the name of that
 * of reminders.  True where it is an answer of ours that is no reminder.
 */
bool silence_take(struct silence *s, const struct standing *h, struct record *r,
    const struct said *k, const char *template);
/* Since when they are silent, or TIME_NONE. */
int64_t silence_since(const struct silence *s, const struct standing *h);

#endif
