#ifndef KITH_PEOPLE_SPLIT_H
#define KITH_PEOPLE_SPLIT_H
/*
 * Inside of resolving: taking those people apart who cannot be one.
 */
#include "people/graph.h"

/*
 * After all evidence and `same` were followed: finds the people who have
 * more keys of a class than one person has, or who hold two that an operator
 * called different, and follows their evidence anew with that in mind.
 */
void graph_split(struct graph *g);

#endif
