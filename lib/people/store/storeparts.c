#include "people/store/storeparts.h"

#include <stdlib.h>

#include "core/alloc.h"

/* Ids of people are hashes: those that come often are kept. */
enum { IDS_KEPT = 1 << 14 };

struct person_id {
	char id[ID_SIZE];
	uint32_t root, era;
};

struct str
store_person(struct store *s, uint32_t key)
{
	uint32_t root = graph_root(s->g, key);
	struct person_id *k;

	if (s->ids == NULL)
		s->ids = xcalloc(IDS_KEPT, sizeof(*s->ids));
	k = &s->ids[root % IDS_KEPT];
	if (k->root != root || k->era != s->era) {
		graph_person_id(s->g, root, k->id);
		k->root = root;
		k->era = s->era;
	}
	return str_make(k->id, ID_SIZE - 1);
}

uint32_t
store_meet(struct store *s, const struct conversation *c)
{
	if (s->n == s->cap) {
		s->cap = s->cap == 0 ? 256 : s->cap * 3 / 2;
		s->v = xreallocarray(s->v, s->cap, sizeof(*s->v));
	}
	s->v[s->n] = *c;
	return s->n++;
}

const struct conversation *
store_conversation(const struct store *s, uint32_t number)
{
	return &s->v[number];
}
