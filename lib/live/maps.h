#ifndef KITH_LIVE_MAPS_H
#define KITH_LIVE_MAPS_H
/*
 * Programs that give items of live sources a meaning, where their service has
 * no format of its own: `map` of its description.
 */
#include "source/mapping/map.h"
#include "workspace/workspace.h"

struct live_maps;

/* Those of all sources of the workspace (borrowed).  NULL where one is wrong. */
struct live_maps *live_maps_open(const struct workspace *c, struct err *e);
/* NULL is allowed. */
void live_maps_close(struct live_maps *m);
/* The program for an item by its source.file, @NAME/...; NULL: none. */
struct mapping *live_map_of(const struct live_maps *m, struct str file);

#endif
