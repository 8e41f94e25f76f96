#ifndef KITH_SOURCE_JSON_WALK_H
#define KITH_SOURCE_JSON_WALK_H
/*
 * The walk along paths to lists of items: through a file that may be of any
 * size, where what stands before a list is with its items; or through a value
 * in hand, where what stands behind it is, too.
 */
#include "source/cut.h"
#include "source/json/items.h"

struct items_walk {
	struct ingest *in;
	const struct items_form *form;
	const struct items_path *paths;
	uint32_t all; /* of them, a bit each */
	struct json_cut *cut; /* of a file */
	size_t items; /* found, rejected ones too */
	bool behind, over; /* said: members behind a list, too many beside */
	bool reached; /* a path's end, or an empty list, in the value in hand */
};

/* What is left of a file, whose first value stands at this place; 0, -1. */
int items_walk_file(
    struct items_walk *k, struct input *file, struct str at, struct err *e);
int items_walk_value(
    struct items_walk *k, struct json v, struct str at, struct err *e);

#endif
