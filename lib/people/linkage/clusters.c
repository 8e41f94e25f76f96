/*
 * Clusters: in each component of the pairs that may be one, the two clusters
 * with the highest mean probability over all pairs of rows of both become one,
 * until that is below the threshold (average linkage: Sokal, Michener 1958).
 * Pairs that blocking missed are scored when they are needed.
 */
#include "people/linkage/inside.h"

#include <math.h>

#include "core/alloc.h"

enum {
	TASK_COMPONENTS = 64,
	NAMES_PART = 3, /* of all pairs that stops, where names differ */
};

/* What one cluster is to another. */
struct bond {
	uint32_t with; /* cluster */
	uint8_t stop; /* enum linkage_stop: of any pair */
	float best; /* log odds of the likest two rows, */
	uint32_t a, b; /* which are these */
	uint32_t names; /* pairs of LINKAGE_NAMES, which add nothing to sum */
	double sum, all; /* of probabilities; with what names add */
};

struct cluster {
	uint32_t first, last, size; /* members: places in work.rows */
	uint32_t version;
	bool gone;
	struct bonds VEC(struct bond) bonds;
};

struct attempt {
	double mean;
	uint32_t a, b; /* clusters */
	uint32_t va, vb; /* their versions */
};

struct work {
	struct linkage *l;
	struct memo *memo;
	uint32_t *rows, *next; /* members, and who comes next; UINT32_MAX */
	struct cluster *c;
	size_t n; /* clusters */
	struct attempts VEC(struct attempt) heap;
	struct found out;
};

/* Of those that would join by themselves there must be one. */
static const double rival_least = .9;

static double
probability(double logodds)
{
	return 1 / (1 + exp(-logodds));
}

/* The heap: the highest mean first, then the smallest rows. */

static bool
before(const struct attempt *x, const struct attempt *y)
{
	if (x->mean != y->mean)
		return x->mean > y->mean;
	return x->a != y->a ? x->a < y->a : x->b < y->b;
}

static void
heap_push(struct work *w, struct attempt x)
{
	size_t i = w->heap.n;

	vec_add(&w->heap, x);
	while (i > 0 && before(&x, &w->heap.v[(i - 1) / 2])) {
		w->heap.v[i] = w->heap.v[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	w->heap.v[i] = x;
}

static struct attempt
heap_pop(struct work *w)
{
	struct attempt top = w->heap.v[0], x = w->heap.v[--w->heap.n];
	size_t i = 0, child;

	while ((child = i * 2 + 1) < w->heap.n) {
		if (child + 1 < w->heap.n &&
		    before(&w->heap.v[child + 1], &w->heap.v[child]))
			child++;
		if (!before(&w->heap.v[child], &x))
			break;
		w->heap.v[i] = w->heap.v[child];
		i = child;
	}
	if (w->heap.n > 0)
		w->heap.v[i] = x;
	return top;
}

/* Bonds. */

static struct bond *
bond_with(struct cluster *c, uint32_t with)
{
	for (size_t i = 0; i < c->bonds.n; i++)
		if (c->bonds.v[i].with == with)
			return &c->bonds.v[i];
	return NULL;
}

static void
bond_drop(struct cluster *c, uint32_t with)
{
	struct bond *b = bond_with(c, with);

	if (b != NULL)
		*b = c->bonds.v[--c->bonds.n];
}

static void
bond_add(struct bond *to, double odds, uint8_t stop, uint32_t a, uint32_t b)
{
	to->all += probability(odds);
	if (stop == LINKAGE_NAMES)
		to->names++;
	else
		to->sum += probability(odds);
	if (stop != LINKAGE_NAMES && stop > to->stop)
		to->stop = stop;
	if (to->a == to->b || (float)odds > to->best) {
		to->best = (float)odds;
		to->a = a < b ? a : b;
		to->b = a < b ? b : a;
	}
}

/* Of all pairs of both. */
static struct bond
bond_between(struct work *w, uint32_t x, uint32_t y)
{
	struct bond out = { .with = y };

	for (uint32_t i = w->c[x].first; i != UINT32_MAX; i = w->next[i])
		for (uint32_t j = w->c[y].first; j != UINT32_MAX;
		     j = w->next[j]) {
			enum linkage_stop stop;
			double odds = score_rows(
			    w->l, w->memo, w->rows[i], w->rows[j], &stop);

			bond_add(
			    &out, odds, (uint8_t)stop, w->rows[i], w->rows[j]);
		}
	return out;
}

static double
mean_of(const struct work *w, uint32_t x, const struct bond *b)
{
	return b->sum / w->c[x].size / w->c[b->with].size;
}

/* Whatever the names say. */
static double
likeness(const struct work *w, uint32_t x, const struct bond *b)
{
	return b->all / w->c[x].size / w->c[b->with].size;
}

static void
propose(struct work *w, uint32_t x, const struct bond *b)
{
	uint32_t y = b->with;
	double mean = mean_of(w, x, b);

	if (mean < w->l->o.join)
		return;
	if (x > y) {
		y = x;
		x = b->with;
	}
	heap_push(w,
	    (struct attempt){ mean, x, y, w->c[x].version, w->c[y].version });
}

/* Guards over all members of both. */

static uint8_t
apart_of(const struct work *w, uint32_t x, uint32_t y)
{
	const struct linkage *l = w->l;

	for (uint32_t i = w->c[x].first; i != UINT32_MAX; i = w->next[i])
		for (uint32_t j = w->c[y].first; j != UINT32_MAX;
		     j = w->next[j]) {
			enum linkage_stop stop =
			    guards_of(l, w->rows[i], w->rows[j]);

			if (stop != LINKAGE_JOINED)
				return (uint8_t)stop;
		}
	return LINKAGE_JOINED;
}

static uint8_t
stop_of(const struct work *w, uint32_t x, const struct bond *b)
{
	uint8_t stop = guards_any(w->l) ? apart_of(w, x, b->with)
					: (uint8_t)LINKAGE_JOINED;

	if (stop != LINKAGE_JOINED || b->stop != LINKAGE_JOINED)
		return stop != LINKAGE_JOINED ? stop : b->stop;
	return (double)b->names * NAMES_PART >=
		       (double)w->c[x].size * w->c[b->with].size
		   ? (uint8_t)LINKAGE_NAMES
		   : (uint8_t)LINKAGE_JOINED;
}

/* Do most of both say that they are two? */
static bool
clusters_conflict(const struct work *w, uint32_t x, uint32_t y)
{
	uint64_t n = 0;

	for (uint32_t i = w->c[x].first; i != UINT32_MAX; i = w->next[i])
		for (uint32_t j = w->c[y].first; j != UINT32_MAX;
		     j = w->next[j])
			n += rows_conflict(
			    w->l, w->memo, w->rows[i], w->rows[j]);
	return n * 2 > (uint64_t)w->c[x].size * w->c[y].size;
}

static bool
are_two(const struct work *w, uint32_t x, uint32_t y)
{
	const struct bond *b = bond_with(&w->c[x], y);

	return (b == NULL || mean_of(w, x, b) < rival_least) &&
	       clusters_conflict(w, x, y);
}

/* Is x as like somebody else, who cannot be y? */
static bool
has_rival(const struct work *w, uint32_t x, uint32_t y)
{
	/* Who asks for less wants the best guess. */
	if (w->l->o.join < rival_least)
		return false;
	for (size_t i = 0; i < w->c[x].bonds.n; i++) {
		const struct bond *b = &w->c[x].bonds.v[i];

		if (b->with != y && mean_of(w, x, b) >= rival_least &&
		    are_two(w, y, b->with))
			return true;
	}
	return false;
}

/* Joining. */

static void
note(struct work *w, uint32_t x, const struct bond *b, uint8_t stop)
{
	vec_add(&w->out, (struct linkage_pair){ .a = b->a,
			     .b = b->b,
			     .stop = stop,
			     .probability = (float)(stop == LINKAGE_JOINED
							? mean_of(w, x, b)
							: likeness(w, x, b)),
			     .weight = b->best / (float)M_LN2 });
}

static void
absorb(struct work *w, uint32_t x, uint32_t y)
{
	struct cluster *a = &w->c[x], *b = &w->c[y];

	w->next[a->last] = b->first;
	a->last = b->last;
	a->size += b->size;
	a->version++;
	b->gone = true;
}

/* The bond of x and y together with z. */
static struct bond
joint_bond(struct work *w, uint32_t x, uint32_t y, uint32_t z)
{
	const struct bond *a = bond_with(&w->c[x], z);
	const struct bond *b = bond_with(&w->c[y], z);
	struct bond p = a != NULL ? *a : bond_between(w, x, z);
	struct bond q = b != NULL ? *b : bond_between(w, y, z);

	p.with = z;
	p.sum += q.sum;
	p.all += q.all;
	p.names += q.names;
	p.stop = p.stop > q.stop ? p.stop : q.stop;
	if (q.best > p.best) {
		p.best = q.best;
		p.a = q.a;
		p.b = q.b;
	}
	return p;
}

static void
join(struct work *w, uint32_t x, uint32_t y)
{
	struct bonds fresh = { 0 };

	bond_drop(&w->c[x], y);
	bond_drop(&w->c[y], x);
	for (size_t i = 0; i < w->c[x].bonds.n; i++)
		vec_add(&fresh, joint_bond(w, x, y, w->c[x].bonds.v[i].with));
	for (size_t i = 0; i < w->c[y].bonds.n; i++)
		if (bond_with(&w->c[x], w->c[y].bonds.v[i].with) == NULL)
			vec_add(&fresh,
			    joint_bond(w, x, y, w->c[y].bonds.v[i].with));
	absorb(w, x, y);
	vec_release(&w->c[x].bonds);
	vec_release(&w->c[y].bonds);
	w->c[x].bonds = fresh;
	for (size_t i = 0; i < fresh.n; i++) {
		struct bond back = fresh.v[i];
		struct cluster *z = &w->c[back.with];

		bond_drop(z, x);
		bond_drop(z, y);
		back.with = x;
		vec_add(&z->bonds, back);
		propose(w, x, &fresh.v[i]);
	}
}

static void
join_all(struct work *w)
{
	while (w->heap.n > 0) {
		struct attempt t = heap_pop(w);
		const struct bond *b;

		if (w->c[t.a].gone || w->c[t.b].gone ||
		    w->c[t.a].version != t.va || w->c[t.b].version != t.vb)
			continue;
		b = bond_with(&w->c[t.a], t.b);
		if (stop_of(w, t.a, b) != LINKAGE_JOINED ||
		    has_rival(w, t.a, t.b) || has_rival(w, t.b, t.a))
			continue;
		note(w, t.a, b, LINKAGE_JOINED);
		join(w, t.a, t.b);
	}
}

/* What is alike and was not joined. */
static void
suggest(struct work *w)
{
	for (uint32_t x = 0; x < w->n; x++) {
		if (w->c[x].gone)
			continue;
		for (size_t i = 0; i < w->c[x].bonds.n; i++) {
			const struct bond *b = &w->c[x].bonds.v[i];
			uint8_t stop;

			if (b->with < x || likeness(w, x, b) < w->l->o.suggest)
				continue;
			stop = stop_of(w, x, b);
			if (stop == LINKAGE_JOINED)
				stop = mean_of(w, x, b) >= w->l->o.join
					   ? LINKAGE_RIVAL
					   : LINKAGE_BELOW;
			note(w, x, b, stop);
		}
	}
}

/* Components. */

struct component {
	uint32_t rows_at, rows_n; /* of clustering.rows */
	size_t edges_at, edges_n; /* of clustering.edges */
};

struct clustering {
	struct linkage *l;
	uint32_t *parent; /* by row */
	uint32_t *rows; /* by component, in their order */
	uint32_t *place; /* of a row: its cluster in its component */
	struct keyed *edges; /* by component; row is the edge's number */
	struct components VEC(struct component) list;
	struct memo *memos;
	struct found *outs; /* by task */
};

static uint32_t
root_of(uint32_t *parent, uint32_t i)
{
	while (parent[i] != i) {
		parent[i] = parent[parent[i]];
		i = parent[i];
	}
	return i;
}

static void
unite(uint32_t *parent, uint32_t a, uint32_t b)
{
	a = root_of(parent, a);
	b = root_of(parent, b);
	if (a < b)
		parent[b] = a;
	else
		parent[a] = b;
}

/* A cluster a group of rows. */
static void
make_clusters(struct clustering *k, struct work *w, const struct component *c)
{
	w->rows = k->rows + c->rows_at;
	w->next = xreallocarray(NULL, c->rows_n, sizeof(*w->next));
	w->c = xcalloc(c->rows_n, sizeof(*w->c));
	for (uint32_t i = 0; i < c->rows_n; i++) {
		uint32_t row = w->rows[i], group = k->l->group[row];

		w->next[i] = UINT32_MAX;
		if (group == row) {
			k->place[row] = (uint32_t)w->n;
			w->c[w->n++] =
			    (struct cluster){ i, i, 1, 0, false, { 0 } };
			continue;
		}
		/* The group's first row stands before it. */
		k->place[row] = k->place[group];
		w->next[w->c[k->place[row]].last] = i;
		w->c[k->place[row]].last = i;
		w->c[k->place[row]].size++;
	}
}

static void
make_bonds(struct clustering *k, struct work *w, const struct component *c)
{
	for (size_t i = 0; i < c->edges_n; i++) {
		const struct edge *e =
		    &k->l->edges[k->edges[c->edges_at + i].row];
		uint32_t x = k->place[e->a], y = k->place[e->b];
		struct bond b = { 0 };

		if (x == y || bond_with(&w->c[x], y) != NULL)
			continue;
		if (w->c[x].size == 1 && w->c[y].size == 1)
			bond_add(&b, (double)e->logodds, e->stop, e->a, e->b);
		else
			b = bond_between(w, x, y);
		b.with = y;
		vec_add(&w->c[x].bonds, b);
		b.with = x;
		vec_add(&w->c[y].bonds, b);
		propose(w, y, &b);
	}
}

static void
cluster_component(
    struct clustering *k, struct work *w, const struct component *c)
{
	w->n = 0;
	w->heap.n = 0;
	make_clusters(k, w, c);
	make_bonds(k, w, c);
	join_all(w);
	suggest(w);
	for (size_t i = 0; i < w->n; i++)
		vec_release(&w->c[i].bonds);
	free(w->c);
	free(w->next);
}

static void
cluster_task(void *arg, size_t i, unsigned thread)
{
	struct clustering *k = arg;
	size_t to = (i + 1) * TASK_COMPONENTS;
	struct work w = { .l = k->l, .memo = &k->memos[thread] };

	for (size_t c = i * TASK_COMPONENTS; c < to && c < k->list.n; c++)
		cluster_component(k, &w, &k->list.v[c]);
	vec_release(&w.heap);
	k->outs[i] = w.out;
}

/* Rows and edges by component, both in their order. */
static void
make_components(struct clustering *k)
{
	struct linkage *l = k->l;
	struct keyed *rows = xcalloc((size_t)l->n * 2 + 1, sizeof(*rows));
	struct keyed *spare = xcalloc(l->edges_n + 1, sizeof(*spare));
	size_t e = 0;

	for (uint32_t i = 0; i < l->n; i++)
		unite(k->parent, i, l->group[i]);
	for (size_t i = 0; i < l->edges_n; i++)
		unite(k->parent, l->edges[i].a, l->edges[i].b);
	for (uint32_t i = 0; i < l->n; i++)
		rows[i] = (struct keyed){ root_of(k->parent, i), i };
	sort_keyed(rows, rows + l->n, l->n);
	for (size_t i = 0; i < l->edges_n; i++)
		k->edges[i] = (struct keyed){ root_of(k->parent, l->edges[i].a),
			(uint32_t)i };
	sort_keyed(k->edges, spare, l->edges_n);
	for (uint32_t i = 0, end; i < l->n; i = end) {
		struct component c = { .rows_at = i, .edges_at = e };

		for (end = i; end < l->n && rows[end].key == rows[i].key; end++)
			k->rows[end] = rows[end].row;
		while (e < l->edges_n && k->edges[e].key == rows[i].key)
			e++;
		c.rows_n = end - i;
		c.edges_n = e - c.edges_at;
		if (c.edges_n > 0)
			vec_add(&k->list, c);
	}
	free(rows);
	free(spare);
}

static int
by_likeness(const void *x, const void *y)
{
	const struct linkage_pair *a = x, *b = y;

	if ((a->stop == LINKAGE_JOINED) != (b->stop == LINKAGE_JOINED))
		return a->stop == LINKAGE_JOINED ? -1 : 1;
	if (a->probability != b->probability)
		return a->probability > b->probability ? -1 : 1;
	if (a->a != b->a)
		return a->a < b->a ? -1 : 1;
	return a->b < b->b ? -1 : a->b > b->b;
}

static void
settle_clusters(struct clustering *k, size_t tasks)
{
	struct linkage *l = k->l;

	for (uint32_t i = 0; i < l->n; i++)
		l->cluster[i] = i;
	for (uint32_t i = 0; i < l->n; i++)
		unite(l->cluster, i, l->group[i]);
	for (size_t t = 0; t < tasks; t++) {
		for (size_t i = 0; i < k->outs[t].n; i++) {
			struct linkage_pair p = k->outs[t].v[i];

			if (p.stop == LINKAGE_JOINED)
				unite(l->cluster, p.a, p.b);
			vec_add(&l->found, p);
		}
		vec_release(&k->outs[t]);
	}
	for (uint32_t i = 0; i < l->n; i++)
		l->cluster[i] = root_of(l->cluster, i);
	if (l->found.n > 1)
		qsort(l->found.v, l->found.n, sizeof(*l->found.v), by_likeness);
}

void
clusters_make(struct linkage *l)
{
	struct clustering k = { .l = l };
	size_t tasks;

	k.parent = xcalloc((size_t)l->n + 1, sizeof(*k.parent));
	k.rows = xcalloc((size_t)l->n + 1, sizeof(*k.rows));
	k.place = xcalloc((size_t)l->n + 1, sizeof(*k.place));
	k.edges = xcalloc(l->edges_n + 1, sizeof(*k.edges));
	k.memos = xcalloc(l->threads, sizeof(*k.memos));
	for (uint32_t i = 0; i < l->n; i++)
		k.parent[i] = i;
	for (unsigned i = 0; i < l->threads; i++)
		memo_init(&k.memos[i]);
	make_components(&k);
	tasks = (k.list.n + TASK_COMPONENTS - 1) / TASK_COMPONENTS;
	k.outs = xcalloc(tasks + 1, sizeof(*k.outs));
	jobs_run(l->threads, tasks, cluster_task, &k);
	settle_clusters(&k, tasks);
	for (unsigned i = 0; i < l->threads; i++)
		memo_release(&k.memos[i]);
	free(k.memos);
	free(k.outs);
	vec_release(&k.list);
	free(k.parent);
	free(k.rows);
	free(k.place);
	free(k.edges);
}
