#include "recall/peopletable.h"

#include <string.h>

#include "core/hash.h"

enum { FIRST = 64, LINE = 64 }; /* slots; bytes that are fetched at once */

struct id_probe {
	struct str id;
	uint64_t hash;
};

static inline bool
person_slots_free(const struct person_slot *s)
{
	return s->person == NULL;
}

static inline uint64_t
person_slots_home(const void *none, const struct person_slot *s)
{
	(void)none;
	return s->hash;
}

static inline bool
person_slots_is(
    const void *none, const struct person_slot *s, struct id_probe p)
{
	(void)none;
	return s->hash == p.hash && str_eq(s->person->id, p.id);
}

TABLE_FUNCTIONS(person_slots, struct person_slot, const void *, struct id_probe)

void
people_release(struct people *p)
{
	person_slots_release(&p->table);
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

	if (p->table.slots == NULL)
		return NULL;
	s = &p->table.slots[hash & p->table.mask];
	if (s->hash != hash || s->person == NULL)
		return NULL;
	/* The id stands behind. */
	for (size_t i = 0; i <= size; i += LINE)
		__builtin_prefetch((const char *)s->person + i);
	return s->person;
}

static struct person_slot *
slot_of(const struct people *p, struct str id, uint64_t hash)
{
	struct id_probe probe = { id, hash };

	return &p->table.slots[person_slots_find(&p->table, NULL, hash, probe)];
}

struct person *
people_get(const struct people *p, struct str id, uint64_t hash)
{
	return p->table.slots == NULL ? NULL : slot_of(p, id, hash)->person;
}

struct person *
people_put(
    struct people *p, struct str id, uint64_t hash, size_t size, bool *fresh)
{
	struct person_slot *s;
	char *name;

	person_slots_room(&p->table, NULL, p->n, FIRST);
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
