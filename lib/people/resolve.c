/*
 * From pairs of keys to people: union-find by age, with what must stay apart.
 */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "people/names.h"
#include "people/split.h"

enum { NAMES_COMPARED = 64 }; /* of one key */

static void
add_pair(struct graph_pair **v, size_t *n, uint32_t a, uint32_t b)
{
	if ((*n & (*n - 1)) == 0)
		*v = xreallocarray(*v, *n == 0 ? 1 : *n * 2, sizeof(**v));
	(*v)[(*n)++] = (struct graph_pair){ a, b };
}

void
graph_same(struct graph *g, uint32_t a, uint32_t b)
{
	add_pair(&g->same, &g->same_n, a, b);
}

void
graph_different(struct graph *g, uint32_t a, uint32_t b)
{
	add_pair(&g->different, &g->different_n, a, b);
}

uint32_t
graph_root(struct graph *g, uint32_t i)
{
	while (g->keys[i].parent != i) {
		g->keys[i].parent = g->keys[g->keys[i].parent].parent;
		i = g->keys[i].parent;
	}
	return i;
}

bool
graph_older(const struct graph *g, uint32_t a, uint32_t b)
{
	const struct graph_key *x = &g->keys[a], *y = &g->keys[b];

	if ((x->flags & KEY_HANDED) != (y->flags & KEY_HANDED))
		return (x->flags & KEY_HANDED) != 0;
	if (x->since != y->since)
		return x->since < y->since;
	return str_cmp(graph_text(g, a), graph_text(g, b)) < 0;
}

bool
graph_unite(struct graph *g, uint32_t a, uint32_t b)
{
	uint32_t x = graph_root(g, a), y = graph_root(g, b), t = x;

	if (x == y)
		return false;
	if (graph_older(g, y, x)) {
		x = y;
		y = t;
	}
	g->keys[y].parent = x;
	return true;
}

void
graph_doubt(
    struct graph *g, enum graph_why why, uint32_t key, uint32_t a, uint32_t b)
{
	if (g->doubt_n == g->doubt_cap) {
		g->doubt_cap = g->doubt_cap == 0 ? 16 : g->doubt_cap * 2;
		g->doubts =
		    xreallocarray(g->doubts, g->doubt_cap, sizeof(*g->doubts));
	}
	g->doubts[g->doubt_n++] = (struct graph_doubt){ key, a, b, why };
}

static bool
is_weak(const struct graph *g, uint32_t key)
{
	return graph_is_weak(g, key);
}

/* Names that do not agree. */

static int
by_key_and_name(const void *x, const void *y, void *arg)
{
	const struct graph_name *a = x, *b = y;
	const struct graph *g = arg;
	int rc;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	rc = str_cmp(
	    g->names.entries[a->name].key, g->names.entries[b->name].key);
	return rc != 0 ? rc : strcmp(a->record, b->record);
}

/* The same row said something else in an earlier run. */
static bool
is_outdated(const struct graph_name *v, size_t n, const struct graph_name *x)
{
	if (!x->stored)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!v[i].stored && strcmp(v[i].record, x->record) == 0)
			return true;
	return false;
}

/* The first two of a key's names that do not agree. */
static void
doubt_names(struct graph *g, const struct graph_name *v, size_t n)
{
	uint32_t name[NAMES_COMPARED];
	size_t count = 0;

	for (size_t i = 0; i < n && count < NAMES_COMPARED; i++)
		if ((count == 0 || v[i].name != name[count - 1]) &&
		    !is_outdated(
			v, n < NAMES_COMPARED ? n : NAMES_COMPARED, &v[i]))
			name[count++] = v[i].name;
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++) {
			if (names_agree(g->names.entries[name[i]].key,
				g->names.entries[name[j]].key))
				continue;
			g->keys[v->key].flags |= KEY_DEMOTED;
			graph_doubt(g, WHY_NAMES, v->key, name[i], name[j]);
			return;
		}
}

static void
demote_by_names(struct graph *g)
{
	size_t end;

	if (g->named_n == 0)
		return;
	qsort_r(g->named, g->named_n, sizeof(*g->named), by_key_and_name, g);
	for (size_t i = 0; i < g->named_n; i = end) {
		for (end = i + 1;
		     end < g->named_n && g->named[end].key == g->named[i].key;)
			end++;
		if (!is_weak(g, g->named[i].key))
			doubt_names(g, g->named + i, end - i);
	}
}

static void
demote_by_degree(struct graph *g)
{
	for (uint32_t i = 0; i < g->n; i++) {
		struct graph_key *k = &g->keys[i];

		k->parent = i;
		k->flags &= (uint16_t) ~(KEY_TORN | KEY_DEMOTED);
		if (k->degree <= g->max_degree)
			continue;
		k->flags |= KEY_DEMOTED;
		graph_doubt(g, WHY_DEGREE, i, GRAPH_NONE, GRAPH_NONE);
	}
}

static int
by_text(const void *x, const void *y, void *arg)
{
	const struct graph_doubt *a = x, *b = y;
	const struct graph *g = arg;
	int rc = str_cmp(graph_text(g, a->key), graph_text(g, b->key));

	if (rc == 0 && a->why != b->why)
		return a->why < b->why ? -1 : 1;
	if (rc == 0 && a->why >= WHY_PAIR)
		rc = str_cmp(graph_text(g, a->a), graph_text(g, b->a));
	return rc;
}

const struct graph_doubt *
graph_doubt_of(const struct graph *g, uint32_t key)
{
	for (size_t i = 0; i < g->doubt_n; i++)
		if (g->doubts[i].key == key && g->doubts[i].why < WHY_PAIR)
			return &g->doubts[i];
	return NULL;
}

void
graph_resolve(struct graph *g)
{
	g->doubt_n = 0;
	demote_by_degree(g);
	demote_by_names(g);
	for (size_t i = 0; i < g->edge_n; i++) {
		const struct graph_edge *e = &g->edges[i];

		if (!is_weak(g, e->a) && !is_weak(g, e->b))
			(void)graph_unite(g, e->a, e->b);
	}
	/* An operator may well say that a role address is this person's. */
	for (size_t i = 0; i < g->same_n; i++)
		(void)graph_unite(g, g->same[i].a, g->same[i].b);
	graph_tear(g);
	if (g->doubt_n > 1)
		qsort_r(g->doubts, g->doubt_n, sizeof(*g->doubts), by_text, g);
}

void
graph_person_id(const struct graph *g, uint32_t root, char out[ID_SIZE])
{
	struct str text = graph_text(g, root);
	struct str parts[2] = { STR("claimed"), str_sub(text, 1, text.n) };

	if ((g->keys[root].flags & KEY_CLAIM) != 0)
		id_make(out, 'p', parts, 2);
	else
		id_make(out, 'p', &text, 1);
}

/* Chains of evidence. */

/* The neighbours of key i stand in to[from[i] .. from[i + 1]). */
struct neighbours {
	uint32_t *from, *to;
};

static void
note_edge(const struct graph *g, struct neighbours *nb, uint32_t a, uint32_t b,
    bool fill, bool any)
{
	if (!any && (is_weak(g, a) || is_weak(g, b)))
		return;
	if (!fill) {
		nb->from[a + 1]++;
		nb->from[b + 1]++;
		return;
	}
	nb->to[nb->from[a]++] = b;
	nb->to[nb->from[b]++] = a;
}

static void
note_edges(const struct graph *g, struct neighbours *nb, bool fill, bool any)
{
	for (size_t i = 0; i < g->edge_n; i++)
		note_edge(g, nb, g->edges[i].a, g->edges[i].b, fill, any);
	for (size_t i = 0; i < g->same_n; i++)
		note_edge(g, nb, g->same[i].a, g->same[i].b, fill, true);
}

static struct neighbours
neighbours(const struct graph *g, bool any)
{
	struct neighbours nb = {
		.from = xcalloc((size_t)g->n + 2, sizeof(*nb.from)),
		.to = xcalloc((g->edge_n + g->same_n) * 2 + 1, sizeof(*nb.to)),
	};

	note_edges(g, &nb, false, any);
	for (uint32_t i = 0; i < g->n; i++)
		nb.from[i + 1] += nb.from[i];
	note_edges(g, &nb, true, any);
	memmove(nb.from + 1, nb.from, g->n * sizeof(*nb.from));
	nb.from[0] = 0;
	return nb;
}

/* Breadth first from b, within the person: before[k] is the way back plus
 * one. */
static void
search(
    const struct graph *g, uint32_t a, uint32_t b, bool any, uint32_t *before)
{
	struct neighbours nb = neighbours(g, any);
	uint32_t *queue = xcalloc((size_t)g->n + 1, sizeof(*queue));
	size_t head = 0, tail = 0;
	struct graph *mine = (struct graph *)(uintptr_t)g;
	uint32_t person = graph_root(mine, b);

	queue[tail++] = b;
	before[b] = b + 1;
	while (head < tail && before[a] == 0) {
		uint32_t k = queue[head++];

		for (uint32_t i = nb.from[k]; i < nb.from[k + 1]; i++) {
			uint32_t next = nb.to[i];

			if (before[next] != 0 ||
			    (!any && graph_root(mine, next) != person))
				continue;
			before[next] = k + 1;
			queue[tail++] = next;
		}
	}
	free(queue);
	free(nb.from);
	free(nb.to);
}

size_t
graph_path(const struct graph *g, uint32_t a, uint32_t b, bool any,
    uint32_t *path, size_t max)
{
	uint32_t *before;
	size_t n = 0;

	if (max == 0)
		return 0;
	before = xcalloc((size_t)g->n + 1, sizeof(*before));
	search(g, a, b, any, before);
	if (before[a] != 0)
		for (path[n++] = a; a != b && n < max; n++)
			path[n] = a = before[a] - 1;
	free(before);
	return n;
}
