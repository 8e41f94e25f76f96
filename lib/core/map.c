#include "core/map.h"

#include <stdlib.h>

#include "core/hash.h"
#include "core/vec.h"

enum { FIRST = 64 }; /* slots */

/* A slot holds the low half of the hash and the entry's index plus one, so
 * that a probe that misses and a table that grows touch no entry and no key. */

static inline uint64_t
slot_make(uint64_t hash, size_t entry)
{
	return hash << 32 | (uint64_t)(entry + 1);
}

static inline size_t
slot_entry(uint64_t slot)
{
	return (size_t)(uint32_t)slot - 1;
}

/* A key, and the half of its hash that slots hold. */
struct probe {
	struct str key;
	uint32_t half;
};

static inline bool
map_slots_free(const uint64_t *slot)
{
	return *slot == 0;
}

static inline uint64_t
map_slots_home(const struct map *m, const uint64_t *slot)
{
	(void)m;
	return *slot >> 32;
}

static inline bool
map_slots_is(const struct map *m, const uint64_t *slot, struct probe probe)
{
	return *slot >> 32 == probe.half &&
	       str_eq(m->entries[slot_entry(*slot)].key, probe.key);
}

TABLE_FUNCTIONS(map_slots, uint64_t, const struct map *, struct probe)

void
map_release(struct map *m)
{
	free(m->entries);
	map_slots_release(&m->slots);
	arena_release(&m->keys);
	*m = (struct map){ 0 };
}

/* Frees the slots of the entries one by one: a table that was once large is
 * not wiped as a whole for few of them. */
static void
clear_slots(struct map *m)
{
	for (size_t e = 0; e < m->n; e++) {
		struct str key = m->entries[e].key;
		uint64_t hash = hash_keyed(key.p, key.n);
		size_t i = (uint32_t)hash & m->slots.mask;

		while (m->slots.slots[i] != slot_make(hash, e))
			i = (i + 1) & m->slots.mask;
		m->slots.slots[i] = 0;
	}
}

void
map_reset(struct map *m)
{
	if (m->n < m->slots.mask / 16)
		clear_slots(m);
	else
		map_slots_clear(&m->slots);
	m->n = 0;
	arena_reset(&m->keys);
}

/* The slot of key, or the free one where it belongs. */
static uint64_t *
slot_of(const struct map *m, struct str key, uint64_t hash)
{
	struct probe probe = { key, (uint32_t)hash };

	return &m->slots.slots[map_slots_find(&m->slots, m, probe.half, probe)];
}

uint64_t *
map_get(const struct map *m, struct str key)
{
	uint64_t slot;

	if (m->n == 0)
		return NULL;
	slot = *slot_of(m, key, hash_keyed(key.p, key.n));
	return slot == 0 ? NULL : &m->entries[slot_entry(slot)].value;
}

uint64_t *
map_put(struct map *m, struct str key, bool *fresh)
{
	uint64_t hash = hash_keyed(key.p, key.n), *slot;

	map_slots_room(&m->slots, m, m->n, FIRST);
	slot = slot_of(m, key, hash);
	if (fresh != NULL)
		*fresh = *slot == 0;
	if (*slot != 0)
		return &m->entries[slot_entry(*slot)].value;
	if (m->n == UINT32_MAX - 1)
		alloc_die(SIZE_MAX);
	vec_hold(m->entries, m->n, m->cap, 1);
	m->entries[m->n] = (struct map_entry){ arena_dup(&m->keys, key), 0 };
	*slot = slot_make(hash, m->n);
	return &m->entries[m->n++].value;
}

uint64_t
map_hash(struct str key)
{
	return hash_keyed(key.p, key.n);
}

size_t
map_soon(const struct map *m, uint64_t hash, enum map_piece piece)
{
	const struct map_slots *t = &m->slots;
	size_t i = (uint32_t)hash & t->mask, entry;

	if (t->slots == NULL)
		return SIZE_MAX;
	if (piece == MAP_SLOT) {
		map_slots_fetch(t, (uint32_t)hash);
		return SIZE_MAX;
	}
	while (t->slots[i] != 0 && t->slots[i] >> 32 != (uint32_t)hash)
		i = (i + 1) & t->mask;
	if (t->slots[i] == 0)
		return SIZE_MAX;
	entry = slot_entry(t->slots[i]);
	if (piece == MAP_ENTRY)
		__builtin_prefetch(&m->entries[entry]);
	else
		__builtin_prefetch(m->entries[entry].key.p);
	return entry;
}
