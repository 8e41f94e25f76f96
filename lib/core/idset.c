#include "core/idset.h"

#include "core/hash.h"

enum { FIRST = 4096 }; /* slots */

static inline bool
seen_slots_free(const uint64_t *slot)
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
seen_slots_home(const void *none, const uint64_t *slot)
{
	(void)none;
	return home(*slot);
}

static inline bool
seen_slots_is(const void *none, const uint64_t *slot, uint64_t hash)
{
	(void)none;
	return *slot == hash;
}

TABLE_FUNCTIONS(seen_slots, uint64_t, const void *, uint64_t)

void
seen_release(struct seen *s)
{
	seen_slots_release(&s->slots);
	s->n = 0;
}

uint64_t
seen_hash(struct str id)
{
	return hash_keyed(id.p, id.n) | 1; /* 0 is a free slot */
}

void
seen_fetch(const struct seen *s, uint64_t hash)
{
	seen_slots_fetch(&s->slots, home(hash));
}

static inline uint64_t *
slot_of(const struct seen *s, uint64_t hash)
{
	return &s->slots
		    .slots[seen_slots_find(&s->slots, NULL, home(hash), hash)];
}

bool
seen_first(struct seen *s, uint64_t hash)
{
	uint64_t *slot;

	seen_slots_room(&s->slots, NULL, s->n, FIRST);
	slot = slot_of(s, hash);
	if (*slot == hash)
		return false;
	*slot = hash;
	s->n++;
	return true;
}

bool
seen_has(const struct seen *s, uint64_t hash)
{
	return s->slots.slots != NULL && *slot_of(s, hash) == hash;
}
