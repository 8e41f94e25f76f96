#ifndef KITH_REPORT_FACTS_TALLY_H
#define KITH_REPORT_FACTS_TALLY_H
/*
 * How many records ask, and how many do not and why: each id counts once, by
 * what it is in the end.  Memory: 8 bytes an id, 16 of what asks for nothing.
 */
#include "core/idset.h"
#include "record/role.h"

/* What one record adds to the sums. */
struct share {
	enum asks asks; /* ASKS_COUNT: it lies outside of the period */
	bool automatic, quarantined;
};

/* A zeroed one is ready. */
struct tally {
	struct idset seen; /* ids of records */
	uint64_t automatic, quarantined;
	/* Messages and calls from outside, by whether and why not they ask. */
	uint64_t asks[ASKS_COUNT];
};

void tally_release(struct tally *t);
/* False where the id came before, and counts as it did. */
bool tally_add(struct tally *t, struct str id, enum role kind, struct share s);

#endif
