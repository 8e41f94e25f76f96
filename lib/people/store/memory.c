/*
 * The store of one run: the graph has all of its people, so a person's last
 * conversation stands with their oldest key.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/time.h"
#include "people/reftable.h"
#include "people/store/storeparts.h"

enum { WEAK = 1u << 31 }; /* of a reference's value: only mentioned */

struct memory {
	struct store base; /* first */
	struct ref_table refs; /* of places, too */
};

static struct memory *
memory_of(struct store *s)
{
	return (struct memory *)s;
}

static void
memory_close(struct store *s)
{
	ref_table_release(&memory_of(s)->refs);
	free(s);
}

static int
memory_put_conversation(struct store *s, const struct conversation *c,
    uint32_t *number, struct err *e)
{
	(void)e;
	*number = store_meet(s, c);
	return 0;
}

static void
memory_continued(struct store *s, uint32_t number, int64_t t, uint8_t channel,
    struct str place)
{
	struct conversation *c = &s->v[number];

	if (t != TIME_NONE && (c->last == TIME_NONE || t >= c->last)) {
		c->last = t;
		c->channel = channel;
	}
	if (place.p != NULL)
		ref_table_put(&memory_of(s)->refs, place, number);
}

/* The last conversation of a person, plus one. */
static uint32_t *
last_of_key(const struct store *s, uint32_t key)
{
	return &s->g->keys[graph_root(s->g, key)].person;
}

static void
memory_continued_person(struct store *s, uint32_t number, uint32_t key)
{
	*last_of_key(s, key) = number + 1;
}

static int
memory_ref(
    struct store *s, struct str ref, struct store_ref *out, struct err *e)
{
	uint32_t v = ref_table_get(&memory_of(s)->refs, ref);

	(void)e;
	if (v == UINT32_MAX)
		return 0;
	*out = (struct store_ref){ v & ~WEAK, (v & WEAK) != 0 };
	return 1;
}

static int
memory_put_ref(struct store *s, struct str ref, struct store_ref to,
    struct str message, struct err *e)
{
	(void)message, (void)e;
	ref_table_put(
	    &memory_of(s)->refs, ref, to.number | (to.weak ? WEAK : 0));
	return 0;
}

static int
last_of(const struct store *s, uint32_t number, struct store_last *out)
{
	const struct conversation *c = &s->v[number];

	*out = (struct store_last){ number, c->channel, c->last };
	return 1;
}

static int
memory_last_of_person(struct store *s, uint32_t key, int64_t t,
    struct store_last *out, struct err *e)
{
	uint32_t before = *last_of_key(s, key);

	(void)t, (void)e;
	return before == 0 ? 0 : last_of(s, before - 1, out);
}

static int
memory_last_of_place(struct store *s, struct str place, int64_t t,
    struct store_last *out, struct err *e)
{
	struct store_ref ref;

	(void)t;
	return memory_ref(s, place, &ref, e) == 0 ? 0
						  : last_of(s, ref.number, out);
}

static void
memory_fetch(const struct store *s, const uint32_t *keys, size_t n, int step)
{
	const struct graph_key *all = s->g->keys;

	for (size_t i = 0; i < n; i++) {
		const struct graph_key *k = &all[keys[i]];
		uint32_t before;

		if (step == 0) {
			__builtin_prefetch(k);
			continue;
		}
		if (step == 1) {
			__builtin_prefetch(&all[k->parent]);
			continue;
		}
		before = all[k->parent].person;
		__builtin_prefetch(graph_place(s->g, k->parent));
		if (before != 0 && before <= s->n)
			__builtin_prefetch(&s->v[before - 1], 1);
	}
}

static const struct store_ops ops = {
	.close = memory_close,
	.put_conversation = memory_put_conversation,
	.continued = memory_continued,
	.continued_person = memory_continued_person,
	.ref = memory_ref,
	.put_ref = memory_put_ref,
	.last_of_person = memory_last_of_person,
	.last_of_place = memory_last_of_place,
	.fetch = memory_fetch,
};

struct store *
memory_open(void)
{
	struct memory *m = xcalloc(1, sizeof(*m));

	m->base.ops = &ops;
	return &m->base;
}
