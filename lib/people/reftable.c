#include "people/reftable.h"

#include <string.h>

#include "core/hash.h"

enum { FIRST = 1024 }; /* slots */

static inline bool
ref_slots_free(const struct ref_slot *s)
{
	return s->value == 0;
}

static inline uint64_t
ref_slots_home(const void *none, const struct ref_slot *s)
{
	(void)none;
	return s->a;
}

static inline bool
ref_slots_is(
    const void *none, const struct ref_slot *s, const struct ref_slot *key)
{
	(void)none;
	return s->a == key->a && s->b == key->b;
}

TABLE_FUNCTIONS(
    ref_slots, struct ref_slot, const void *, const struct ref_slot *)

void
ref_table_release(struct ref_table *t)
{
	ref_slots_release(&t->slots);
	*t = (struct ref_table){ 0 };
}

static void
make_second(struct ref_table *t)
{
	uint64_t half[2] = { hash_keyed("a", 1), hash_keyed("b", 1) };

	memcpy(t->second, half, sizeof(half));
}

static struct ref_slot
key_of(const struct ref_table *t, struct str name)
{
	return (struct ref_slot){
		.a = hash_keyed(name.p, name.n),
		.b = (uint32_t)hash_sip13(t->second, name.p, name.n),
	};
}

static struct ref_slot *
slot_of(const struct ref_table *t, const struct ref_slot *key)
{
	return &t->slots.slots[ref_slots_find(&t->slots, NULL, key->a, key)];
}

uint32_t
ref_table_get(const struct ref_table *t, struct str name)
{
	struct ref_slot key;

	if (t->slots.slots == NULL)
		return UINT32_MAX;
	key = key_of(t, name);
	return slot_of(t, &key)->value - 1;
}

void
ref_table_put(struct ref_table *t, struct str name, uint32_t value)
{
	struct ref_slot key, *slot;

	if (t->slots.slots == NULL)
		make_second(t);
	ref_slots_room(&t->slots, NULL, t->n, FIRST);
	key = key_of(t, name);
	slot = slot_of(t, &key);
	t->n += slot->value == 0;
	key.value = value + 1;
	*slot = key;
}
