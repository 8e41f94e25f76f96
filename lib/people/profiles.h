#ifndef KITH_PEOPLE_PROFILES_H
#define KITH_PEOPLE_PROFILES_H
/*
 * Inside of resolving: what stands in the profile of somebody whom a site
 * knows by an id (user:7).  They typed it, and whoever can send the site's
 * events can type there, too.  So such a person takes one key of each class
 * by it, the first in time, and none where other evidence has given them one;
 * nor one that is somebody else's by other evidence, or that stands in the
 * profiles of several.
 *
 * Cost: O(p log p) for p such pairs, and a walk through all keys.
 */
#include "people/graph.h"

struct graph_refusals VEC(struct graph_conflict);

/* Whether any evidence is of profiles alone; none of it is followed yet. */
bool graph_profiles_hold(struct graph *g);
/*
 * After all other evidence was followed: what is to be followed of profiles.
 * The rest goes to out.
 */
void graph_profiles_choose(struct graph *g, struct graph_refusals *out);

#endif
