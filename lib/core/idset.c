#include "core/idset.h"

#include "core/hash.h"

enum { FIRST = 4096 }; /* slots */

static inline bool
idset_slots_free(const uint64_t *slot)
{
	return *slot == 0;
}

/* The lowest bit of a hash says nothing: it keeps them from being 0. */
static inline uint64_t
home(uint64_t hash)
{
	return hash >> 1;
}

static inline uint64_t
idset_slots_home(const void *none, const uint64_t *slot)
{
	(void)none;
	return home(*slot);
}

static inline bool
idset_slots_is(const void *none, const uint64_t *slot, uint64_t hash)
{
	(void)none;
	return *slot == hash;
}

TABLE_FUNCTIONS(idset_slots, uint64_t, const void *, uint64_t)

void
idset_release(struct idset *s)
{
	idset_slots_release(&s->slots);
	s->n = 0;
}

uint64_t
idset_hash(struct str id)
{
	return hash_keyed(id.p, id.n) | 1; /* 0 is a free slot */
}

void
idset_fetch(const struct idset *s, uint64_t hash)
{
	idset_slots_fetch(&s->slots, home(hash));
}

static inline uint64_t *
slot_of(const struct idset *s, uint64_t hash)
{
	return &s->slots
		    .slots[idset_slots_find(&s->slots, NULL, home(hash), hash)];
}

bool
idset_add(struct idset *s, uint64_t hash)
{
	uint64_t *slot;

	idset_slots_room(&s->slots, NULL, s->n, FIRST);
	slot = slot_of(s, hash);
	if (*slot == hash)
		return false;
	*slot = hash;
	s->n++;
	return true;
}

bool
idset_has(const struct idset *s, uint64_t hash)
{
	return s->slots.slots != NULL && *slot_of(s, hash) == hash;
}
