#ifndef KITH_RECORD_WAITING_WAITING_H
#define KITH_RECORD_WAITING_WAITING_H
/*
 * Conversations as they stand after the records so far: who waits for us, and
 * since when.  One account of it for recall, route, reply and report, so that
 * they never disagree.  Records are taken in the order of their time, as
 * merge writes them.
 *
 * A request (record_is_request) makes the conversation wait from its own time
 * unless it waits already; an answer (record_is_answer) ends that.  Any other
 * record of the conversation (internal, automatic) is counted
 * and changes nothing of it, unless it is the request that waits and was
 * deleted since, or a receipt (receipt.h).  A record without a time
 * counts at that of the
 * record before it.  One that comes too late, as in the outputs of several
 * runs one behind the other, makes nobody wait who was answered since.
 *
 * One of ours may answer other conversations, too (its member answers): it ends
 * their waits as if it stood in them, where they are known.
 *
 * A request that was set aside and is let in (its member movedFrom) waits where
 * it is now, and no more where it was.
 *
 * A request of which a later version asks for nothing, since it was found to be
 * junk or was deleted, is taken back: the conversation waits since the next that
 * stands, and where none does not at all; and one that asks again after that
 * waits as if nothing had been.  Of many that wait at once the last LAST_ASKS
 * can be, and of what was joined to another conversation what is all that waits.
 *
 * An operator's act (record/act.h) counts from its own time: done ends the
 * waiting as an answer would, and is none; reopen takes that back, or begins
 * it; snooze hides it until a time, or until something more is asked; join lets
 * the first of several conversations stand for the others, part no more.
 *
 * An answer that failed, by a receipt of the same conversation, is taken back,
 * in all that it answered:
 * it waits again as if the answer had never been, since the first request that
 * no other one followed.  So it is where the receipt comes first, since clocks
 * differ.  Of each conversation its last LAST_ANSWERS answers can be.
 *
 * Memory: about 400 bytes a conversation, its subject, and 48 bytes for each of
 * its last answers.
 */
#include "core/idset.h"
#include "core/intern.h"
#include "core/time.h"
#include "core/vec.h"
#include "record/fields.h"
#include "record/waiting/lastanswers.h"
#include "record/role.h"

/*
 * A customer who comes back more than so long after our last answer, and waited
 * for nothing, comes with another matter (kith-rules(5)).
 */
#define MATTER_REST (28 * TIME_DAY)

struct standing {
	struct str
	    id; /* conversation; all slices live as long as `standings` */
	struct str person; /* absent when unknown */
	struct str channel; /* of the last request */
	struct str subject; /* the first that is not empty */
	struct str last_request; /* id of the last request */
	int64_t first, last; /* times of the first and last record */
	/* TIME_NONE until there is one; what we sent before the customer's
	 * first request is no first answer. */
	int64_t first_request, first_answer;
	int64_t waiting_since; /* the oldest unanswered request, or TIME_NONE */
	int64_t last_request_at, last_answer_at; /* TIME_NONE */
	uint32_t requests, answers, records;
	struct last answered; /* the last answers, in `answers` */
	/* It waits from then on, by a decision of `snoozed_at`; TIME_NONE. */
	int64_t snoozed, snoozed_at;
	uint32_t joined; /* number of what it is part of, plus one; 0: itself */
	/* What waited in it at that time waits in this one, plus one, also where
	 * it was parted since; 0. */
	uint32_t gave;
	int64_t gave_at;
	/* Hash of the id of the last request that was taken back; 0: none. */
	uint64_t unasked;
};

/* What a record meant for answers. */
struct answered {
	/* An answer: its place in standings.answers plus one, or 0 where it is
	 * older than those that are kept; and whether it is known by now that
	 * it failed. */
	uint32_t number;
	bool failed;
	/* A receipt: the places of those that it took back. */
	uint32_t taken_back[LAST_ANSWERS];
	size_t taken_back_n;
};

/* The same, of a conversation that it does not stand in. */
struct other_answered {
	size_t at; /* in standings.v */
	struct standing before; /* as it was until then */
	struct answered answered;
};

struct standings {
	struct map index; /* a standing's texts lie behind its key */
	struct standing *v; /* in the order of the first record */
	size_t n, cap;
	struct intern channels;
	struct last_answers answers;
	struct idset early; /* what failed before it came */
	int64_t latest; /* time of the last record taken in */
	size_t at; /* the one that was asked for last, or is likely to be
		      next */
	struct other_list
	    VEC(struct other_answered) others; /* of that record */
};

/* What a record says of its conversation, read once. */
struct said {
	struct str conversation; /* absent where it has none */
	int64_t at; /* its time, or TIME_NONE */
	enum role kind;
};
struct said said_of(struct record *r);

/* Does it wait at that time? */
static inline bool
standing_waits(const struct standing *h, int64_t now)
{
	return h->waiting_since != INT64_MIN &&
	       (h->snoozed == INT64_MIN || now >= h->snoozed);
}

/* A zeroed struct standings is ready. */
void standings_release(struct standings *t);
/* Takes a record in; its standing (until the next add), NULL where it has no
 * conversation.  For tests: programs have read it already. */
struct standing *standings_add(struct standings *t, struct record *r);
/* The same for what was read of it already; out, what it meant for answers of
 * its own conversation, may be NULL. */
struct standing *standings_take(struct standings *t, struct record *r,
    const struct said *k, struct answered *out);
/* A record whose id was taken in before, in this version or an earlier one:
 * it is not counted again. */
void
standings_again(struct standings *t, struct record *r, struct answered *out);
/* A record that stands elsewhere answers this conversation, too: for what is
 * known of it from an earlier run. */
void standings_answered(
    struct standings *t, struct record *r, struct str conversation);
/* The standing of a conversation, made without a record where there is none:
 * for what is known of it from an earlier run.  Until the next add or put. */
struct standing *standings_put(struct standings *t, struct str conversation);
struct standing *
standings_get(const struct standings *t, struct str conversation);
/*
 * The conversations that the record may concern beside its own: who keeps them
 * elsewhere fetches them before it takes the record in.  The first ones, at
 * most LAST_ALSO; texts live in the record's arena.
 */
size_t standings_others(const struct standings *t, struct record *r,
    const struct said *k, struct str out[LAST_ALSO]);
/* The number of a conversation, whoever stands for it; SIZE_MAX. */
size_t standings_own(const struct standings *t, struct str conversation);
/* The number of what stands for one of that number. */
static inline size_t
standings_whole(const struct standings *t, size_t own)
{
	while (t->v[own].joined != 0)
		own = t->v[own].joined - 1;
	return own;
}
/* For the next run: appends what a standing's last answers are, and the way
 * back, which tells who waits. */
void standing_pack(
    const struct standings *t, const struct standing *h, struct buf *out);
void standing_unpack(struct standings *t, struct standing *h, struct str bytes);

#endif
