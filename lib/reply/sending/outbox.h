#ifndef KITH_REPLY_SENDING_OUTBOX_H
#define KITH_REPLY_SENDING_OUTBOX_H
/*
 * The durable outbox, DIR/outbox.db: what was taken in to be sent, and how
 * far it came.  One run at a time writes it (DIR/outbox.lock).
 *
 *	queued -> reserved -> attempting -> sent
 *	                                 -> failed     no, or not yet (`next`)
 *	                                 -> ambiguous  it left, and no answer
 *
 * The rule that all else rests on: `reserved` is on disk (outbox_sync) before
 * the socket is opened, `attempting` is written (outbox_commit) before it, and
 * the result after it.  What is written and not synced survives the end of
 * the process by whatever means, and is lost only with the machine's power:
 * so one sync serves many drafts, and a later run still knows more than that.
 * On the same boot of the machine, reserved means that nothing was begun, and
 * attempting that nobody knows; after another boot nobody knows of either.
 * What nobody knows becomes ambiguous.
 */
#include "core/arena.h"
#include "core/err.h"

enum outbox_state {
	OUTBOX_QUEUED,
	OUTBOX_RESERVED,
	OUTBOX_ATTEMPTING,
	OUTBOX_SENT,
	OUTBOX_FAILED,
	OUTBOX_AMBIGUOUS,
};
/* "queued" ... */
extern const char *const outbox_words[];

struct outbox_entry {
	int64_t number; /* in the order of taking in, from 1 */
	struct str key; /* what tells one answer from another */
	struct str channel, recipient, conversation, answers, subject;
	bool automatic;
	struct str record; /* the draft's line */
	enum outbox_state state;
	struct str transport, reason; /* absent until known */
	/* The channel's own id of the message, and behind a newline that of its
	 * record, where it is made of something else. */
	struct str native;
	int64_t attempts;
	int64_t at; /* of the last change */
	int64_t first; /* of the first attempt, or TIME_NONE */
	int64_t next; /* when to try again, or TIME_NONE: never by itself */
};

struct outbox;

/* Takes the lock; ERR_AGAIN where another run holds it. */
struct outbox *outbox_open(const char *dir, struct err *e);
/* To look only: no lock.  *missing is set, and NULL returned, where there is
 * no outbox yet. */
struct outbox *outbox_open_read(const char *dir, bool *missing, struct err *e);
/* What is not committed is lost, what is not synced may be.  NULL is allowed.
 */
void outbox_close(struct outbox *o);

/* Writes all changes out; nothing where there are none. */
int outbox_commit(struct outbox *o, struct err *e);
/* The same, and puts all that was ever committed on disk. */
int outbox_sync(struct outbox *o, struct err *e);

/* What an earlier run left in the middle; *count: how many became ambiguous.
 */
int outbox_recover(struct outbox *o, int64_t *count, struct err *e);
/* Takes it in as queued; *number tells which.  The key must be new. */
int outbox_add(struct outbox *o, const struct outbox_entry *entry,
    int64_t *number, struct err *e);
/* Another text under the same key, for what has not left yet. */
int outbox_replace(
    struct outbox *o, const struct outbox_entry *entry, struct err *e);
int outbox_reserve(struct outbox *o, int64_t number, struct err *e);
int outbox_attempt(struct outbox *o, int64_t number, struct str transport,
    int64_t now, struct err *e);
/* state, reason, native, at and next of the entry. */
int outbox_result(
    struct outbox *o, const struct outbox_entry *entry, struct err *e);

/* 1 with the entry, 0 where there is none, -1.  Texts live in the arena. */
int outbox_get(struct outbox *o, struct str key, struct arena *a,
    struct outbox_entry *out, struct err *e);
int outbox_at(struct outbox *o, int64_t number, struct arena *a,
    struct outbox_entry *out, struct err *e);
/* The first entry past `after`: of all, of what is not sent, whatever became
 * of it, or of what is to be sent by now (queued, or failed with next at or
 * before now). */
int outbox_next(struct outbox *o, int64_t after, struct arena *a,
    struct outbox_entry *out, struct err *e);
int outbox_unsent(struct outbox *o, int64_t after, struct arena *a,
    struct outbox_entry *out, struct err *e);
int outbox_due(struct outbox *o, int64_t after, int64_t now, struct arena *a,
    struct outbox_entry *out, struct err *e);
/* Entries that a later run shall try again. */
int outbox_left(struct outbox *o, int64_t *count, struct err *e);

/* History for the preflight; key is the draft's own, which does not count. */
/* Automatic answers that went (or may have gone) to the recipient since. */
int outbox_automatic(struct outbox *o, struct str recipient, struct str key,
    int64_t since, int64_t *count, struct err *e);
/* 1 where one of them had this subject. */
int outbox_repeats(struct outbox *o, struct str recipient, struct str subject,
    struct str key, int64_t since, struct err *e);
/* 1 where an answer that is not automatic went (or may have gone) to this
 * request, after `since` where that is not TIME_NONE. */
int outbox_answered(struct outbox *o, struct str answers, struct str key,
    int64_t since, struct err *e);

#endif
