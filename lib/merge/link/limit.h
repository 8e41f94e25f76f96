#ifndef KITH_MERGE_LINK_LIMIT_H
#define KITH_MERGE_LINK_LIMIT_H
/*
 * Limits of keys (people/limits.h) where linking joins people.
 */
#include "people/component.h"
#include "people/graph.h"

/* Keys of each person, of kinds that one has a few of: lists. */
struct link_limits {
	struct graph *g; /* borrowed */
	uint32_t *next; /* by key */
	uint32_t *first, *last; /* by root */
};

/* After graph_resolve; nothing else unites until link_limits_close. */
void link_limits_open(struct link_limits *l, struct graph *g);
void link_limits_close(struct link_limits *l);
/* Makes the people of two keys one; false where they would have too many and
 * `strict` asks. */
bool
link_limits_unite(struct link_limits *l, uint32_t a, uint32_t b, bool strict);

#endif
