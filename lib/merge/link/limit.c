/*
 * How many keys of a kind the people have that linking would make one: more
 * than the limit allows, and it is stopped.
 */
#include "merge/link/limit.h"

#include "core/alloc.h"

void
link_limits_open(struct link_limits *l, struct graph *g)
{
	l->g = g;
	l->next = xreallocarray(NULL, (size_t)g->n + 1, sizeof(*l->next));
	l->first = xreallocarray(NULL, (size_t)g->n + 1, sizeof(*l->first));
	l->last = xreallocarray(NULL, (size_t)g->n + 1, sizeof(*l->last));
	for (uint32_t i = 0; i < g->n; i++)
		l->next[i] = l->first[i] = l->last[i] = GRAPH_NONE;
	for (uint32_t i = 0; i < g->n; i++) {
		uint32_t root;

		if ((g->keys[i].flags & KEY_TRUSTED) == 0 ||
		    graph_limit(g, i)->most < 2)
			continue;
		root = graph_root(g, i);
		if (l->first[root] == GRAPH_NONE)
			l->first[root] = i;
		else
			l->next[l->last[root]] = i;
		l->last[root] = i;
	}
}

void
link_limits_close(struct link_limits *l)
{
	free(l->next);
	free(l->first);
	free(l->last);
}

static unsigned
count_like(const struct link_limits *l, uint32_t root, struct str class)
{
	unsigned n = 0;

	for (uint32_t i = l->first[root]; i != GRAPH_NONE; i = l->next[i])
		n += str_eq(limits_class(graph_text(l->g, i)), class);
	return n;
}

/* Of the keys of a: would any of their kinds have too many, with b's? */
static bool
are_too_many(const struct link_limits *l, uint32_t a, uint32_t b)
{
	for (uint32_t i = l->first[a]; i != GRAPH_NONE; i = l->next[i]) {
		struct str class = limits_class(graph_text(l->g, i));

		if (count_like(l, a, class) + count_like(l, b, class) >
		    graph_limit(l->g, i)->most)
			return true;
	}
	return false;
}

bool
link_limits_unite(struct link_limits *l, uint32_t a, uint32_t b, bool strict)
{
	uint32_t root;

	a = graph_root(l->g, a);
	b = graph_root(l->g, b);
	if (a == b)
		return true;
	if (strict && l->first[a] != GRAPH_NONE && l->first[b] != GRAPH_NONE &&
	    are_too_many(l, a, b))
		return false;
	(void)graph_unite(l->g, a, b);
	root = graph_root(l->g, a);
	if (root != a) {
		b = a;
		a = root;
	}
	if (l->first[a] == GRAPH_NONE) {
		l->first[a] = l->first[b];
		l->last[a] = l->last[b];
	} else if (l->first[b] != GRAPH_NONE) {
		l->next[l->last[a]] = l->first[b];
		l->last[a] = l->last[b];
	}
	return true;
}
