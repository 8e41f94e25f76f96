#ifndef KITH_REPLY_DRAFTING_BOUNCED_H
#define KITH_REPLY_DRAFTING_BOUNCED_H
/*
 * Addresses that the last message of ours to them came back from.  Only a
 * receipt that took an answer back counts, and only for whom that answer had
 * gone to: nobody can say of an address that we did not write to that it is
 * dead.  Who writes from there since, or got a message, is alive.
 *
 * Memory: about 100 bytes an address, and the reason.
 */
#include "core/map.h"
#include "core/vec.h"
#include "json/write.h"
#include "record/waiting/waiting.h"

struct bounce {
	int64_t at; /* of the receipt; TIME_NONE: alive again */
	struct str code, reason; /* absent where they are not told */
};

struct bounced {
	struct map index; /* hashes of addresses to places in all.v */
	struct bounces VEC(struct bounce) all;
	struct arena arena;
};

/* A zeroed one is ready. */
void bounced_release(struct bounced *b);
/* A record, and what it meant for the answers of t. */
void bounced_learn(struct bounced *b, struct record *r,
    const struct standings *t, const struct answered *answered);
/* What came back from an address; NULL for nothing. */
const struct bounce *
bounced_find(const struct bounced *b, struct str address, struct arena *a);
/* Writes {address, at, code, reason}. */
void bounce_write(struct writer *w, struct str address, const struct bounce *b);

#endif
