/*
 * From pairs of keys to people: union-find by age, with what must stay apart.
 */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "identity/graph.h"

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

/* Would joining these roots join two that an operator called different? */
static bool
apart(struct graph *g, uint32_t a, uint32_t b)
{
	if ((g->keys[a].flags & g->keys[b].flags & KEY_APART) == 0)
		return false;
	for (size_t i = 0; i < g->different_n; i++) {
		uint32_t x = graph_root(g, g->different[i].a);
		uint32_t y = graph_root(g, g->different[i].b);

		if ((x == a && y == b) || (x == b && y == a))
			return true;
	}
	return false;
}

/* False where they must stay apart. */
static bool
unite(struct graph *g, uint32_t a, uint32_t b)
{
	uint32_t x = graph_root(g, a), y = graph_root(g, b), t = x;

	if (x == y)
		return true;
	if (apart(g, x, y))
		return false;
	if (graph_older(g, y, x)) {
		x = y;
		y = t;
	}
	g->keys[y].parent = x;
	g->keys[x].flags |= g->keys[y].flags & KEY_APART;
	return true;
}

static bool
is_weak(const struct graph *g, uint32_t key)
{
	return (g->keys[key].flags &
		   (KEY_SHARED | KEY_NOTHING | KEY_DEMOTED)) != 0;
}

static void
prepare(struct graph *g, const struct graph_report *report)
{
	for (uint32_t i = 0; i < g->n; i++) {
		struct graph_key *k = &g->keys[i];

		k->parent = i;
		k->flags &= (uint16_t) ~(KEY_APART | KEY_DEMOTED);
		if (k->degree <= g->max_degree)
			continue;
		k->flags |= KEY_DEMOTED;
		if (report != NULL && report->demoted != NULL)
			report->demoted(report->arg, i);
	}
	for (size_t i = 0; i < g->different_n; i++) {
		g->keys[g->different[i].a].flags |= KEY_APART;
		g->keys[g->different[i].b].flags |= KEY_APART;
	}
}

static int
by_age(const void *x, const void *y, void *arg)
{
	const struct graph *g = arg;
	const struct graph_edge *a = &g->edges[*(const uint32_t *)x];
	const struct graph_edge *b = &g->edges[*(const uint32_t *)y];
	int rc;

	if (a->since != b->since)
		return a->since < b->since ? -1 : 1;
	rc = str_cmp(graph_text(g, a->a), graph_text(g, b->a));
	return rc != 0 ? rc : str_cmp(graph_text(g, a->b), graph_text(g, b->b));
}

static void
follow(
    struct graph *g, uint32_t a, uint32_t b, const struct graph_report *report)
{
	if (is_weak(g, a) || is_weak(g, b))
		return;
	if (!unite(g, a, b) && report != NULL && report->refused != NULL)
		report->refused(report->arg, a, b);
}

/* The order matters only where something must stay apart. */
static void
follow_by_age(struct graph *g, const struct graph_report *report)
{
	uint32_t *order = xreallocarray(NULL, g->edge_n + 1, sizeof(*order));

	for (size_t i = 0; i < g->edge_n; i++)
		order[i] = (uint32_t)i;
	qsort_r(order, g->edge_n, sizeof(*order), by_age, g);
	for (size_t i = 0; i < g->edge_n; i++)
		follow(g, g->edges[order[i]].a, g->edges[order[i]].b, report);
	free(order);
}

void
graph_resolve(struct graph *g, const struct graph_report *report)
{
	prepare(g, report);
	if (g->different_n > 0)
		follow_by_age(g, report);
	else
		for (size_t i = 0; i < g->edge_n; i++)
			follow(g, g->edges[i].a, g->edges[i].b, NULL);
	/* An operator may well say that a role address is this person's. */
	for (size_t i = 0; i < g->same_n; i++)
		if (!unite(g, g->same[i].a, g->same[i].b) && report != NULL &&
		    report->refused != NULL)
			report->refused(
			    report->arg, g->same[i].a, g->same[i].b);
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
    bool fill, bool word)
{
	if (!word && (is_weak(g, a) || is_weak(g, b)))
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
note_edges(const struct graph *g, struct neighbours *nb, bool fill)
{
	for (size_t i = 0; i < g->edge_n; i++)
		note_edge(g, nb, g->edges[i].a, g->edges[i].b, fill, false);
	for (size_t i = 0; i < g->same_n; i++)
		note_edge(g, nb, g->same[i].a, g->same[i].b, fill, true);
}

static struct neighbours
neighbours(const struct graph *g)
{
	struct neighbours nb = {
		.from = xcalloc((size_t)g->n + 2, sizeof(*nb.from)),
		.to = xcalloc((g->edge_n + g->same_n) * 2 + 1, sizeof(*nb.to)),
	};

	note_edges(g, &nb, false);
	for (uint32_t i = 0; i < g->n; i++)
		nb.from[i + 1] += nb.from[i];
	note_edges(g, &nb, true);
	memmove(nb.from + 1, nb.from, g->n * sizeof(*nb.from));
	nb.from[0] = 0;
	return nb;
}

/* Breadth first from b, within the person: before[k] is the way back plus
 * one. */
static void
search(const struct graph *g, uint32_t a, uint32_t b, uint32_t *before)
{
	struct neighbours nb = neighbours(g);
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
			    graph_root(mine, next) != person)
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
graph_path(
    const struct graph *g, uint32_t a, uint32_t b, uint32_t *path, size_t max)
{
	uint32_t *before;
	size_t n = 0;

	if (max == 0)
		return 0;
	before = xcalloc((size_t)g->n + 1, sizeof(*before));
	search(g, a, b, before);
	if (before[a] != 0)
		for (path[n++] = a; a != b && n < max; n++)
			path[n] = a = before[a] - 1;
	free(before);
	return n;
}
