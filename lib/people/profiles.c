#include "people/profiles.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "people/component.h"

/* A pair that a profile alone joins. */
struct pair {
	size_t edge;
	uint32_t user, key; /* whose profile, and what stands there */
	uint32_t user_root, key_root;
	struct str class; /* of the key */
};

/* What the people of such pairs have by other evidence. */
struct had {
	uint32_t root, key;
	struct str class;
};

struct profiles {
	struct graph *g;
	struct pairs VEC(struct pair) pairs;
	struct hads VEC(struct had) had;
	struct graph_refusals *out;
};

bool
graph_profiles_hold(struct graph *g)
{
	bool any = false;

	for (size_t i = 0; i < g->edge_n; i++) {
		g->edges[i].refused = g->edges[i].profile;
		any |= g->edges[i].profile != 0;
	}
	return any;
}

static struct pair
pair_of(struct graph *g, size_t edge)
{
	const struct graph_edge *e = &g->edges[edge];
	bool first = graph_has_profile(graph_text(g, e->a));
	struct pair p = { .edge = edge,
		.user = first ? e->a : e->b,
		.key = first ? e->b : e->a };

	p.user_root = graph_root(g, p.user);
	p.key_root = graph_root(g, p.key);
	p.class = limits_class(graph_text(g, p.key));
	return p;
}

/* Those of whom nothing is in doubt, and who are not one by other evidence. */
static void
gather_pairs(struct profiles *p)
{
	struct graph *g = p->g;

	for (size_t i = 0; i < g->edge_n; i++) {
		struct graph_edge *e = &g->edges[i];
		struct pair x;

		if (e->profile == 0 || graph_is_weak(g, e->a) ||
		    graph_is_weak(g, e->b))
			continue;
		x = pair_of(g, i);
		if (x.user_root == x.key_root)
			e->refused = 0;
		else
			vec_add(&p->pairs, x);
	}
}

static int
by_root_and_class(const void *x, const void *y, void *arg)
{
	const struct had *a = x, *b = y;
	const struct graph *g = arg;
	int rc;

	if (a->root != b->root)
		return a->root < b->root ? -1 : 1;
	rc = str_cmp(a->class, b->class);
	return rc != 0 ? rc
		       : str_cmp(graph_text(g, a->key), graph_text(g, b->key));
}

static void
gather_had(struct profiles *p)
{
	struct graph *g = p->g;
	bool *asked = xcalloc((size_t)g->n + 1, sizeof(*asked));

	for (size_t i = 0; i < p->pairs.n; i++)
		asked[p->pairs.v[i].user_root] = asked[p->pairs.v[i].key_root] =
		    true;
	for (uint32_t i = 0; i < g->n; i++) {
		uint32_t root = graph_root(g, i);

		if (asked[root] && graph_limit(g, i)->most > 0)
			vec_add(&p->had, (struct had){ root, i,
					     limits_class(graph_text(g, i)) });
	}
	free(asked);
	if (p->had.n > 1)
		qsort_r(p->had.v, p->had.n, sizeof(*p->had.v),
		    by_root_and_class, g);
}

/* The first of the person's keys. */
static size_t
first_of(const struct profiles *p, uint32_t root)
{
	size_t low = 0, high = p->had.n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->had.v[mid].root < root)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static uint32_t
has_class(const struct profiles *p, uint32_t root, struct str class)
{
	for (size_t i = first_of(p, root);
	     i < p->had.n && p->had.v[i].root == root; i++)
		if (str_eq(p->had.v[i].class, class))
			return p->had.v[i].key;
	return GRAPH_NONE;
}

/* Would both have more of a class than one person? */
static bool
is_too_much(const struct profiles *p, uint32_t x, uint32_t y)
{
	size_t i = first_of(p, x), j = first_of(p, y);

	while (i < p->had.n && p->had.v[i].root == x && j < p->had.n &&
	       p->had.v[j].root == y) {
		const struct had *a = &p->had.v[i], *b = &p->had.v[j];
		int rc = str_cmp(a->class, b->class);
		size_t n = 0;

		if (rc < 0) {
			i++;
			continue;
		}
		if (rc > 0) {
			j++;
			continue;
		}
		for (; i < p->had.n && p->had.v[i].root == x &&
		       str_eq(p->had.v[i].class, b->class);
		     i++)
			n++;
		for (; j < p->had.n && p->had.v[j].root == y &&
		       str_eq(p->had.v[j].class, a->class);
		     j++)
			n++;
		if (n > graph_limit(p->g, a->key)->most)
			return true;
	}
	return false;
}

static int
by_user_and_time(const void *x, const void *y, void *arg)
{
	const struct pair *a = x, *b = y;
	const struct graph *g = arg;
	int64_t s = g->edges[a->edge].since, t = g->edges[b->edge].since;
	int rc;

	if (a->user_root != b->user_root)
		return a->user_root < b->user_root ? -1 : 1;
	rc = str_cmp(a->class, b->class);
	if (rc != 0)
		return rc;
	if (s != t)
		return s < t ? -1 : 1;
	rc = str_cmp(graph_text(g, a->key), graph_text(g, b->key));
	return rc != 0
		   ? rc
		   : str_cmp(graph_text(g, a->user), graph_text(g, b->user));
}

static void
refuse(struct profiles *p, const struct pair *x, enum graph_why why, uint32_t a,
    uint32_t b)
{
	vec_add(p->out, (struct graph_conflict){ x->key, a, b, why });
}

/* One person's of one class: the first that nothing speaks against. */
static void
choose_one(struct profiles *p, const struct pair *v, size_t n)
{
	uint32_t has = has_class(p, v->user_root, v->class), root = GRAPH_NONE;

	for (size_t i = 0; i < n; i++) {
		const struct pair *x = &v[i];

		if (has == GRAPH_NONE &&
		    is_too_much(p, x->user_root, x->key_root)) {
			refuse(p, x, WHY_PAIR, x->user, GRAPH_NONE);
			continue;
		}
		if (has == GRAPH_NONE) {
			has = x->key;
			root = x->key_root;
		}
		if (x->key_root == root)
			p->g->edges[x->edge].refused = 0;
		else
			refuse(p, x, WHY_PROFILE, x->user, has);
	}
}

static bool
is_before(const struct graph *g, uint32_t a, uint32_t b)
{
	return str_cmp(graph_text(g, a), graph_text(g, b)) < 0;
}

static int
by_key(const void *x, const void *y, void *arg)
{
	const struct pair *a = x, *b = y;

	if (a->key_root != b->key_root)
		return a->key_root < b->key_root ? -1 : 1;
	if (a->user_root != b->user_root)
		return a->user_root < b->user_root ? -1 : 1;
	return str_cmp(graph_text(arg, a->user), graph_text(arg, b->user));
}

/* What several took is nobody's: none has a better right to it. */
static void
judge_takers(struct profiles *p, const struct pair *v, size_t n)
{
	struct graph *g = p->g;
	uint32_t root = GRAPH_NONE, first = GRAPH_NONE, second = GRAPH_NONE;
	size_t takers = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t user = v[i].user, swap;

		if (g->edges[v[i].edge].refused != 0 || v[i].user_root == root)
			continue;
		root = v[i].user_root;
		takers++;
		if (first == GRAPH_NONE || is_before(g, user, first)) {
			swap = first;
			first = user;
			user = swap;
		}
		if (user != GRAPH_NONE &&
		    (second == GRAPH_NONE || is_before(g, user, second)))
			second = user;
	}
	if (takers < 2 || graph_limit(g, first)->most == 0 ||
	    takers <= graph_limit(g, first)->most)
		return;
	refuse(p, v, WHY_LIMIT, first, second);
	for (size_t i = 0; i < n; i++)
		g->edges[v[i].edge].refused = 1;
}

void
graph_profiles_choose(struct graph *g, struct graph_refusals *out)
{
	struct profiles p = { .g = g, .out = out };
	size_t end, i;

	gather_pairs(&p);
	gather_had(&p);
	if (p.pairs.n > 1)
		qsort_r(p.pairs.v, p.pairs.n, sizeof(*p.pairs.v),
		    by_user_and_time, g);
	for (i = 0; i < p.pairs.n; i = end) {
		const struct pair *x = &p.pairs.v[i];

		for (end = i + 1; end < p.pairs.n &&
				  x->user_root == p.pairs.v[end].user_root &&
				  str_eq(x->class, p.pairs.v[end].class);)
			end++;
		choose_one(&p, x, end - i);
	}
	if (p.pairs.n > 1)
		qsort_r(p.pairs.v, p.pairs.n, sizeof(*p.pairs.v), by_key, g);
	for (i = 0; i < p.pairs.n; i = end) {
		for (end = i + 1;
		     end < p.pairs.n &&
		     p.pairs.v[i].key_root == p.pairs.v[end].key_root;)
			end++;
		judge_takers(&p, &p.pairs.v[i], end - i);
	}
	vec_release(&p.pairs);
	vec_release(&p.had);
}
