#include "recall/peopletable.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/hash.h"

enum { FIRST = 64, LINE = 64 }; /* slots; bytes that are fetched at once */

void
people_release(struct people *p)
{
	free(p->slots);
	arena_release(&p->arena);
	*p = (struct people){ 0 };
}

uint64_t
people_hash(struct str id)
{
	return hash_keyed(id.p, id.n);
}

struct person *
people_likely(const struct people *p, uint64_t hash, size_t size)
{
	const struct person_slot *s;

	if (p->slots == NULL)
		return NULL;
	s = &p->slots[hash & p->mask];
	if (s->hash != hash || s->person == NULL)
		return NULL;
	/* The id stands behind. */
	for (size_t i = 0; i <= size; i += LINE)
		__builtin_prefetch((const char *)s->person + i);
	return s->person;
}

/* The slot of the id, or the free one where it belongs. */
static struct person_slot *
slot_of(const struct people *p, struct str id, uint64_t hash)
{
	size_t i = hash & p->mask;

	for (; p->slots[i].person != NULL; i = (i + 1) & p->mask)
		if (p->slots[i].hash == hash &&
		    str_eq(p->slots[i].person->id, id))
			break;
	return &p->slots[i];
}

struct person *
people_get(const struct people *p, struct str id, uint64_t hash)
{
	return p->slots == NULL ? NULL : slot_of(p, id, hash)->person;
}

static void
grow(struct people *p)
{
	size_t old = p->slots == NULL ? 0 : p->mask + 1;
	size_t want = old == 0 ? FIRST : old * 2;
	struct person_slot *slots = xcalloc(want, sizeof(*slots));

	p->mask = want - 1;
	for (size_t o = 0; o < old; o++) {
		size_t i = p->slots[o].hash & p->mask;

		if (p->slots[o].person == NULL)
			continue;
		while (slots[i].person != NULL)
			i = (i + 1) & p->mask;
		slots[i] = p->slots[o];
	}
	free(p->slots);
	p->slots = slots;
}

struct person *
people_put(
    struct people *p, struct str id, uint64_t hash, size_t size, bool *fresh)
{
	struct person_slot *s;
	char *name;

	if (p->slots == NULL || (p->n + 1) * 3 > (p->mask + 1) * 2)
		grow(p);
	s = slot_of(p, id, hash);
	*fresh = s->person == NULL;
	if (!*fresh)
		return s->person;
	s->hash = hash;
	s->person = arena_calloc(&p->arena, 1, size + id.n + 1);
	name = (char *)s->person + size;
	if (id.n > 0)
		memcpy(name, id.p, id.n);
	s->person->id = str_make(name, id.n);
	p->n++;
	return s->person;
}
