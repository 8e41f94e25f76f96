#ifndef KITH_RECALL_RECALL_H
#define KITH_RECALL_RECALL_H
/*
 * What was known of a person at a time, from the records so far, from the
 * state, or from both.
 *
 * With a state, what it holds between the person's last record and this one
 * is read before the record is answered; so each context is exactly of its
 * time, wherever the other records came from.
 */
#include "people/store/store.h"
#include "recall/context.h"
#include "recall/segments.h"

enum {
	RECALL_MOST = 500, /* messages of a person read from the state at once:
			      of more, the last ones */
};

struct recaller;

/* state is a folder (borrowed), or NULL; it need not be there before the first
 * record is.  s (borrowed) may be NULL. */
struct recaller *recaller_new(
    const char *state, const struct context_options *o, struct segments *s);
void recaller_free(struct recaller *rc);
struct context *recaller_context(struct recaller *rc);

/* Puts `context` into the record as of its time, then learns from it. */
int recaller_record(struct recaller *rc, struct record *r, struct err *e);
/* This line is likely to come next. */
void recaller_foresee(struct recaller *rc, struct str line);
/* Only learns. */
void recaller_learn(struct recaller *rc, struct record *r);

/* Writes what is known of the person as of then, segments included: the
 * members of an object. */
void recaller_members(
    struct recaller *rc, struct profile *k, int64_t as_of, struct writer *w);

/* Would the segment stand among these? */
bool recaller_is_in(
    struct recaller *rc, struct profile *k, int64_t as_of, ptrdiff_t segment);

/*
 * Who is meant by what was typed (recall/lookup.h), as the state has it:
 * their known, with all until as_of (TIME_NONE: all) read in; NULL in *out
 * where nobody is.
 */
int recaller_find(struct recaller *rc, struct str typed, const char *region,
    int64_t as_of, struct profile **out, struct err *e);
/* The same of the person with this id, which may be known of the stream alone;
 * NULL where nobody has it. */
int recaller_person(struct recaller *rc, struct str id, int64_t as_of,
    struct profile **out, struct err *e);
/* The first person of the state behind this id: 1 with theirs in the place of
 * it; 0, -1. */
int recaller_next(struct recaller *rc, char id[ID_SIZE], struct err *e);
/* Nothing is known any more but what the state has: who asks on for long, of
 * many people, or of one as the state is by then. */
void recaller_forget(struct recaller *rc);
/* Other ids that stand for the person, in the arena. */
int recaller_aliases(struct recaller *rc, struct str person, struct arena *a,
    struct str **out, size_t *n, struct err *e);

#endif
