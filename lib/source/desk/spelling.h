#ifndef KITH_SOURCE_DESK_SPELLING_H
#define KITH_SOURCE_DESK_SPELLING_H
/*
 * Names of members and columns that one service writes in several spellings:
 * "num_media" by its API, "NumMedia" in its forms and tables, "numMedia" by its
 * libraries are "nummedia".
 */
#include "json/json.h"

enum {
	SPELLING_BYTES = 48, /* of a name, without what is no letter */
	SPELLING_NONE = -1,
};

/* Small letters and digits, in the order of strcmp. */
struct spelling {
	const char *name;
	int field;
};

struct spellings {
	const struct spelling *v;
	size_t n;
};
#define SPELLINGS(list)                                \
	{                                              \
		(list), sizeof(list) / sizeof(*(list)) \
	}

/* Which field a name is of, whatever its capitals and signs. */
int spelling_of(const struct spellings *s, struct str name);
/*
 * An object's members by field; of several the first that is something.  out
 * has a place for each field; what it holds stays where from has none.
 */
void
spelling_read(const struct spellings *s, struct json from, struct json *out);
/* Is it neither missing nor null, nor an empty string? */
bool spelling_is_value(struct json v);

#endif
