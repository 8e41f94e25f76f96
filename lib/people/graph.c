#include "people/graph.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "identify/keys.h"
#include "people/guards.h"

/*
 * Slots of the table hold the lower half of a key's hash and its index plus
 * one; 0 is free.  At most 7 of 10 are taken.  Texts stand in chunks that
 * never move.
 */
enum {
	CHUNK = GRAPH_CHUNK * GRAPH_UNIT,
	CHUNKS_MAX = UINT32_MAX / GRAPH_CHUNK,
	CLEARED = 1 << 13,
};

void
graph_init(struct graph *g)
{
	*g = (struct graph){ .max_degree = GRAPH_DEGREE };
	g->secret = hash_keyed("edges", 5) | 1;
	limits_default(&g->limits);
}

void
graph_release(struct graph *g)
{
	for (size_t i = 0; i < g->chunk_n; i++)
		free(g->chunks[i]);
	free(g->chunks);
	free(g->keys);
	free(g->slots);
	free(g->edges);
	free(g->sources);
	free(g->edge_slots);
	free(g->same);
	free(g->different);
	free(g->named);
	free(g->conflicts);
	map_release(&g->names);
	graph_init(g);
}

void
graph_clear(struct graph *g)
{
	if (g->mask >= CLEARED || g->edge_mask >= CLEARED || g->chunk_n > 1) {
		struct graph old = *g;

		graph_release(g);
		g->limits = old.limits;
		g->max_degree = old.max_degree;
		g->keep_records = old.keep_records;
		return;
	}
	if (g->slots != NULL)
		memset(g->slots, 0, (g->mask + 1) * sizeof(*g->slots));
	if (g->edge_slots != NULL)
		memset(g->edge_slots, 0,
		    (g->edge_mask + 1) * sizeof(*g->edge_slots));
	g->chunk_used = 0;
	map_reset(&g->names);
	g->n = 0;
	g->edge_n = g->same_n = g->different_n = g->named_n = g->conflict_n = 0;
}

static uint32_t
keep(struct graph *g, struct str s)
{
	uint16_t n = (uint16_t)s.n;
	size_t at, need = sizeof(n) + s.n;
	char *p;

	if (g->chunk_n == 0 || CHUNK - g->chunk_used < need) {
		if (g->chunk_n == CHUNKS_MAX)
			alloc_die(SIZE_MAX);
		if ((g->chunk_n & (g->chunk_n - 1)) == 0)
			g->chunks = xreallocarray(g->chunks,
			    g->chunk_n == 0 ? 1 : g->chunk_n * 2,
			    sizeof(*g->chunks));
		g->chunks[g->chunk_n++] = xmalloc(CHUNK);
		g->chunk_used = 0;
	}
	at = g->chunk_used;
	p = g->chunks[g->chunk_n - 1] + at;
	memcpy(p, &n, sizeof(n));
	memcpy(p + sizeof(n), s.p, n);
	g->chunk_used += (need + GRAPH_UNIT - 1) / GRAPH_UNIT * GRAPH_UNIT;
	return (uint32_t)((g->chunk_n - 1) * GRAPH_CHUNK + at / GRAPH_UNIT);
}

bool
graph_is_device(struct str text)
{
	ptrdiff_t colon = str_chr(text, ':');

	return colon > 0 && key_type_of(str_sub(text, 0, (size_t)colon)).device;
}

bool
graph_is_shareable(struct str text)
{
	return str_starts(text, STR("tel:")) || str_starts(text, STR("email:"));
}

/* The flags that a key has by itself. */
static uint16_t
nature(struct str text)
{
	ptrdiff_t colon = str_chr(text, ':');
	struct str type = str_sub(text, 0, (size_t)colon);
	struct str value = str_sub(text, (size_t)colon + 1, text.n);
	enum guard guard;
	uint16_t flags = 0;

	if (text.n > 0 && text.p[0] == '?')
		return KEY_CLAIM;
	if (colon <= 0)
		return 0;
	guard = guard_key(type, value);
	if (guard == GUARD_PLACEHOLDER)
		flags |= KEY_NOTHING;
	if (guard == GUARD_SHARED)
		flags |= KEY_SHARED;
	if (key_type_of(type).device)
		flags |= KEY_DEVICE;
	return flags;
}

static uint32_t
add_key(struct graph *g, struct str text)
{
	if (g->n == g->cap) {
		if (g->n >= GRAPH_NONE / 2)
			alloc_die(SIZE_MAX);
		g->cap = g->cap == 0 ? 1024 : g->cap + g->cap / 2;
		g->keys = xreallocarray(g->keys, g->cap, sizeof(*g->keys));
	}
	g->keys[g->n] = (struct graph_key){
		.since = INT64_MAX,
		.at = keep(g, text),
		.parent = g->n,
		.flags = nature(text),
		.limit = limits_of(&g->limits, text) - g->limits.v,
	};
	return g->n++;
}

static void
rehash(struct graph *g)
{
	size_t old = g->slots == NULL ? 0 : g->mask + 1;
	size_t want = old == 0 ? 4096 : old * 2;
	uint64_t *slots = xcalloc(want, sizeof(*slots));

	g->mask = want - 1;
	for (size_t i = 0; i < old; i++) {
		size_t at = g->slots[i] >> 32 & g->mask;

		if (g->slots[i] == 0)
			continue;
		while (slots[at] != 0)
			at = (at + 1) & g->mask;
		slots[at] = g->slots[i];
	}
	free(g->slots);
	g->slots = slots;
}

static uint32_t
hash_of(struct str text)
{
	return (uint32_t)hash_keyed(text.p, text.n);
}

/* The slot of the key with this hash, or the free one where it belongs. */
static size_t
slot_of(const struct graph *g, uint32_t h, struct str text)
{
	size_t at = h & g->mask;

	for (; g->slots[at] != 0; at = (at + 1) & g->mask)
		if (g->slots[at] >> 32 == h &&
		    str_eq(graph_text(g, (uint32_t)g->slots[at] - 1), text))
			break;
	return at;
}

/*
 * What a key is found by lies in three places, each known by the one before:
 * fetched for all keys at once, they cost three waits and not three for each.
 */
static void
fetch(const struct graph *g, const uint32_t *h, size_t n)
{
	uint32_t likely[GRAPH_BATCH];

	for (size_t i = 0; i < n; i++)
		__builtin_prefetch(&g->slots[h[i] & g->mask]);
	for (size_t i = 0; i < n; i++) {
		size_t at = h[i] & g->mask;

		while (g->slots[at] != 0 && g->slots[at] >> 32 != h[i])
			at = (at + 1) & g->mask;
		likely[i] = (uint32_t)g->slots[at];
		if (likely[i] != 0)
			__builtin_prefetch(&g->keys[likely[i] - 1]);
	}
	for (size_t i = 0; i < n; i++)
		if (likely[i] != 0)
			__builtin_prefetch(graph_place(g, likely[i] - 1));
}

void
graph_intern(struct graph *g, const struct str *text, size_t n, uint32_t *out)
{
	uint32_t h[GRAPH_BATCH];

	if (g->slots == NULL)
		rehash(g);
	for (size_t i = 0; i < n; i++)
		h[i] = hash_of(text[i]);
	if (n > 1)
		fetch(g, h, n);
	for (size_t i = 0; i < n; i++) {
		size_t at;

		if (((size_t)g->n + 1) * 10 > (g->mask + 1) * 7)
			rehash(g);
		at = slot_of(g, h[i], text[i]);
		if (g->slots[at] == 0)
			g->slots[at] = (uint64_t)h[i] << 32 |
				       ((uint64_t)add_key(g, text[i]) + 1);
		out[i] = (uint32_t)g->slots[at] - 1;
	}
}

uint32_t
graph_lookup(const struct graph *g, struct str text)
{
	size_t at;

	if (g->slots == NULL || text.n == 0)
		return GRAPH_NONE;
	at = slot_of(g, hash_of(text), text);
	return g->slots[at] == 0 ? GRAPH_NONE : (uint32_t)g->slots[at] - 1;
}

/* Edges. */

/* Of a pair whichever way round.  The numbers come from the order of the
 * input, and what is done to them nobody knows: no SipHash is needed. */
static size_t
edge_hash(const struct graph *g, uint32_t a, uint32_t b)
{
	uint64_t h = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;

	h = (h ^ g->secret >> 32) * g->secret;
	h = (h ^ h >> 32) * g->secret;
	return (size_t)(h ^ h >> 29) & g->edge_mask;
}

static void
rehash_edges(struct graph *g)
{
	size_t want = g->edge_slots == NULL ? 1024 : (g->edge_mask + 1) * 2;

	free(g->edge_slots);
	g->edge_slots = xcalloc(want, sizeof(*g->edge_slots));
	g->edge_mask = want - 1;
	for (size_t i = 0; i < g->edge_n; i++) {
		size_t at = edge_hash(g, g->edges[i].a, g->edges[i].b);

		while (g->edge_slots[at] != 0)
			at = (at + 1) & g->edge_mask;
		g->edge_slots[at] = (uint32_t)i + 1;
	}
}

static size_t
edge_slot(const struct graph *g, uint32_t a, uint32_t b)
{
	size_t at = edge_hash(g, a, b);

	while (g->edge_slots[at] != 0) {
		const struct graph_edge *e = &g->edges[g->edge_slots[at] - 1];

		if ((e->a == a && e->b == b) || (e->a == b && e->b == a))
			break;
		at = (at + 1) & g->edge_mask;
	}
	return at;
}

size_t
graph_edge_of(const struct graph *g, uint32_t a, uint32_t b)
{
	if (g->edge_slots == NULL)
		return SIZE_MAX;
	return (size_t)g->edge_slots[edge_slot(g, a, b)] - 1;
}

static void
count(struct graph *g, uint32_t key, uint32_t beside)
{
	struct graph_key *k = &g->keys[key];

	if ((g->keys[beside].flags & KEY_DEVICE) == 0 && k->degree < UINT16_MAX)
		k->degree++;
}

static void
add_edge(struct graph *g, uint32_t a, uint32_t b)
{
	if (g->edge_n == g->edge_cap) {
		g->edge_cap = g->edge_cap == 0 ? 256 : g->edge_cap * 3 / 2;
		g->edges =
		    xreallocarray(g->edges, g->edge_cap, sizeof(*g->edges));
		if (g->keep_records)
			g->sources = xreallocarray(
			    g->sources, g->edge_cap, sizeof(*g->sources));
	}
	g->edges[g->edge_n] = (struct graph_edge){ a, b, INT64_MAX };
	if (str_cmp(graph_text(g, a), graph_text(g, b)) > 0)
		g->edges[g->edge_n] = (struct graph_edge){ b, a, INT64_MAX };
	if (g->keep_records)
		g->sources[g->edge_n] = (struct graph_source){ 0 };
	g->edge_n++;
	count(g, a, b);
	count(g, b, a);
}

static void
set_source(struct graph_source *s, struct str record)
{
	*s = (struct graph_source){ 0 };
	memcpy(
	    s->record, record.p, record.n < ID_SIZE ? record.n : ID_SIZE - 1);
}

size_t
graph_join(
    struct graph *g, uint32_t a, uint32_t b, int64_t since, struct str record)
{
	struct graph_edge *e;
	size_t at, i;

	if (g->edge_slots == NULL ||
	    (g->edge_n + 1) * 10 > (g->edge_mask + 1) * 7)
		rehash_edges(g);
	at = edge_slot(g, a, b);
	if (g->edge_slots[at] == 0) {
		add_edge(g, a, b);
		g->edge_slots[at] = (uint32_t)g->edge_n;
	}
	i = g->edge_slots[at] - 1;
	e = &g->edges[i];
	if (g->keep_records &&
	    (since < e->since ||
		(since == e->since &&
		    str_cmp(record, str_of(g->sources[i].record)) < 0)))
		set_source(&g->sources[i], record);
	if (since < e->since)
		e->since = since;
	return i;
}

static void
beside(
    struct graph *g, uint32_t a, uint32_t b, int64_t since, struct str record)
{
	const uint16_t listed = KEY_SHARED | KEY_NOTHING;

	if (a == b)
		return;
	if (((g->keys[a].flags | g->keys[b].flags) & listed) == 0) {
		graph_join(g, a, b, since, record);
		return;
	}
	if ((g->keys[a].flags & listed) != 0)
		g->keys[a].flags |= KEY_LISTED;
	if ((g->keys[b].flags & listed) != 0)
		g->keys[b].flags |= KEY_LISTED;
}

void
graph_evidence(struct graph *g, const uint32_t *keys, size_t n, int64_t since,
    struct str record)
{
	if (n > GRAPH_TOGETHER)
		n = GRAPH_TOGETHER;
	for (size_t i = 0; i < n; i++) {
		struct graph_key *k = &g->keys[keys[i]];

		k->flags |= KEY_TRUSTED;
		if (since < k->since && (k->flags & KEY_HANDED) == 0)
			k->since = since;
	}
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++)
			beside(g, keys[i], keys[j], since, record);
}

void
graph_fetch(const struct graph *g, const uint32_t *keys, size_t n, int step)
{
	if (g->edge_slots == NULL)
		return;
	if (n > GRAPH_TOGETHER)
		n = GRAPH_TOGETHER;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++) {
			const uint32_t *slot =
			    &g->edge_slots[edge_hash(g, keys[i], keys[j])];

			if (step == 0)
				__builtin_prefetch(slot);
			else if (*slot != 0)
				__builtin_prefetch(&g->edges[*slot - 1]);
		}
}

size_t
graph_bytes(const struct graph *g)
{
	return g->n * sizeof(*g->keys) + g->chunk_n * CHUNK +
	       (g->mask + 1) * sizeof(*g->slots) +
	       g->edge_n * sizeof(*g->edges) +
	       (g->edge_mask + 1) * sizeof(*g->edge_slots);
}

void
graph_unlearn(struct graph *g)
{
	for (uint32_t i = 0; i < g->n; i++) {
		g->keys[i].since = INT64_MAX;
		g->keys[i].degree = 0;
		g->keys[i].flags &= (uint16_t) ~(KEY_TRUSTED | KEY_LISTED);
	}
	if (g->edge_slots != NULL)
		memset(g->edge_slots, 0,
		    (g->edge_mask + 1) * sizeof(*g->edge_slots));
	g->edge_n = g->named_n = 0;
}

/* Names. */

uint32_t
graph_name_intern(struct graph *g, struct str folded)
{
	uint64_t *at = map_get(&g->names, folded);

	if (at == NULL) {
		at = map_put(&g->names, folded, NULL);
		*at = g->names.n - 1;
	}
	return (uint32_t)*at;
}

void
graph_named(struct graph *g, uint32_t key, uint32_t name, struct str record)
{
	struct graph_name *to;

	if (g->named_n == g->named_cap) {
		g->named_cap = g->named_cap == 0 ? 64 : g->named_cap * 3 / 2;
		g->named =
		    xreallocarray(g->named, g->named_cap, sizeof(*g->named));
	}
	to = &g->named[g->named_n++];
	*to = (struct graph_name){ .key = key, .name = name };
	memcpy(
	    to->record, record.p, record.n < ID_SIZE ? record.n : ID_SIZE - 1);
}
