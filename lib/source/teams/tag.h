#ifndef KITH_SOURCE_TEAMS_TAG_H
#define KITH_SOURCE_TEAMS_TAG_H
/*
 * The tags of a text, one by one, as they stand: no tree, nothing is checked.
 */
#include "core/str.h"

struct tag {
	size_t from, to; /* its bytes in the text */
	struct str name; /* as it is written */
	struct str rest; /* its attributes */
	bool end; /* </name> */
	bool alone; /* <name/> */
};

/* The first tag at `at` or behind; false where there is none. */
bool tag_next(struct str s, size_t at, struct tag *t);
/* Is that its name, in whichever case? */
bool tag_is(const struct tag *t, const char *name);
/* An attribute's value as it is written; STR_NONE where it has none. */
struct str tag_value(const struct tag *t, const char *name);

#endif
