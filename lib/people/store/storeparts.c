#include "people/store/storeparts.h"

#include <stdlib.h>

#include "core/vec.h"

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
	vec_add(s, *c);
	return (uint32_t)s->n - 1;
}

const struct conversation *
store_conversation(const struct store *s, uint32_t number)
{
	return &s->v[number];
}

void
store_list(struct store *s, uint32_t number)
{
	struct conversation *c = &s->v[number];
	uint32_t *at;

	if (c->owner == GRAPH_NONE)
		return;
	at = store_first(s, c->owner);
	while (*at != 0 && *at != number + 1)
		at = &s->v[*at - 1].next;
	if (*at != 0)
		return;
	c->next = 0;
	*at = number + 1;
}

static struct str
bytes_of(const uint32_t *root)
{
	return str_make((const char *)root, sizeof(*root));
}

void
store_list_guest(struct store *s, uint32_t number, uint32_t key, int64_t t)
{
	uint32_t root = graph_root(s->g, key);
	uint64_t *first = map_put(&s->guest_of, bytes_of(&root), NULL);

	for (uint64_t i = *first; i != 0; i = s->guests.v[i - 1].next) {
		struct guest *x = &s->guests.v[i - 1];

		if (x->number != number)
			continue;
		x->asked = t > x->asked ? t : x->asked;
		return;
	}
	vec_add(&s->guests, (struct guest){ number, (uint32_t)*first, t });
	*first = s->guests.n;
}

/* Where the person's message is among those that were not answered. */
static void
listed_guests(const struct store *s, uint32_t key, struct store_numbers *out)
{
	uint32_t root = graph_root(s->g, key);
	const uint64_t *first = map_get(&s->guest_of, bytes_of(&root));

	for (uint64_t i = first == NULL ? 0 : *first; i != 0;
	     i = s->guests.v[i - 1].next) {
		const struct guest *x = &s->guests.v[i - 1];
		int64_t waiting = s->v[x->number].waiting;

		if (waiting != TIME_NONE && x->asked >= waiting)
			vec_add(out, x->number);
	}
}

void
store_listed(struct store *s, uint32_t key, struct store_numbers *out)
{
	uint32_t *at = store_first(s, key);

	for (bool first = true; *at != 0; first = false) {
		struct conversation *c = &s->v[*at - 1];

		if (c->waiting != TIME_NONE) {
			vec_add(out, *at - 1);
		} else if (!first) {
			*at = c->next;
			continue;
		}
		at = &c->next;
	}
	if (s->guests.n > 0)
		listed_guests(s, key, out);
}
