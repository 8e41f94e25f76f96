#ifndef KITH_PEOPLE_SPLIT_H
#define KITH_PEOPLE_SPLIT_H
/*
 * Inside of resolving: taking those people apart who cannot be one.
 */
#include "people/graph.h"

/* True where they were two until now; the older one's root stays. */
bool graph_unite(struct graph *g, uint32_t a, uint32_t b);
void graph_doubt(
    struct graph *g, enum graph_why why, uint32_t key, uint32_t a, uint32_t b);
static inline bool
graph_is_weak(const struct graph *g, uint32_t key)
{
	return (g->keys[key].flags &
		   (KEY_SHARED | KEY_NOTHING | KEY_DEMOTED)) != 0;
}
/*
 * After all evidence and `same` were followed: finds the people who have
 * more keys of a class than one person has, or who hold two that an operator
 * called different, and follows their evidence anew with that in mind.
 */
void graph_tear(struct graph *g);

#endif
