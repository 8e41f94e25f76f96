/*
 * From pairs of keys to people, with what must stay apart.
 */
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "people/component.h"
#include "people/names.h"
#include "people/profiles.h"
#include "people/split.h"

enum { NAMES_COMPARED = 64 }; /* of one key */

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
add_name_conflicts(struct graph *g, const struct graph_name *v, size_t n)
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
			graph_add_conflict(
			    g, WHY_NAMES, v->key, name[i], name[j]);
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
		if (!graph_is_weak(g, g->named[i].key))
			add_name_conflicts(g, g->named + i, end - i);
	}
}

static void
demote_by_degree(struct graph *g)
{
	for (uint32_t i = 0; i < g->n; i++) {
		struct graph_key *k = &g->keys[i];

		k->parent = i;
		k->flags &= (uint16_t) ~(KEY_SPLIT | KEY_DEMOTED);
		if (k->degree <= g->max_degree)
			continue;
		k->flags |= KEY_DEMOTED;
		graph_add_conflict(g, WHY_DEGREE, i, GRAPH_NONE, GRAPH_NONE);
	}
}

static int
by_text(const void *x, const void *y, void *arg)
{
	const struct graph_conflict *a = x, *b = y;
	const struct graph *g = arg;
	int rc = str_cmp(graph_text(g, a->key), graph_text(g, b->key));

	if (rc == 0 && a->why != b->why)
		return a->why < b->why ? -1 : 1;
	if (rc == 0 && a->why >= WHY_PAIR)
		rc = str_cmp(graph_text(g, a->a), graph_text(g, b->a));
	return rc;
}

static void
resolve(struct graph *g)
{
	g->conflict_n = 0;
	demote_by_degree(g);
	demote_by_names(g);
	for (size_t i = 0; i < g->edge_n; i++) {
		const struct graph_edge *e = &g->edges[i];

		if (graph_is_followed(g, e))
			(void)graph_unite(g, e->a, e->b);
	}
	/* An operator may well say that a role address is this person's. */
	for (size_t i = 0; i < g->same.n; i++)
		(void)graph_unite(g, g->same.v[i].a, g->same.v[i].b);
	graph_split(g);
}

void
graph_resolve(struct graph *g)
{
	if (graph_profiles_hold(g)) {
		struct graph_refusals refused = { 0 };

		resolve(g);
		graph_profiles_choose(g, &refused);
		resolve(g);
		for (size_t i = 0; i < refused.n; i++)
			graph_add_conflict(g, refused.v[i].why,
			    refused.v[i].key, refused.v[i].a, refused.v[i].b);
		vec_release(&refused);
	} else {
		resolve(g);
	}
	if (g->conflict_n > 1)
		qsort_r(g->conflicts, g->conflict_n, sizeof(*g->conflicts),
		    by_text, g);
}
