#include "identity/graph.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "identity/guards.h"
#include "identity/keys.h"

/*
 * Slots of the table hold the upper half of a key's hash and its index plus
 * one; 0 is free.  At most 7 of 10 are taken.  Texts stand in chunks that
 * never move.
 */
enum { CHUNK = 1 << 20, BATCH = 64, CLEARED = 1 << 13 };

void
graph_init(struct graph *g)
{
	*g = (struct graph){ .max_degree = GRAPH_DEGREE };
	limits_default(&g->limits);
}

void
graph_release(struct graph *g)
{
	for (size_t i = 0; i < g->owned_n; i++)
		free(g->owned[i]);
	free(g->owned);
	free(g->keys);
	free(g->slots);
	free(g->edges);
	free(g->sources);
	free(g->edge_slots);
	free(g->same);
	free(g->different);
	free(g->named);
	free(g->doubts);
	map_release(&g->names);
	graph_init(g);
}

void
graph_clear(struct graph *g)
{
	if (g->mask >= CLEARED || g->edge_mask >= CLEARED || g->owned_n > 1) {
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
	if (g->owned_n > 0) {
		g->chunk = g->owned[0];
		g->chunk_left = CHUNK;
	}
	map_reset(&g->names);
	g->n = 0;
	g->edge_n = g->same_n = g->different_n = g->named_n = g->doubt_n = 0;
}

static const char *
keep(struct graph *g, struct str s)
{
	char *p;

	if (g->chunk_left < s.n) {
		g->chunk = xmalloc(CHUNK);
		g->chunk_left = CHUNK;
		if ((g->owned_n & (g->owned_n - 1)) == 0)
			g->owned = xreallocarray(g->owned,
			    g->owned_n == 0 ? 1 : g->owned_n * 2,
			    sizeof(*g->owned));
		g->owned[g->owned_n++] = g->chunk;
	}
	p = g->chunk;
	memcpy(p, s.p, s.n);
	g->chunk += s.n;
	g->chunk_left -= s.n;
	return p;
}

bool
graph_is_device(struct str text)
{
	ptrdiff_t colon = str_chr(text, ':');

	return colon > 0 &&
	       key_type_of(str_sub(text, 0, (size_t)colon))->device;
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
	if (key_type_of(type)->device)
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
		.text = keep(g, text),
		.since = INT64_MAX,
		.parent = g->n,
		.n = (uint16_t)text.n,
		.flags = nature(text),
	};
	return g->n++;
}

static void
rehash(struct graph *g)
{
	size_t want = g->slots == NULL ? 4096 : (g->mask + 1) * 2;
	uint64_t *slots = xcalloc(want, sizeof(*slots));

	for (uint32_t i = 0; i < g->n; i++) {
		uint64_t h = hash_keyed(g->keys[i].text, g->keys[i].n);
		size_t at = h & (want - 1);

		while (slots[at] != 0)
			at = (at + 1) & (want - 1);
		slots[at] = (h & ~UINT64_C(0xffffffff)) | (i + 1);
	}
	free(g->slots);
	g->slots = slots;
	g->mask = want - 1;
}

/* The slot of the key with this hash, or the free one where it belongs. */
static size_t
slot_of(const struct graph *g, uint64_t h, struct str text)
{
	size_t at = h & g->mask;

	for (; g->slots[at] != 0; at = (at + 1) & g->mask) {
		const struct graph_key *k;

		if ((g->slots[at] ^ h) >> 32 != 0)
			continue;
		k = &g->keys[(uint32_t)g->slots[at] - 1];
		if (k->n == text.n && memcmp(k->text, text.p, text.n) == 0)
			break;
	}
	return at;
}

void
graph_intern(struct graph *g, const struct str *text, size_t n, uint32_t *out)
{
	uint64_t h[BATCH];

	if (g->slots == NULL)
		rehash(g);
	for (size_t i = 0; i < n; i++) {
		h[i] = hash_keyed(text[i].p, text[i].n);
		__builtin_prefetch(&g->slots[h[i] & g->mask]);
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t slot = g->slots[h[i] & g->mask];

		if (slot != 0)
			__builtin_prefetch(&g->keys[(uint32_t)slot - 1]);
	}
	for (size_t i = 0; i < n; i++) {
		size_t at;

		if (((size_t)g->n + 1) * 10 > (g->mask + 1) * 7)
			rehash(g);
		at = slot_of(g, h[i], text[i]);
		if (g->slots[at] == 0)
			g->slots[at] = (h[i] & ~UINT64_C(0xffffffff)) |
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
	at = slot_of(g, hash_keyed(text.p, text.n), text);
	return g->slots[at] == 0 ? GRAPH_NONE : (uint32_t)g->slots[at] - 1;
}

/* Edges. */

static uint64_t
edge_hash(uint32_t a, uint32_t b)
{
	uint64_t pair = (uint64_t)a << 32 | b;

	return hash_keyed(&pair, sizeof(pair));
}

static void
rehash_edges(struct graph *g)
{
	size_t want = g->edge_slots == NULL ? 1024 : (g->edge_mask + 1) * 2;

	free(g->edge_slots);
	g->edge_slots = xcalloc(want, sizeof(*g->edge_slots));
	g->edge_mask = want - 1;
	for (size_t i = 0; i < g->edge_n; i++) {
		size_t at =
		    edge_hash(g->edges[i].a, g->edges[i].b) & g->edge_mask;

		while (g->edge_slots[at] != 0)
			at = (at + 1) & g->edge_mask;
		g->edge_slots[at] = (uint32_t)i + 1;
	}
}

static size_t
edge_slot(const struct graph *g, uint32_t a, uint32_t b)
{
	size_t at = edge_hash(a, b) & g->edge_mask;

	while (g->edge_slots[at] != 0) {
		const struct graph_edge *e = &g->edges[g->edge_slots[at] - 1];

		if (e->a == a && e->b == b)
			break;
		at = (at + 1) & g->edge_mask;
	}
	return at;
}

static void
order(const struct graph *g, uint32_t *a, uint32_t *b)
{
	uint32_t t = *a;

	if (str_cmp(graph_text(g, *a), graph_text(g, *b)) > 0) {
		*a = *b;
		*b = t;
	}
}

size_t
graph_edge_of(const struct graph *g, uint32_t a, uint32_t b)
{
	if (g->edge_slots == NULL)
		return SIZE_MAX;
	order(g, &a, &b);
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
	order(g, &a, &b);
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
		g->keys[a].flags |= KEY_HELD;
	if ((g->keys[b].flags & listed) != 0)
		g->keys[b].flags |= KEY_HELD;
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
