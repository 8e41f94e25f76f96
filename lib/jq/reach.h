#ifndef KITH_JQ_REACH_H
#define KITH_JQ_REACH_H
/*
 * Within lib/record: which members of its input a jq program can see, so that
 * no more is converted for it.  A program that takes its input apart by paths
 * alone (.data.total > 500 and (.context.orders | length) > 3) sees what
 * stands at them; of any other program, it sees all.
 */
#include "core/arena.h"

/* A member that is seen, or members of it. */
struct reach {
	struct str name;
	struct reach *next; /* beside it */
	struct reach *below; /* its members */
	bool all; /* the whole of it */
};

/*
 * Adds to what r, zeroed or used before, shows what the program sees.  Where
 * only the truth of its result is asked for, `select(.a)` does not see all.
 * Names are kept in the arena.
 */
void
reach_add(struct reach *r, struct str program, bool truth, struct arena *a);
/* Adds what another shows. */
void reach_merge(struct reach *r, const struct reach *other, struct arena *a);

#endif
