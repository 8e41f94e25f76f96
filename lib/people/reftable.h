#ifndef KITH_PEOPLE_REFTABLE_H
#define KITH_PEOPLE_REFTABLE_H
/*
 * From references to the numbers of conversations, in memory.  It does not
 * hold the references: 96 bits of keyed
 * hashes stand for one.
 */
#include "core/table.h"

struct ref_slot {
	uint64_t a;
	uint32_t b;
	uint32_t value; /* plus one; 0 is free */
};
struct ref_slots TABLE(struct ref_slot);

struct ref_table {
	struct ref_slots slots;
	size_t n;
	uint8_t second[16]; /* the key of b */
};

void ref_table_release(struct ref_table *t);
/* The value, or UINT32_MAX. */
uint32_t ref_table_get(const struct ref_table *t, struct str name);
void ref_table_put(struct ref_table *t, struct str name, uint32_t value);

#endif
