#ifndef KITH_PEOPLE_EXPLAIN_H
#define KITH_PEOPLE_EXPLAIN_H
/*
 * Why two keys are one person, or why not, for people to read.
 */
#include "core/buf.h"
#include "people/graph.h"

/* Appends in one sentence without its end why a key is not believed, or a
 * pair not joined. */
void explain_conflict(
    struct buf *out, const struct graph *g, const struct graph_conflict *d);
/* What a list says of a key: "a role address". */
const char *explain_guard(struct str key);
/*
 * Appends the chain of evidence between two keys (GRAPH_NONE: nothing is
 * known), called by the names that were asked for.  False where there is
 * none.  The graph was resolved, with keep_records.
 */
bool explain_pair(struct buf *out, struct graph *g, struct str name_a,
    struct str name_b, uint32_t a, uint32_t b);

#endif
