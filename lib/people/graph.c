#include "people/graph.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "identify/keys.h"
#include "people/guards.h"

/* Texts stand in chunks that never move. */
enum {
	CHUNK = GRAPH_CHUNK * GRAPH_UNIT,
	CHUNKS_MAX = UINT32_MAX / GRAPH_CHUNK,
	CLEARED = 1 << 13,
	KEY_SLOTS = 4096, /* at first */
	EDGE_SLOTS = 1024,
};

/* A key's text, and the half of its hash that slots hold. */
struct text_probe {
	struct str text;
	uint32_t half;
};

static inline bool
key_slots_free(const uint64_t *slot)
{
	return *slot == 0;
}

static inline uint64_t
key_slots_home(const struct graph *g, const uint64_t *slot)
{
	(void)g;
	return *slot >> 32;
}

static inline bool
key_slots_is(const struct graph *g, const uint64_t *slot, struct text_probe p)
{
	return *slot >> 32 == p.half &&
	       str_eq(graph_text(g, (uint32_t)*slot - 1), p.text);
}

TABLE_FUNCTIONS(key_slots, uint64_t, const struct graph *, struct text_probe)

/* Of a pair whichever way round.  The numbers come from the order of the
 * input, and what is done to them nobody knows: no SipHash is needed. */
static inline uint64_t
edge_hash(const struct graph *g, uint32_t a, uint32_t b)
{
	uint64_t h = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;

	h = (h ^ g->secret >> 32) * g->secret;
	h = (h ^ h >> 32) * g->secret;
	return h ^ h >> 29;
}

static inline bool
edge_slots_free(const uint32_t *slot)
{
	return *slot == 0;
}

static inline uint64_t
edge_slots_home(const struct graph *g, const uint32_t *slot)
{
	const struct graph_edge *e = &g->edges[*slot - 1];

	return edge_hash(g, e->a, e->b);
}

static inline bool
edge_slots_is(
    const struct graph *g, const uint32_t *slot, struct graph_pair pair)
{
	const struct graph_edge *e = &g->edges[*slot - 1];

	return (e->a == pair.a && e->b == pair.b) ||
	       (e->a == pair.b && e->b == pair.a);
}

TABLE_FUNCTIONS(edge_slots, uint32_t, const struct graph *, struct graph_pair)

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
	key_slots_release(&g->slots);
	free(g->edges);
	free(g->sources);
	edge_slots_release(&g->edge_slots);
	vec_release(&g->same);
	vec_release(&g->different);
	free(g->named);
	free(g->conflicts);
	map_release(&g->names);
	graph_init(g);
}

void
graph_clear(struct graph *g)
{
	if (g->slots.mask >= CLEARED || g->edge_slots.mask >= CLEARED ||
	    g->chunk_n > 1) {
		struct graph old = *g;

		graph_release(g);
		g->limits = old.limits;
		g->max_degree = old.max_degree;
		g->keep_records = old.keep_records;
		return;
	}
	key_slots_clear(&g->slots);
	edge_slots_clear(&g->edge_slots);
	g->chunk_used = 0;
	map_reset(&g->names);
	g->n = 0;
	g->edge_n = g->same.n = g->different.n = g->named_n = g->conflict_n = 0;
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
		vec_hold(g->chunks, g->chunk_n, g->chunk_cap, 1);
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
	if (g->n >= GRAPH_NONE / 2)
		alloc_die(SIZE_MAX);
	vec_hold(g->keys, g->n, g->cap, 1);
	g->keys[g->n] = (struct graph_key){
		.since = INT64_MAX,
		.at = keep(g, text),
		.parent = g->n,
		.flags = nature(text),
		.limit = limits_of(&g->limits, text) - g->limits.v,
	};
	return g->n++;
}

static uint32_t
hash_of(struct str text)
{
	return (uint32_t)hash_keyed(text.p, text.n);
}

static uint64_t *
slot_of(const struct graph *g, uint32_t half, struct str text)
{
	struct text_probe p = { text, half };

	return &g->slots.slots[key_slots_find(&g->slots, g, half, p)];
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
		key_slots_fetch(&g->slots, h[i]);
	for (size_t i = 0; i < n; i++) {
		size_t at = h[i] & g->slots.mask;

		while (
		    g->slots.slots[at] != 0 && g->slots.slots[at] >> 32 != h[i])
			at = (at + 1) & g->slots.mask;
		likely[i] = (uint32_t)g->slots.slots[at];
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

	key_slots_room(&g->slots, g, g->n, KEY_SLOTS);
	for (size_t i = 0; i < n; i++)
		h[i] = hash_of(text[i]);
	if (n > 1)
		fetch(g, h, n);
	for (size_t i = 0; i < n; i++) {
		uint64_t *slot;

		key_slots_room(&g->slots, g, g->n, KEY_SLOTS);
		slot = slot_of(g, h[i], text[i]);
		if (*slot == 0)
			*slot = (uint64_t)h[i] << 32 |
				((uint64_t)add_key(g, text[i]) + 1);
		out[i] = (uint32_t)*slot - 1;
	}
}

uint32_t
graph_lookup(const struct graph *g, struct str text)
{
	if (g->slots.slots == NULL || text.n == 0)
		return GRAPH_NONE;
	/* Of a free slot that is GRAPH_NONE. */
	return (uint32_t)*slot_of(g, hash_of(text), text) - 1;
}

/* Edges. */

static uint32_t *
edge_slot(const struct graph *g, uint32_t a, uint32_t b)
{
	struct graph_pair pair = { a, b };

	return &g->edge_slots.slots[edge_slots_find(
	    &g->edge_slots, g, edge_hash(g, a, b), pair)];
}

size_t
graph_edge_of(const struct graph *g, uint32_t a, uint32_t b)
{
	if (g->edge_slots.slots == NULL)
		return SIZE_MAX;
	return (size_t)*edge_slot(g, a, b) - 1;
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
	vec_hold(g->edges, g->edge_n, g->edge_cap, 1);
	if (g->keep_records)
		vec_hold(g->sources, g->edge_n, g->source_cap, 1);
	if (str_cmp(graph_text(g, a), graph_text(g, b)) > 0) {
		uint32_t swap = a;

		a = b;
		b = swap;
	}
	g->edges[g->edge_n] = (struct graph_edge){
		.a = a, .b = b, .profile = 1, .since = INT64_MAX
	};
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
graph_join(struct graph *g, uint32_t a, uint32_t b, bool profile, int64_t since,
    struct str record)
{
	struct graph_edge *e;
	uint32_t *slot;
	size_t i;

	edge_slots_room(&g->edge_slots, g, g->edge_n, EDGE_SLOTS);
	slot = edge_slot(g, a, b);
	if (*slot == 0) {
		add_edge(g, a, b);
		*slot = (uint32_t)g->edge_n;
	}
	i = *slot - 1;
	e = &g->edges[i];
	if (g->keep_records &&
	    (since < e->since ||
		(since == e->since &&
		    str_cmp(record, str_of(g->sources[i].record)) < 0)))
		set_source(&g->sources[i], record);
	if (since < e->since)
		e->since = since;
	if (e->profile != 0 && !profile) {
		e->profile = 0;
		if (g->keep_records)
			g->sources[i].stored = false;
	}
	return i;
}

static void
beside(struct graph *g, uint32_t a, uint32_t b, bool profile, int64_t since,
    struct str record)
{
	const uint16_t listed = KEY_SHARED | KEY_NOTHING;

	if (a == b)
		return;
	if (((g->keys[a].flags | g->keys[b].flags) & listed) == 0) {
		graph_join(g, a, b, profile, since, record);
		return;
	}
	if ((g->keys[a].flags & listed) != 0)
		g->keys[a].flags |= KEY_LISTED;
	if ((g->keys[b].flags & listed) != 0)
		g->keys[b].flags |= KEY_LISTED;
}

bool
graph_has_profile(struct str text)
{
	return str_starts(text, STR("user:"));
}

/* The site's id of whom the record is of, as an index of keys. */
static size_t
profile_of(const struct graph *g, const uint32_t *keys, size_t n)
{
	size_t i = 0;

	while (i < n &&
	       ((g->keys[keys[i]].flags & (KEY_SHARED | KEY_NOTHING)) != 0 ||
		   !graph_has_profile(graph_text(g, keys[i]))))
		i++;
	return i;
}

void
graph_evidence(struct graph *g, const uint32_t *keys, size_t n, size_t profile,
    int64_t since, struct str record)
{
	size_t sure = n - profile, of;

	if (n > GRAPH_TOGETHER)
		n = GRAPH_TOGETHER;
	if (sure > n)
		sure = n;
	for (size_t i = 0; i < n; i++) {
		struct graph_key *k = &g->keys[keys[i]];

		k->flags |= KEY_TRUSTED;
		if (since < k->since && (k->flags & KEY_HANDED) == 0)
			k->since = since;
	}
	for (size_t i = 0; i < sure; i++)
		for (size_t j = i + 1; j < sure; j++)
			beside(g, keys[i], keys[j], false, since, record);
	of = sure < n ? profile_of(g, keys, sure) : sure;
	for (size_t i = sure; i < n && of < sure; i++)
		beside(g, keys[of], keys[i], true, since, record);
}

void
graph_fetch(const struct graph *g, const uint32_t *keys, size_t n, int step)
{
	if (g->edge_slots.slots == NULL)
		return;
	if (n > GRAPH_TOGETHER)
		n = GRAPH_TOGETHER;
	for (size_t i = 0; i < n; i++)
		for (size_t j = i + 1; j < n; j++) {
			uint64_t at =
			    edge_hash(g, keys[i], keys[j]) & g->edge_slots.mask;
			const uint32_t *slot = &g->edge_slots.slots[at];

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
	       (g->slots.mask + 1) * sizeof(*g->slots.slots) +
	       g->edge_n * sizeof(*g->edges) +
	       (g->edge_slots.mask + 1) * sizeof(*g->edge_slots.slots);
}

void
graph_unlearn(struct graph *g)
{
	for (uint32_t i = 0; i < g->n; i++) {
		g->keys[i].since = INT64_MAX;
		g->keys[i].degree = 0;
		g->keys[i].flags &= (uint16_t) ~(KEY_TRUSTED | KEY_LISTED);
	}
	edge_slots_clear(&g->edge_slots);
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

	vec_hold(g->named, g->named_n, g->named_cap, 1);
	to = &g->named[g->named_n++];
	*to = (struct graph_name){ .key = key, .name = name };
	memcpy(
	    to->record, record.p, record.n < ID_SIZE ? record.n : ID_SIZE - 1);
}
