/*
 * Chains of evidence: the shortest from one key to another.
 */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "people/component.h"

/* The neighbours of key i stand in to[from[i] .. from[i + 1]). */
struct neighbours {
	uint32_t *from, *to;
};

static void
note_edge(struct neighbours *nb, uint32_t a, uint32_t b, bool fill)
{
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
		if (any || graph_is_followed(g, &g->edges[i]))
			note_edge(nb, g->edges[i].a, g->edges[i].b, fill);
	for (size_t i = 0; i < g->same.n; i++)
		note_edge(nb, g->same.v[i].a, g->same.v[i].b, fill);
}

static struct neighbours
neighbours(const struct graph *g, bool any)
{
	struct neighbours nb = {
		.from = xcalloc((size_t)g->n + 2, sizeof(*nb.from)),
		.to = xcalloc((g->edge_n + g->same.n) * 2 + 1, sizeof(*nb.to)),
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
