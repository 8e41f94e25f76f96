#include "core/idset.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/hash.h"

void
seen_release(struct seen *s)
{
	free(s->slots);
	*s = (struct seen){ 0 };
}

/* The lowest bit of a hash says nothing: it keeps them from being 0. */
static size_t
slot_of(const uint64_t *slots, size_t mask, uint64_t h)
{
	size_t i = (h >> 1) & mask;

	while (slots[i] != 0 && slots[i] != h)
		i = (i + 1) & mask;
	return i;
}

static void
grow(struct seen *s)
{
	size_t want = s->slots == NULL ? 4096 : (s->mask + 1) * 2;
	uint64_t *slots = xcalloc(want, sizeof(*slots));

	for (size_t i = 0; s->slots != NULL && i <= s->mask; i++)
		if (s->slots[i] != 0)
			slots[slot_of(slots, want - 1, s->slots[i])] =
			    s->slots[i];
	free(s->slots);
	s->slots = slots;
	s->mask = want - 1;
}

uint64_t
seen_hash(struct str id)
{
	return hash_keyed(id.p, id.n) | 1; /* 0 is a free slot */
}

void
seen_fetch(const struct seen *s, uint64_t hash)
{
	if (s->slots != NULL)
		__builtin_prefetch(&s->slots[hash >> 1 & s->mask]);
}

bool
seen_first(struct seen *s, uint64_t hash)
{
	size_t i;

	if (s->slots == NULL || (s->n + 1) * 10 > (s->mask + 1) * 7)
		grow(s);
	i = slot_of(s->slots, s->mask, hash);
	if (s->slots[i] == hash)
		return false;
	s->slots[i] = hash;
	s->n++;
	return true;
}

bool
seen_has(const struct seen *s, uint64_t hash)
{
	return s->slots != NULL &&
	       s->slots[slot_of(s->slots, s->mask, hash)] == hash;
}
