#include "people/split.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "people/component.h"

enum {
	CAREFUL = 16, /* rounds that blame one key a person */
	ROUNDS = 64, /* after so many, pairs are refused and keys are not */
};

/* A group of keys that an operator called the same counts as one of each of
 * their classes. */
struct member {
	uint32_t class, group;
};

struct bundle {
	const struct member *v;
	uint32_t n;
};

struct local {
	uint32_t key;
	uint32_t group; /* local index of the group's oldest */
	uint32_t class; /* GRAPH_NONE: any number */
	uint32_t rank;
	struct bundle has; /* of a root */
	bool blamed; /* of a root: somebody was, in this round */
};

/* The people that must be taken apart. */
struct splitting {
	struct graph *g;
	struct local *v;
	size_t n, cap;
	struct map class_ids;
	struct mosts VEC(unsigned) most; /* by class */
	uint32_t *edges;
	size_t edge_n, edge_cap;
	struct graph_pair *different;
	size_t different_n;
	struct arena arena; /* of a round */
	bool last; /* nobody is blamed any more */
};

/* Who is to be taken apart. */

struct counted {
	uint32_t root, key;
	struct str class;
	unsigned most;
};

static int
by_class(const void *x, const void *y)
{
	const struct counted *a = x, *b = y;

	if (a->root != b->root)
		return a->root < b->root ? -1 : 1;
	return str_cmp(a->class, b->class);
}

/* Marks the roots that may have too many keys, by cheap counts. */
static size_t
suspects(struct graph *g)
{
	uint16_t *size = xcalloc((size_t)g->n + 1, sizeof(*size));
	uint8_t *single = xcalloc((size_t)g->n + 1, sizeof(*single));
	unsigned least = limits_least(&g->limits);
	size_t n = 0;

	for (uint32_t i = 0; i < g->n; i++) {
		uint32_t root = graph_root(g, i);

		if (size[root] < UINT16_MAX)
			size[root]++;
	}
	for (uint32_t i = 0; i < g->n; i++) {
		uint32_t root = graph_root(g, i);

		if (size[root] > 1 && single[root] < 2 &&
		    graph_limit(g, i)->most == 1)
			single[root]++;
	}
	for (uint32_t i = 0; i < g->n; i++)
		if (size[i] > least || single[i] > 1) {
			g->keys[i].flags |= KEY_SPLIT;
			n += size[i];
		}
	free(size);
	free(single);
	return n;
}

/* Leaves the mark on those that really do. */
static void
convict(struct graph *g, struct counted *v, size_t n)
{
	size_t end;

	for (size_t i = 0; i < n; i++)
		g->keys[v[i].root].flags &= (uint16_t)~KEY_SPLIT;
	if (n > 0)
		qsort(v, n, sizeof(*v), by_class);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && v[end].root == v[i].root &&
				  str_eq(v[end].class, v[i].class);)
			end++;
		if (end - i > v[i].most)
			g->keys[v[i].root].flags |= KEY_SPLIT;
	}
}

static void
find_too_many(struct graph *g)
{
	struct counts VEC(struct counted) all = { 0 };

	if (suspects(g) == 0)
		return;
	for (uint32_t i = 0; i < g->n; i++) {
		uint32_t root = graph_root(g, i);
		const struct limit *l;

		if ((g->keys[root].flags & KEY_SPLIT) == 0)
			continue;
		l = graph_limit(g, i);
		/* Those of any number too: their roots lose the mark. */
		vec_add(&all,
		    (struct counted){ root, i, limits_class(graph_text(g, i)),
			l->most == 0 ? UINT32_MAX : l->most });
	}
	convict(g, all.v, all.n);
	vec_release(&all);
}

static void
find_different(struct graph *g)
{
	for (size_t i = 0; i < g->different.n; i++) {
		uint32_t a = graph_root(g, g->different.v[i].a);

		if (a == graph_root(g, g->different.v[i].b))
			g->keys[a].flags |= KEY_SPLIT;
	}
}

/* Gathering what is known of them. */

static bool
is_split(const struct graph *g, uint32_t key)
{
	return (g->keys[key].flags & KEY_SPLIT) != 0;
}

static uint32_t
local_of(const struct splitting *t, uint32_t key)
{
	return t->g->keys[key].person - 1;
}

static uint32_t
class_of(struct splitting *t, uint32_t key, uint32_t *rank)
{
	struct str text = graph_text(t->g, key);
	const struct limit *l = graph_limit(t->g, key);
	uint64_t *at;
	bool fresh;

	*rank = l->rank;
	if (l->most == 0)
		return GRAPH_NONE;
	at = map_put(&t->class_ids, limits_class(text), &fresh);
	if (fresh) {
		*at = t->most.n;
		vec_add(&t->most, l->most);
	}
	return (uint32_t)*at;
}

static void
gather_keys(struct splitting *t)
{
	struct graph *g = t->g;

	for (uint32_t i = 0; i < g->n; i++) {
		struct local *l;

		if (!is_split(g, graph_root(g, i)))
			continue;
		l = vec_new(t);
		*l = (struct local){ .key = i };
		l->class = class_of(t, i, &l->rank);
		g->keys[i].person = (uint32_t)t->n;
	}
	/* Only now: the roots' mark is what the others were told by. */
	for (size_t i = 0; i < t->n; i++)
		g->keys[t->v[i].key].flags |= KEY_SPLIT;
}

static void
separate(struct splitting *t)
{
	for (size_t i = 0; i < t->n; i++)
		t->g->keys[t->v[i].key].parent = t->v[i].key;
}

static void
gather_different(struct splitting *t)
{
	struct graph *g = t->g;

	t->different =
	    xreallocarray(NULL, g->different.n + 1, sizeof(*t->different));
	for (size_t i = 0; i < g->different.n; i++) {
		struct graph_pair p = g->different.v[i];

		if (!is_split(g, p.a) || !is_split(g, p.b))
			continue;
		g->keys[p.a].flags |= KEY_APART;
		g->keys[p.b].flags |= KEY_APART;
		t->different[t->different_n++] = p;
	}
}

/* Would joining these roots join two that an operator called different? */
static bool
apart(struct splitting *t, uint32_t a, uint32_t b)
{
	struct graph *g = t->g;

	if ((g->keys[a].flags & g->keys[b].flags & KEY_APART) == 0)
		return false;
	for (size_t i = 0; i < t->different_n; i++) {
		uint32_t x = graph_root(g, t->different[i].a);
		uint32_t y = graph_root(g, t->different[i].b);

		if ((x == a && y == b) || (x == b && y == a))
			return true;
	}
	return false;
}

static void
join(struct splitting *t, uint32_t x, uint32_t y)
{
	uint16_t flags =
	    (t->g->keys[x].flags | t->g->keys[y].flags) & KEY_APART;

	(void)graph_unite(t->g, x, y);
	t->g->keys[graph_root(t->g, x)].flags |= flags;
}

static void
gather_groups(struct splitting *t)
{
	struct graph *g = t->g;

	separate(t);
	gather_different(t);
	for (size_t i = 0; i < g->same.n; i++) {
		uint32_t x = graph_root(g, g->same.v[i].a);
		uint32_t y = graph_root(g, g->same.v[i].b);

		if (is_split(g, x) && is_split(g, y) && x != y &&
		    !apart(t, x, y))
			join(t, x, y);
	}
	for (size_t i = 0; i < t->n; i++)
		t->v[i].group = local_of(t, graph_root(g, t->v[i].key));
}

/* How strongly an edge joins: as its weaker key does. */
static uint32_t
strength(const struct splitting *t, const struct graph_edge *e)
{
	uint32_t a = t->v[local_of(t, e->a)].rank;
	uint32_t b = t->v[local_of(t, e->b)].rank;

	return a < b ? a : b;
}

static int
by_strength(const void *x, const void *y, void *arg)
{
	const struct splitting *t = arg;
	const struct graph *g = t->g;
	const struct graph_edge *a = &g->edges[*(const uint32_t *)x];
	const struct graph_edge *b = &g->edges[*(const uint32_t *)y];
	uint32_t p = strength(t, a), q = strength(t, b);
	int rc;

	if (p != q)
		return p > q ? -1 : 1;
	if (a->since != b->since)
		return a->since < b->since ? -1 : 1;
	rc = str_cmp(graph_text(g, a->a), graph_text(g, b->a));
	return rc != 0 ? rc : str_cmp(graph_text(g, a->b), graph_text(g, b->b));
}

static void
gather_edges(struct splitting *t)
{
	struct graph *g = t->g;

	for (size_t i = 0; i < g->edge_n; i++) {
		const struct graph_edge *e = &g->edges[i];

		if (!is_split(g, e->a) || !is_split(g, e->b) ||
		    !graph_is_followed(g, e))
			continue;
		vec_hold(t->edges, t->edge_n, t->edge_cap, 1);
		t->edges[t->edge_n++] = (uint32_t)i;
	}
	if (t->edge_n > 1)
		qsort_r(t->edges, t->edge_n, sizeof(*t->edges), by_strength, t);
}

/* A key that stands right beside too many of a stronger class is shared by
 * all of them: none has a better right to it. */

struct neighbour {
	uint32_t key, class, group; /* local */
};

static int
by_neighbour(const void *x, const void *y, void *arg)
{
	const struct neighbour *a = x, *b = y;
	const struct splitting *t = arg;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	return str_cmp(graph_text(t->g, t->v[a->group].key),
	    graph_text(t->g, t->v[b->group].key));
}

static void
demote(struct splitting *t, uint32_t key, uint32_t a, uint32_t b)
{
	if (graph_is_weak(t->g, key))
		return;
	t->g->keys[key].flags |= KEY_DEMOTED;
	graph_add_conflict(t->g, WHY_LIMIT, key, a, b);
}

static void
judge_neighbours(struct splitting *t, const struct neighbour *v, size_t n)
{
	size_t groups = 1, second = 0;

	for (size_t i = 1; i < n; i++)
		if (v[i].group != v[i - 1].group) {
			groups++;
			if (second == 0)
				second = i;
		}
	if (groups > t->most.v[v[0].class])
		demote(t, t->v[v[0].key].key, t->v[v[0].group].key,
		    t->v[v[second].group].key);
}

static void
demote_shared(struct splitting *t)
{
	struct neighbour *v =
	    xreallocarray(NULL, t->edge_n * 2 + 1, sizeof(*v));
	size_t n = 0, end;

	for (size_t i = 0; i < t->edge_n; i++) {
		const struct graph_edge *e = &t->g->edges[t->edges[i]];
		uint32_t a = local_of(t, e->a), b = local_of(t, e->b);

		if (t->v[a].rank > t->v[b].rank) {
			uint32_t swap = a;

			a = b;
			b = swap;
		}
		if (t->v[a].rank < t->v[b].rank && t->v[b].class != GRAPH_NONE)
			v[n++] = (struct neighbour){ a, t->v[b].class,
				t->v[b].group };
	}
	if (n > 1)
		qsort_r(v, n, sizeof(*v), by_neighbour, t);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && v[end].key == v[i].key &&
				  v[end].class == v[i].class;)
			end++;
		judge_neighbours(t, v + i, end - i);
	}
	free(v);
}

/* Following the evidence. */

static bool
before(struct member a, struct member b)
{
	return a.class != b.class ? a.class < b.class : a.group < b.group;
}

/*
 * What both have together, in the arena.  False where that is too much of a
 * class: *over and *of then are members of it, one of either's.
 */
static bool
bundle_up(struct splitting *t, struct bundle a, struct bundle b,
    struct bundle *out, struct member *over, struct member *of)
{
	struct member *v = arena_alloc(&t->arena, (a.n + b.n + 1) * sizeof(*v));
	uint32_t i = 0, j = 0, n = 0, run = 0;

	while (i < a.n || j < b.n) {
		bool left = j == b.n || (i < a.n && !before(b.v[j], a.v[i]));

		if (left && j < b.n && !before(a.v[i], b.v[j]))
			j++;
		v[n] = left ? a.v[i++] : b.v[j++];
		run = n > 0 && v[n - 1].class == v[n].class ? run + 1 : 1;
		n++;
		if (run <= t->most.v[v[n - 1].class])
			continue;
		for (i = 0; a.v[i].class != v[n - 1].class;)
			i++;
		for (j = 0; b.v[j].class != v[n - 1].class;)
			j++;
		*over = a.v[i];
		*of = b.v[j];
		return false;
	}
	*out = (struct bundle){ v, n };
	return true;
}

/* The key that is to blame: the one that gives way.  GRAPH_NONE where both
 * are equally strong. */
static uint32_t
weaker(const struct splitting *t, const struct graph_edge *e)
{
	uint32_t a = t->v[local_of(t, e->a)].rank;
	uint32_t b = t->v[local_of(t, e->b)].rank;

	return a == b ? GRAPH_NONE : a < b ? e->a : e->b;
}

/* True where somebody was demoted. */
static bool
step(struct splitting *t, const struct graph_edge *e, bool careful)
{
	struct graph *g = t->g;
	uint32_t x = graph_root(g, e->a), y = graph_root(g, e->b), blame;
	struct local *lx = &t->v[local_of(t, x)], *ly = &t->v[local_of(t, y)];
	struct member over, of;
	struct bundle has;
	bool blamed = lx->blamed || ly->blamed;

	if (x == y || (careful && blamed))
		return false;
	if (apart(t, x, y)) {
		if (t->last)
			graph_add_conflict(
			    g, WHY_DIFFERENT, e->a, e->b, GRAPH_NONE);
		return false;
	}
	if (bundle_up(t, lx->has, ly->has, &has, &over, &of)) {
		join(t, x, y);
		lx = &t->v[local_of(t, graph_root(g, x))];
		lx->has = has;
		lx->blamed = blamed;
		return false;
	}
	blame = weaker(t, e);
	if (t->last || blame == GRAPH_NONE) {
		if (t->last)
			graph_add_conflict(g, WHY_PAIR, e->a, e->b, GRAPH_NONE);
		return false;
	}
	demote(t, blame, t->v[over.group].key, t->v[of.group].key);
	lx->blamed = ly->blamed = true;
	return true;
}

/* All of it once; true where somebody was demoted. */
static bool
follow(struct splitting *t, bool careful)
{
	bool demoted = false;

	arena_reset(&t->arena);
	separate(t);
	for (size_t i = 0; i < t->n; i++) {
		struct local *l = &t->v[i];
		struct member *m = arena_alloc(&t->arena, sizeof(*m));

		*m = (struct member){ l->class, l->group };
		l->has = (struct bundle){ m, l->class == GRAPH_NONE ? 0 : 1 };
		l->blamed = false;
		t->g->keys[l->key].flags &= (uint16_t)~KEY_APART;
	}
	for (size_t i = 0; i < t->different_n; i++) {
		t->g->keys[t->different[i].a].flags |= KEY_APART;
		t->g->keys[t->different[i].b].flags |= KEY_APART;
	}
	for (size_t i = 0; i < t->edge_n; i++) {
		const struct graph_edge *e = &t->g->edges[t->edges[i]];

		if (graph_is_followed(t->g, e))
			demoted |= step(t, e, careful);
	}
	return demoted;
}

static void
follow_same(struct splitting *t)
{
	struct graph *g = t->g;

	for (size_t i = 0; i < g->same.n; i++) {
		uint32_t a = g->same.v[i].a, b = g->same.v[i].b;
		uint32_t x = graph_root(g, a), y = graph_root(g, b);

		if (!is_split(g, a) || !is_split(g, b) || x == y)
			continue;
		if (apart(t, x, y))
			graph_add_conflict(g, WHY_DIFFERENT, a, b, GRAPH_NONE);
		else
			join(t, x, y);
	}
}

static void
clear(struct splitting *t)
{
	for (size_t i = 0; i < t->n; i++) {
		t->g->keys[t->v[i].key].person = 0;
		t->g->keys[t->v[i].key].flags &=
		    (uint16_t) ~(KEY_SPLIT | KEY_APART);
	}
	free(t->v);
	vec_release(&t->most);
	free(t->edges);
	free(t->different);
	map_release(&t->class_ids);
	arena_release(&t->arena);
}

void
graph_split(struct graph *g)
{
	struct splitting t = { .g = g };

	find_too_many(g);
	find_different(g);
	gather_keys(&t);
	if (t.n > 0) {
		gather_groups(&t);
		gather_edges(&t);
		demote_shared(&t);
		for (int i = 0; i < ROUNDS && follow(&t, i < CAREFUL);)
			i++;
		t.last = true;
		(void)follow(&t, false);
		follow_same(&t);
	}
	clear(&t);
}
