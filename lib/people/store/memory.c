/*
 * The store of one run: the graph has all of its people, so a person's last
 * conversation stands with their oldest key.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/time.h"
#include "people/store/memory.h"

/* Of a reference's value: only mentioned; one of us wrote it. */
enum { WEAK = 1u << 31, OURS = 1u << 30 };

static void
memory_close(struct store *s)
{
	ref_table_release(&memory_of(s)->refs);
	idset_release(&memory_of(s)->participants);
	memory_waiting_release(memory_of(s));
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

/* Takes it out of a person's list. */
static void
unlink_from(struct store *s, uint32_t *first, uint32_t number)
{
	uint32_t *at = first;

	while (*at != 0 && *at != number + 1)
		at = &s->v[*at - 1].next;
	if (*at != 0)
		*at = s->v[number].next;
}

/* What was all kept apart is not the last one of anybody, and stands first only
 * where there is no other. */
static int
memory_continued_person(
    struct store *s, uint32_t number, uint32_t key, struct err *e)
{
	uint32_t *first = store_first(s, key), rest;

	(void)e;
	s->v[number].aside = false;
	if (*first == number + 1)
		return 0;
	unlink_from(s, first, number);
	rest = *first;
	if (rest != 0 && s->v[rest - 1].waiting == TIME_NONE)
		rest = s->v[rest - 1].next;
	s->v[number].next = rest;
	*first = number + 1;
	return 0;
}

static uint64_t
participant(const struct store *s, uint32_t number, uint32_t key)
{
	uint32_t both[2] = { number, graph_root(s->g, key) };

	return idset_hash(str_make((const char *)both, sizeof(both)));
}

static int
memory_put_participant(
    struct store *s, uint32_t number, struct str key, int64_t t, struct err *e)
{
	uint32_t k = graph_lookup(s->g, key);

	(void)t, (void)e;
	if (k != GRAPH_NONE)
		idset_add(
		    &memory_of(s)->participants, participant(s, number, k));
	return 0;
}

static int
memory_is_participant(
    struct store *s, uint32_t number, uint32_t key, int64_t t, struct err *e)
{
	(void)t, (void)e;
	return idset_has(
	    &memory_of(s)->participants, participant(s, number, key));
}

static int
memory_guest_spoke(struct store *s, uint32_t number, uint32_t key, int64_t t,
    bool asks, struct err *e)
{
	(void)e;
	if (asks)
		store_list_guest(s, number, key, t);
	return 0;
}

static int
memory_ref(
    struct store *s, struct str ref, struct store_ref *out, struct err *e)
{
	uint32_t v = ref_table_get(&memory_of(s)->refs, ref);

	(void)e;
	if (v == UINT32_MAX)
		return 0;
	*out = (struct store_ref){ v & ~(WEAK | OURS), (v & WEAK) != 0,
		(v & OURS) != 0 };
	return 1;
}

static int
memory_put_ref(struct store *s, struct str ref, struct store_ref to,
    struct str message, struct err *e)
{
	(void)message, (void)e;
	ref_table_put(&memory_of(s)->refs, ref,
	    to.number | (to.weak ? WEAK : 0) | (to.ours ? OURS : 0));
	return 0;
}

static int
memory_last_of(struct store *s, uint32_t number, int64_t t,
    struct store_last *out, struct err *e)
{
	const struct conversation *c = &s->v[number];

	(void)t, (void)e;
	*out = (struct store_last){ number, c->channel, c->last };
	return 1;
}

static int
memory_last_of_person(struct store *s, uint32_t key, int64_t t,
    struct store_last *out, struct err *e)
{
	uint32_t first = *store_first(s, key);

	if (first == 0 || s->v[first - 1].aside)
		return 0;
	return memory_last_of(s, first - 1, t, out, e);
}

static int
memory_last_of_place(struct store *s, struct str place, int64_t t,
    struct store_last *out, struct err *e)
{
	struct store_ref ref;

	return memory_ref(s, place, &ref, e) == 0
		   ? 0
		   : memory_last_of(s, ref.number, t, out, e);
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
	.asked = memory_asked,
	.answered = memory_answered,
	.done = memory_done,
	.reopened = memory_reopened,
	.joined = memory_joined,
	.unasked = memory_unasked,
	.failed = memory_failed,
	.put_failed = memory_put_failed,
	.has_failed = memory_has_failed,
	.put_participant = memory_put_participant,
	.is_participant = memory_is_participant,
	.guest_spoke = memory_guest_spoke,
	.was_answered = memory_was_answered,
	.waiting = memory_waiting,
	.last_of = memory_last_of,
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
