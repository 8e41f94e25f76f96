#ifndef KITH_RECALL_PEOPLETABLE_H
#define KITH_RECALL_PEOPLETABLE_H
/*
 * People by their ids, for those who look one up for each record: a table of
 * pointers to their structs, which begin with struct person.  A look-up reads
 * two places of memory that are far from everything else; both can be fetched
 * ahead, while there is something else to do.
 */
#include "core/arena.h"
#include "core/table.h"

struct person {
	struct str id;
};

struct person_slot {
	uint64_t hash;
	struct person *person; /* NULL: free */
};

struct person_slots TABLE(struct person_slot);

/* A zeroed struct people is ready. */
struct people {
	struct person_slots table;
	size_t n;
	struct arena arena; /* the structs, each before its id */
};

/* Forgets all; what the structs hold is to be released before. */
void people_release(struct people *p);
uint64_t people_hash(struct str id);
/* Fetches the first place. */
static inline void
people_foresee(const struct people *p, uint64_t hash)
{
	if (p->table.slots != NULL)
		__builtin_prefetch(&p->table.slots[hash & p->table.mask]);
}
/* Fetches the second place, size bytes of it, of whoever is likely meant. */
struct person *
people_likely(const struct people *p, uint64_t hash, size_t size);
struct person *people_get(const struct people *p, struct str id, uint64_t hash);
/* The same, made of so many zeros where it is not there; *fresh tells. */
struct person *people_put(
    struct people *p, struct str id, uint64_t hash, size_t size, bool *fresh);

#endif
