/*
 * Which keys belong together: union-find by age, and what is doubted of it.
 */
#include "people/component.h"

#include <string.h>

void
graph_same(struct graph *g, uint32_t a, uint32_t b)
{
	vec_add(&g->same, (struct graph_pair){ a, b });
}

void
graph_different(struct graph *g, uint32_t a, uint32_t b)
{
	vec_add(&g->different, (struct graph_pair){ a, b });
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

/* The older of two keys: given out before, earlier evidence, smaller text. */
static bool
is_older(const struct graph *g, uint32_t a, uint32_t b)
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
	if (is_older(g, y, x)) {
		x = y;
		y = t;
	}
	g->keys[y].parent = x;
	return true;
}

void
graph_add_conflict(
    struct graph *g, enum graph_why why, uint32_t key, uint32_t a, uint32_t b)
{
	vec_hold(g->conflicts, g->conflict_n, g->conflict_cap, 1);
	g->conflicts[g->conflict_n++] =
	    (struct graph_conflict){ key, a, b, why };
}

const struct graph_conflict *
graph_conflict_of(const struct graph *g, uint32_t key)
{
	for (size_t i = 0; i < g->conflict_n; i++)
		if (g->conflicts[i].key == key &&
		    g->conflicts[i].why < WHY_PAIR)
			return &g->conflicts[i];
	return NULL;
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
