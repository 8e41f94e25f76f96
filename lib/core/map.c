#include "core/map.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/hash.h"

/* Open addressing, at most three quarters full.  A slot holds the low half of
 * the hash and the entry's index plus one, so that a probe that misses and a
 * table that grows touch no entry and no key. */

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

void
map_init(struct map *m)
{
	*m = (struct map){ 0 };
}

void
map_release(struct map *m)
{
	free(m->entries);
	free(m->slots);
	arena_release(&m->keys);
	map_init(m);
}

/* Frees the slots of the entries one by one: a table that was once large is
 * not wiped as a whole for few of them. */
static void
clear_slots(struct map *m)
{
	for (size_t e = 0; e < m->n; e++) {
		struct str key = m->entries[e].key;
		uint64_t hash = hash_keyed(key.p, key.n);
		size_t i = (uint32_t)hash & m->mask;

		while (m->slots[i] != slot_make(hash, e))
			i = (i + 1) & m->mask;
		m->slots[i] = 0;
	}
}

void
map_reset(struct map *m)
{
	if (m->n < m->mask / 16)
		clear_slots(m);
	else if (m->slots != NULL)
		memset(m->slots, 0, (m->mask + 1) * sizeof(*m->slots));
	m->n = 0;
	arena_reset(&m->keys);
}

/* The slot of key, or the free one where it belongs. */
static size_t
slot_of(const struct map *m, struct str key, uint64_t hash)
{
	size_t i = (uint32_t)hash & m->mask;

	for (; m->slots[i] != 0; i = (i + 1) & m->mask)
		if (m->slots[i] >> 32 == (uint32_t)hash &&
		    str_eq(m->entries[slot_entry(m->slots[i])].key, key))
			break;
	return i;
}

static void
grow(struct map *m)
{
	size_t old = m->slots == NULL ? 0 : m->mask + 1;
	size_t want = old == 0 ? 64 : old * 2;
	uint64_t *slots = xcalloc(want, sizeof(*slots));

	m->mask = want - 1;
	for (size_t o = 0; o < old; o++) {
		size_t i = m->slots[o] >> 32 & m->mask;

		if (m->slots[o] == 0)
			continue;
		while (slots[i] != 0)
			i = (i + 1) & m->mask;
		slots[i] = m->slots[o];
	}
	free(m->slots);
	m->slots = slots;
}

uint64_t *
map_get(const struct map *m, struct str key)
{
	size_t i;

	if (m->n == 0)
		return NULL;
	i = slot_of(m, key, hash_keyed(key.p, key.n));
	return m->slots[i] == 0 ? NULL
				: &m->entries[slot_entry(m->slots[i])].value;
}

uint64_t *
map_put(struct map *m, struct str key, bool *fresh)
{
	uint64_t hash = hash_keyed(key.p, key.n);
	size_t i;

	if (m->slots == NULL || (m->n + 1) * 4 > (m->mask + 1) * 3)
		grow(m);
	i = slot_of(m, key, hash);
	if (fresh != NULL)
		*fresh = m->slots[i] == 0;
	if (m->slots[i] != 0)
		return &m->entries[slot_entry(m->slots[i])].value;
	if (m->n == UINT32_MAX - 1)
		alloc_die(SIZE_MAX);
	if (m->n == m->cap) {
		m->cap = m->cap == 0 ? 32 : m->cap * 2;
		m->entries =
		    xreallocarray(m->entries, m->cap, sizeof(*m->entries));
	}
	m->entries[m->n] = (struct map_entry){ arena_dup(&m->keys, key), 0 };
	m->slots[i] = slot_make(hash, m->n);
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
	size_t i = (uint32_t)hash & m->mask, entry;

	if (m->slots == NULL)
		return SIZE_MAX;
	if (piece == MAP_SLOT) {
		__builtin_prefetch(&m->slots[i]);
		return SIZE_MAX;
	}
	while (m->slots[i] != 0 && m->slots[i] >> 32 != (uint32_t)hash)
		i = (i + 1) & m->mask;
	if (m->slots[i] == 0)
		return SIZE_MAX;
	entry = slot_entry(m->slots[i]);
	if (piece == MAP_ENTRY)
		__builtin_prefetch(&m->entries[entry]);
	else
		__builtin_prefetch(m->entries[entry].key.p);
	return entry;
}
