#include "people/reftable.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/hash.h"

struct ref_slot {
	uint64_t a;
	uint32_t b;
	uint32_t value; /* plus one; 0 is free */
};

void
ref_table_release(struct ref_table *t)
{
	free(t->slots);
	*t = (struct ref_table){ 0 };
}

static size_t
slot_of(const struct ref_table *t, struct str name, uint64_t *a, uint32_t *b)
{
	size_t i;

	*a = hash_keyed(name.p, name.n);
	*b = (uint32_t)hash_sip13(t->second, name.p, name.n);
	for (i = *a & t->mask; t->slots[i].value != 0; i = (i + 1) & t->mask)
		if (t->slots[i].a == *a && t->slots[i].b == *b)
			break;
	return i;
}

static void
rehash(struct ref_table *t)
{
	size_t want = t->slots == NULL ? 1024 : (t->mask + 1) * 2;
	struct ref_slot *slots = xcalloc(want, sizeof(*slots));

	if (t->slots == NULL) {
		uint64_t half[2] = { hash_keyed("a", 1), hash_keyed("b", 1) };

		memcpy(t->second, half, sizeof(half));
	}
	for (size_t i = 0; t->slots != NULL && i <= t->mask; i++) {
		size_t at = t->slots[i].a & (want - 1);

		if (t->slots[i].value == 0)
			continue;
		while (slots[at].value != 0)
			at = (at + 1) & (want - 1);
		slots[at] = t->slots[i];
	}
	free(t->slots);
	t->slots = slots;
	t->mask = want - 1;
}

uint32_t
ref_table_get(const struct ref_table *t, struct str name)
{
	uint64_t a;
	uint32_t b;

	if (t->slots == NULL)
		return UINT32_MAX;
	return t->slots[slot_of(t, name, &a, &b)].value - 1;
}

void
ref_table_put(struct ref_table *t, struct str name, uint32_t value)
{
	uint64_t a;
	uint32_t b;
	size_t i;

	if (t->slots == NULL || (t->n + 1) * 10 > (t->mask + 1) * 7)
		rehash(t);
	i = slot_of(t, name, &a, &b);
	if (t->slots[i].value == 0)
		t->n++;
	t->slots[i] = (struct ref_slot){ a, b, value + 1 };
}
