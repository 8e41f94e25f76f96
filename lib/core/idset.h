#ifndef KITH_CORE_IDSET_H
#define KITH_CORE_IDSET_H
/*
 * Has this id come before?  8 bytes of keyed hash an id, so a "yes" may be
 * wrong once in a long while: who asks looks closer then.  A "no" is right.
 */
#include "core/str.h"
#include "core/table.h"

struct seen_slots TABLE(uint64_t);

struct seen {
	struct seen_slots slots; /* hashes; 0 is free */
	size_t n;
};

/* A zeroed struct seen is ready. */
void seen_release(struct seen *s);
uint64_t seen_hash(struct str id);
/* Of the same id in another sense. */
static inline uint64_t
seen_other(uint64_t hash)
{
	return ~hash | 1;
}
/* Before several calls of seen_first: fetches what they will touch. */
void seen_fetch(const struct seen *s, uint64_t hash);
/* True the first time. */
bool seen_first(struct seen *s, uint64_t hash);
bool seen_has(const struct seen *s, uint64_t hash);

#endif
