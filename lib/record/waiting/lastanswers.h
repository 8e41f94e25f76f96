#ifndef KITH_RECORD_WAITING_LASTANSWERS_H
#define KITH_RECORD_WAITING_LASTANSWERS_H
/*
 * A conversation's last answers and what each of them ended, so that one that
 * failed is taken back: then the conversation is as if it had never been there.
 *
 * Beyond LAST_ANSWERS of a conversation the oldest is forgotten, and cannot be
 * taken back any more.  Memory: 64 bytes an answer that is kept, 8 for each
 * recipient behind the first, and 28 for each other conversation that it ends
 * the wait of; 384 of a conversation in which several requests waited at once.
 */
#include "core/hash.h"
#include "core/vec.h"
#include "record/waiting/receipt.h"

enum {
	LAST_ANSWERS = 8,
	LAST_PEOPLE = 32, /* recipients; of further ones nothing is known */
	LAST_ALSO = 64, /* conversations beside the answer's own */
	LAST_ASKS = 16, /* requests that came while another waited */
};

struct last_answer {
	uint64_t id,
	    message; /* hashes of the record's id and the channel's; 0: none */
	int64_t at;
	int64_t since; /* the first request behind the answer before; or
			  TIME_NONE */
	/* Hashes of whom it went to: the first, and the others, of whom those
	 * from the number `copied` on only read along. */
	uint64_t to, *others;
	/* In its own conversation: the ids of others that it answered. */
	char (*also)[ID_SIZE];
	uint32_t next; /* the answer after it, plus one; 0: it is the last */
	uint8_t copied, others_n, also_n;
	bool failed;
	bool done; /* no answer: an operator's word that nothing waits */
};

/* All conversations' together; a zeroed one is ready. */
struct last_answers VEC(struct last_answer);

/* A request that came while another waited, or that other: each can be taken
 * back. */
struct last_ask {
	uint64_t id; /* hash of the record's; 0: not known */
	int64_t at;
	bool unasked;
};

/* What a conversation has of them. */
struct last {
	uint32_t oldest; /* plus one; 0: none */
	uint8_t n;
	int64_t asked; /* first request behind the last answer, or TIME_NONE */
	int64_t settled; /* last answer that was forgotten and did not fail */
	struct last_ask *asks; /* NULL unless several waited; ours */
	uint8_t asks_n;
};

#define LAST_NONE ((struct last){ .asked = TIME_NONE, .settled = TIME_NONE })

void last_answers_release(struct last_answers *all);
/* What a conversation has of its own. */
void last_release(struct last *l);
/*
 * A request at a time: also one that comes late.  Where an answer was given
 * since, nobody waits for it, unless that fails.
 */
void last_asked(struct last_answers *all, struct last *l, int64_t at);
/* Before that, of a record: id is the hash of its id, and last what is known of
 * the conversation's last request.  Of many that wait the last LAST_ASKS are
 * kept. */
void last_keep(struct last_answers *all, struct last *l, uint64_t id,
    int64_t at, struct last_ask last);
/* At that time, what waited since then in another conversation came to wait in
 * this one: no answer that was given here before was meant for it. */
void last_took_over(
    struct last_answers *all, struct last *l, int64_t since, int64_t at);
/* The other side: what waited here at that time, as it is known by now, waits
 * elsewhere; since when, or TIME_NONE. */
int64_t last_gave_over(struct last_answers *all, struct last *l, int64_t at);
/*
 * Puts the answer r in its place; its number plus one.  0 where it is older
 * than all that is kept: then it ends nothing.  last: when the last request
 * was, or TIME_NONE; *again: it is kept already.
 */
uint32_t last_answered(struct last_answers *all, struct last *l,
    struct record *r, int64_t at, int64_t last, bool *again);
/* The conversations that a record answers beside its own (its member answers);
 * returns how many.  Texts live in its arena. */
size_t last_also_of(struct record *r, struct str out[LAST_ALSO]);
/* Keeps them with the answer r at that place. */
void last_keep_also(struct last_answer *x, struct record *r);
/* An operator says that nothing waits: it ends what an answer would. */
void last_done(struct last_answers *all, struct last *l, struct record *r,
    int64_t at, int64_t last);
/* What was done until then is open again. */
void last_reopened(struct last_answers *all, struct last *l, int64_t at);
/*
 * Takes those back that the receipt says failed; their places in all->v go to
 * out, the oldest first, *n is how many: those that failed before are not among
 * them.  False where it is about none that is kept.
 */
bool last_failed(struct last_answers *all, struct last *l, struct record *r,
    const struct receipt *receipt, uint32_t out[LAST_ANSWERS], size_t *n);
/* Nobody waits any more for what was asked at that time. */
void last_unasked(struct last_answers *all, struct last *l, int64_t at);
/*
 * The same of one that is kept, after which it waits since the next; false where
 * it is not.  any: also where its id is not known.
 */
bool last_take_back(struct last_answers *all, struct last *l, uint64_t id,
    int64_t at, bool any);
/* Was it taken back?  Then no more: it waits again. */
bool last_asks_again(
    struct last_answers *all, struct last *l, uint64_t id, int64_t at);
/* Since when the conversation waits, or TIME_NONE. */
int64_t last_waits(const struct last_answers *all, const struct last *l);
/* The time of the last answer that did not fail, or TIME_NONE. */
int64_t last_answer_at(const struct last_answers *all, const struct last *l);
/* The first answer of those kept from t on that did not fail, or TIME_NONE. */
int64_t last_answer_from(
    const struct last_answers *all, const struct last *l, int64_t t);
/* What a receipt knows an answer by; never 0. */
uint64_t last_hash(struct str id);
/* The same of an address, in any case. */
uint64_t last_address_hash(struct str address, struct arena *a);
/* Did it go to the address of this hash, as far as is known? */
bool last_went_to(const struct last_answer *x, uint64_t address);

/* For the next run: appends it as bytes, and the way back.  What is no such
 * bytes is as if there were none. */
void last_pack(
    const struct last_answers *all, const struct last *l, struct buf *out);
void last_unpack(struct last_answers *all, struct last *l, struct str bytes);

#endif
