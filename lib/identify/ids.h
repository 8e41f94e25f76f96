#ifndef KITH_IDENTIFY_IDS_H
#define KITH_IDENTIFY_IDS_H
/*
 * The reading of a record's `ids`, the keys that identify found in it.
 */
#include "identify/keys.h"
#include "json/json.h"

/* One entry. */
struct evidence {
	struct str type, value; /* value in its normal form */
	enum trust trust;
	struct str from; /* "from.email", "to[0].tel", "text" */
};

struct ids {
	struct json_iter entries;
	struct arena *arena; /* borrowed */
};

/* Over the list `ids`, which may be absent.  What is read lives as long as the
 * record's text and the arena. */
static inline struct ids
ids_each(struct json ids, struct arena *a)
{
	return (struct ids){ json_each(ids), a };
}

/* The next entry that has a type and a value; false at the end.  Its `from` is
 * left absent, and a trust that is none of ours is TRUST_UNKNOWN. */
bool ids_next(struct ids *it, struct evidence *out);
/* The next such entry of one of the types, which end with NULL: the others are
 * passed over at the cost of a look. */
bool
ids_next_of(struct ids *it, const char *const *types, struct evidence *out);
/* The next that was read from the record's to or cc. */
bool ids_next_recipient(struct ids *it, struct evidence *out);

#endif
