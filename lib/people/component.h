#ifndef KITH_PEOPLE_COMPONENT_H
#define KITH_PEOPLE_COMPONENT_H
/*
 * Inside of resolving: which keys belong together until now.  A union-find
 * whose roots are the oldest keys: see graph_root.
 */
#include "people/graph.h"

/* True where they were two until now; the older one's root stays. */
bool graph_unite(struct graph *g, uint32_t a, uint32_t b);
void graph_add_conflict(
    struct graph *g, enum graph_why why, uint32_t key, uint32_t a, uint32_t b);
static inline bool
graph_is_weak(const struct graph *g, uint32_t key)
{
	return (g->keys[key].flags &
		   (KEY_SHARED | KEY_NOTHING | KEY_DEMOTED)) != 0;
}
/* Is the edge followed, as far as is known by now? */
static inline bool
graph_is_followed(const struct graph *g, const struct graph_edge *e)
{
	return e->refused == 0 && !graph_is_weak(g, e->a) &&
	       !graph_is_weak(g, e->b);
}

#endif
