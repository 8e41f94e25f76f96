#include "core/map.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/hash.h"

/* Slots hold an entry's index plus one; 0 is free.  Open addressing, at most
 * three quarters full. */

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
		size_t i = hash_keyed(key.p, key.n) & m->mask;

		while (m->slots[i] != (uint32_t)e + 1)
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
slot_of(const struct map *m, struct str key)
{
	size_t i = hash_keyed(key.p, key.n) & m->mask;

	while (
	    m->slots[i] != 0 && !str_eq(m->entries[m->slots[i] - 1].key, key))
		i = (i + 1) & m->mask;
	return i;
}

static void
rehash(struct map *m)
{
	size_t want = m->slots == NULL ? 64 : (m->mask + 1) * 2;

	free(m->slots);
	m->slots = xcalloc(want, sizeof(*m->slots));
	m->mask = want - 1;
	for (size_t i = 0; i < m->n; i++)
		m->slots[slot_of(m, m->entries[i].key)] = (uint32_t)i + 1;
}

uint64_t *
map_get(const struct map *m, struct str key)
{
	size_t i;

	if (m->n == 0)
		return NULL;
	i = slot_of(m, key);
	return m->slots[i] == 0 ? NULL : &m->entries[m->slots[i] - 1].value;
}

uint64_t *
map_put(struct map *m, struct str key, bool *fresh)
{
	size_t i;

	if (m->slots == NULL || (m->n + 1) * 4 > (m->mask + 1) * 3)
		rehash(m);
	i = slot_of(m, key);
	if (fresh != NULL)
		*fresh = m->slots[i] == 0;
	if (m->slots[i] != 0)
		return &m->entries[m->slots[i] - 1].value;
	if (m->n == UINT32_MAX - 1)
		alloc_die(SIZE_MAX);
	if (m->n == m->cap) {
		m->cap = m->cap == 0 ? 32 : m->cap * 2;
		m->entries =
		    xreallocarray(m->entries, m->cap, sizeof(*m->entries));
	}
	m->entries[m->n] = (struct map_entry){ arena_dup(&m->keys, key), 0 };
	m->slots[i] = (uint32_t)++m->n;
	return &m->entries[m->n - 1].value;
}
