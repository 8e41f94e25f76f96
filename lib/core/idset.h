#ifndef KITH_CORE_IDSET_H
#define KITH_CORE_IDSET_H
/*
 * Has this id come before?  8 bytes of keyed hash an id, so a "yes" may be
 * wrong once in a long while: who asks looks closer then.  A "no" is right.
 */
#include "core/str.h"
#include "core/table.h"

struct idset_slots TABLE(uint64_t);

struct idset {
	struct idset_slots slots; /* hashes; 0 is free */
	size_t n;
};

/* A zeroed struct idset is ready. */
void idset_release(struct idset *s);
uint64_t idset_hash(struct str id);
/* Of the same id in another sense. */
static inline uint64_t
idset_other(uint64_t hash)
{
	return ~hash | 1;
}
/* Before several calls of idset_add: fetches what they will touch. */
void idset_fetch(const struct idset *s, uint64_t hash);
/* True the first time. */
bool idset_add(struct idset *s, uint64_t hash);
bool idset_has(const struct idset *s, uint64_t hash);

#endif
