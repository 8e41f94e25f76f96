#ifndef KITH_MERGE_ACTS_ACTED_H
#define KITH_MERGE_ACTS_ACTED_H
/*
 * What acts say of conversations, as the search for one obeys it: of several
 * that were joined the first stands for all.  conversations_act
 * (conversation.h) is told when the time of one has come.
 *
 * Acts name conversations by their ids, which the store in memory does not look
 * up: those that are named note their numbers as they are met.
 */
#include "core/arena.h"
#include "core/map.h"
#include "record/act.h"

struct acted {
	struct map named; /* ids to 1 + number, 0: not met in this run */
	struct map into; /* ids to 1 + entry of `named` that stands for them */
};

/* A zeroed one is ready. */
void acted_release(struct acted *x);
/* An act is known, whose time may come: ids that it names are noted. */
void acted_name(struct acted *x, const struct act *a, struct arena *arena);
/* Its time has come: what it joins or parts. */
void acted_join(struct acted *x, const struct act *a, struct arena *arena);
/* A conversation was met; x may be NULL. */
void acted_met(struct acted *x, struct str id, uint32_t number);
/* The id that stands for a conversation; its own where none does. */
struct str acted_stands(const struct acted *x, struct str id);

#endif
