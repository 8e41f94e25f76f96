#ifndef KITH_PEOPLE_STORE_MEMORY_H
#define KITH_PEOPLE_STORE_MEMORY_H
/*
 * Inside of the store of one run, shared by its sources.
 */
#include "core/idset.h"
#include "people/reftable.h"
#include "people/store/storeparts.h"

/* What waited from one end of a wait to the next; TIME_NONE and 0. */
struct wait {
	int64_t since;
	uint64_t on; /* channels */
};

/* An end of a wait that may be taken back, or another conversation that came
 * in. */
struct undo_step {
	struct wait before; /* since the step before it */
	uint64_t names[2]; /* of an answer; 0 */
	uint32_t same[2]; /* the last step of that name, plus one */
	uint32_t last; /* the step before it, plus one; 0: none */
	uint32_t undo; /* whose step it is */
	uint32_t other; /* what was joined, plus one; 0: nothing */
	bool done; /* by an act; no answer */
	bool own; /* an answer that stands in the conversation */
	bool question; /* which asks something */
	bool failed; /* it was taken back */
};

/* What one conversation has of them, newest first. */
struct undo {
	uint32_t number; /* of the conversation; UINT32_MAX: of none */
	uint32_t into; /* what it was joined into, plus one; 0: none */
	uint32_t last; /* its last step, plus one; 0: none */
	struct wait now; /* behind that */
	bool answered, questioned; /* before the first: see conversation */
};

struct memory {
	struct store base; /* first */
	struct ref_table refs; /* of places, too */
	struct idset participants; /* conversation and person */
	struct idset failed; /* names, before they come */
	struct undos VEC(struct undo) undos;
	struct undo_steps VEC(struct undo_step) steps;
	struct map named; /* names, as bytes, to their newest step + 1 */
};

static inline struct memory *
memory_of(struct store *s)
{
	return (struct memory *)s;
}

/* memorywaiting.c: as in store.h. */

void memory_waiting_release(struct memory *m);
int memory_asked(struct store *s, uint32_t number, int64_t t, uint8_t channel,
    struct err *e);
int memory_answered(struct store *s, uint32_t number, int64_t t,
    const struct store_answer *by, struct err *e);
int memory_done(
    struct store *s, uint32_t number, int64_t t, struct str act, struct err *e);
int memory_reopened(struct store *s, uint32_t number, int64_t t,
    uint8_t channel, struct str act, struct err *e);
int memory_joined(struct store *s, uint32_t number, uint32_t other, int64_t t,
    struct str act, struct err *e);
int memory_unasked(
    struct store *s, uint32_t number, int64_t t, struct str id, struct err *e);
int memory_was_answered(struct store *s, uint32_t number, int64_t t,
    bool (*question)(struct str text), bool *asked, struct err *e);
int memory_failed(struct store *s, uint32_t number, struct str answer,
    uint64_t name, struct err *e);
int memory_put_failed(struct store *s, uint64_t name, struct err *e);
int memory_has_failed(struct store *s, uint64_t name, struct err *e);
int memory_waiting(
    struct store *s, uint32_t key, struct store_numbers *out, struct err *e);

#endif
