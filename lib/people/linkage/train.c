/*
 * Training: what others look like from random pairs, the rest by expectation
 * maximisation (Dempster, Laird, Rubin 1977) over candidate pairs.  Sums are
 * made in blocks, and these added in their order, so that threads change
 * nothing.
 */
#include "people/linkage/inside.h"

#include <math.h>

#include "core/alloc.h"

enum {
	RANDOM_PAIRS = 300000,
	TRAINED_PAIRS = 400000,
	BLOCK = 4096,
	ROUNDS = 40,
	SAME_PRIOR = 20, /* pairs that experience counts for */
	RELATIVES_PRIOR = 50,
	OTHERS_PRIOR = 1000,
	FEW_ROWS = 30, /* whose frequencies are half believed */
};

/* Sums of a block of pairs. */
struct sums {
	double n[CLASSES][LINK_FIELDS][LEVELS_MAX];
	double total[CLASSES];
	double lf[LINK_FIELDS][LEVELS_MAX];
};

static const double nothing = -30; /* the logarithm of it */

/* Random pairs. */

struct drawing {
	struct linkage *l;
	struct sums *blocks;
	size_t n; /* pairs */
	bool every; /* they are all that there are */
	struct memo *memos;
};

/* The i-th pair: of all, or any. */
static void
draw(const struct drawing *d, size_t i, uint32_t *a, uint32_t *b)
{
	uint64_t x = mix64(i * 2 + 1), n = d->l->n;

	if (d->every) {
		*a = (uint32_t)((1 + sqrt(1 + 8 * (double)i)) / 2);
		while (pairs_of((double)*a) > (double)i)
			--*a;
		while (pairs_of((double)*a + 1) <= (double)i)
			++*a;
		*b = (uint32_t)(i - (size_t)pairs_of((double)*a));
		return;
	}
	*a = (uint32_t)(x % n);
	*b = (uint32_t)(mix64(x) % (n - 1));
	*b += *b >= *a;
}

static void
draw_block(void *arg, size_t i, unsigned thread)
{
	struct drawing *d = arg;
	struct sums *s = &d->blocks[i];
	size_t to = (i + 1) * BLOCK < d->n ? (i + 1) * BLOCK : d->n;

	for (size_t p = i * BLOCK; p < to; p++) {
		struct comparison c;
		uint32_t a, b;

		draw(d, p, &a, &b);
		levels_compare(d->l, &d->memos[thread], a, b, &c);
		for (int f = 0; f < LINK_FIELDS; f++) {
			if (c.level[f] == LEVEL_MISSING)
				continue;
			s->n[0][f][c.level[f]]++;
			s->lf[f][c.level[f]] += (double)c.lf[f];
		}
	}
}

static double
equal_pairs(const struct dictionary *d)
{
	double n = 0;

	for (uint32_t v = 1; v < d->n; v++)
		if (!d->v[v].shared)
			n += pairs_of(d->v[v].count);
	return n;
}

static void
settle_field(struct linkage *l, enum link_field f, const struct sums *s,
    bool every, double scale)
{
	unsigned exact = link_levels[f] - 1u;
	double seen = 0, lf = 0, pairs, equal, rest = 0;

	for (unsigned v = 0; v <= exact; v++) {
		seen += s->n[0][f][v];
		lf += s->lf[f][v];
	}
	pairs = f == LINK_EMAIL || (f == LINK_FULL && l->mixed)
		    ? seen * scale
		    : pairs_of((double)l->dict[f].present);
	if (pairs < 1)
		pairs = 1;
	equal = f == LINK_FULL && l->mixed ? s->n[0][f][exact] * scale
					   : equal_pairs(&l->dict[f]);
	equal = equal < pairs ? equal : pairs;
	for (unsigned v = 0; v < exact; v++)
		rest += s->n[0][f][v] + (every ? 0 : .5);
	for (unsigned v = 0; v < exact; v++) {
		double n = s->n[0][f][v] + (every ? 0 : .5);

		l->all[f][v] = rest <= 0 ? 0 : n / rest * (pairs - equal);
	}
	l->all[f][exact] = equal;
	l->both[f] = pairs;
	for (unsigned v = 0; v <= exact; v++)
		l->model.c[f][v] = s->n[0][f][v] > 0
				       ? s->lf[f][v] / s->n[0][f][v]
				   : seen > 0 ? lf / seen
					      : 0;
}

/*
 * What is rare among others was seldom seen in a sample: less alike than equal
 * never says more than equal does, and what is not alike never speaks for it.
 */
static void
bound_others(struct model *m, int f)
{
	unsigned exact = link_levels[f] - 1u;
	double odds = m->u[f][exact] / m->m[f][exact];

	for (unsigned v = 0; v < exact; v++) {
		double least = m->m[f][v] * (v == 0 ? 1 : odds);

		if (m->u[f][v] < least)
			m->u[f][v] = least;
	}
}

/* Of all others at a level what is left when the matches are taken off. */
static void
set_u(struct linkage *l, const double matches[LINK_FIELDS][LEVELS_MAX])
{
	for (int f = 0; f < LINK_FIELDS; f++) {
		unsigned exact = link_levels[f] - 1u;
		double few = l->both[f] / (l->both[f] + OTHERS_PRIOR);

		for (unsigned v = 0; v <= exact; v++) {
			double n = l->all[f][v] - matches[f][v];

			if (n < .02 * l->all[f][v])
				n = .02 * l->all[f][v];
			if (n < .3 * few)
				n = .3 * few;
			l->model.u[f][v] =
			    (n + OTHERS_PRIOR *
				     model_others((enum link_field)f, v)) /
			    (l->both[f] + OTHERS_PRIOR);
		}
		bound_others(&l->model, f);
		l->model.c[f][exact] = log(l->model.u[f][exact]);
	}
}

static void
set_shares(struct linkage *l, double same, double moved, double relatives)
{
	double n = l->n, all = pairs_of(n) < 1 ? 1 : pairs_of(n);
	double *pi = l->model.pi;

	pi[CLASS_SAME] = same / all;
	pi[CLASS_MOVED] = moved / all;
	pi[CLASS_RELATIVES] = relatives / all;
	pi[CLASS_OTHERS] =
	    1 - pi[CLASS_SAME] - pi[CLASS_MOVED] - pi[CLASS_RELATIVES];
	if (pi[CLASS_OTHERS] < .01)
		pi[CLASS_OTHERS] = .01;
}

static void
add_sums(struct sums *to, const struct sums *from)
{
	double *a = (double *)to;
	const double *b = (const double *)from;

	for (size_t i = 0; i < sizeof(*to) / sizeof(*a); i++)
		a[i] += b[i];
}

void
train_frequencies(struct linkage *l)
{
	static const double none[LINK_FIELDS][LEVELS_MAX];
	struct drawing d = { .l = l };
	double all = pairs_of(l->n);
	struct sums sum = { 0 };
	size_t blocks;

	d.every = all <= 2. * RANDOM_PAIRS;
	d.n = d.every ? (size_t)all : RANDOM_PAIRS;
	blocks = (d.n + BLOCK - 1) / BLOCK;
	d.blocks = xcalloc(blocks + 1, sizeof(*d.blocks));
	d.memos = xcalloc(l->threads, sizeof(*d.memos));
	for (unsigned i = 0; i < l->threads; i++)
		memo_init(&d.memos[i]);
	jobs_run(l->threads, blocks, draw_block, &d);
	for (size_t i = 0; i < blocks; i++)
		add_sums(&sum, &d.blocks[i]);
	model_begin(&l->model);
	l->model.tf = (double)l->n / (l->n + (double)FEW_ROWS);
	for (int f = 0; f < LINK_FIELDS; f++)
		settle_field(l, (enum link_field)f, &sum, d.every,
		    all / (double)(d.n == 0 ? 1 : d.n));
	set_u(l, none);
	set_shares(l, .27 * l->n, .03 * l->n, .09 * l->n);
	model_weigh(&l->model);
	for (unsigned i = 0; i < l->threads; i++)
		memo_release(&d.memos[i]);
	free(d.memos);
	free(d.blocks);
}

/* Expectation maximisation. */

struct trainer {
	struct linkage *l;
	struct comparison *c;
	size_t n;
	double scale; /* pairs that each stands for */
	struct sums *blocks;
	struct memo *memos;
	struct link_pair *pairs;
	bool *apart; /* of a pair: it is not the same whatever it scores */
};

static void
choose_pairs(struct trainer *t)
{
	struct linkage *l = t->l;
	uint64_t limit =
	    l->pairs_n <= TRAINED_PAIRS
		? UINT64_MAX
		: (uint64_t)((double)TRAINED_PAIRS / (double)l->pairs_n *
			     18446744073709551615.0 * .98);

	t->pairs = xcalloc((size_t)TRAINED_PAIRS * 2, sizeof(*t->pairs));
	for (size_t i = 0; i < l->pairs_n; i++) {
		struct link_pair p = l->pairs[i];

		if (mix_pair(l->row_ids.v[p.a].hash, l->row_ids.v[p.b].hash) >
			limit ||
		    t->n == (size_t)TRAINED_PAIRS * 2)
			continue;
		t->pairs[t->n++] = p;
	}
	t->scale = t->n == 0 ? 1 : (double)l->pairs_n / (double)t->n;
}

static void
compare_block(void *arg, size_t i, unsigned thread)
{
	struct trainer *t = arg;
	size_t to = (i + 1) * BLOCK < t->n ? (i + 1) * BLOCK : t->n;

	for (size_t p = i * BLOCK; p < to; p++) {
		levels_compare(t->l, &t->memos[thread], t->pairs[p].a,
		    t->pairs[p].b, &t->c[p]);
		t->apart[p] =
		    names_differ(t->l, t->pairs[p].a, t->pairs[p].b, &t->c[p]);
	}
}

static void
expect_block(void *arg, size_t i, unsigned thread)
{
	struct trainer *t = arg;
	struct sums *s = &t->blocks[i];
	size_t to = (i + 1) * BLOCK < t->n ? (i + 1) * BLOCK : t->n;

	(void)thread;
	memset(s, 0, sizeof(*s));
	for (size_t p = i * BLOCK; p < to; p++) {
		double odds[CLASSES], most, sum = 0;

		model_classes(&t->l->model, &t->c[p], odds);
		if (t->apart[p])
			odds[CLASS_SAME] = odds[CLASS_MOVED] = -INFINITY;
		most = odds[0];
		for (int k = 1; k < CLASSES; k++)
			most = odds[k] > most ? odds[k] : most;
		for (int k = 0; k < CLASSES; k++)
			sum += odds[k] =
			    odds[k] - most < nothing ? 0 : exp(odds[k] - most);
		for (int k = 0; k < CLASS_OTHERS; k++) {
			double share = odds[k] / sum;

			if (share <= 0)
				continue;
			s->total[k] += share;
			for (int f = 0; f < LINK_FIELDS; f++)
				if (t->c[p].level[f] != LEVEL_MISSING)
					s->n[k][f][t->c[p].level[f]] += share;
		}
	}
}

/* h's lowest level is bounded: who shares nothing is no relative. */
static void
bound_relatives(struct model *m, int f)
{
	double most = f == LINK_PHONE ? .8 : f == LINK_FAMILY ? .4 : .3;
	double rest = 1 - m->h[f][0];

	if (m->h[f][0] <= most)
		return;
	for (unsigned v = 1; v < link_levels[f]; v++)
		m->h[f][v] *= (1 - most) / rest;
	m->h[f][0] = most;
}

static void
maximise(struct trainer *t, const struct sums *s)
{
	struct model *m = &t->l->model;
	double matches[LINK_FIELDS][LEVELS_MAX] = { 0 };

	for (int f = 0; f < LINK_FIELDS; f++) {
		bool place = model_is_place((enum link_field)f);
		double same = SAME_PRIOR, kin = RELATIVES_PRIOR;

		for (unsigned v = 0; v < link_levels[f]; v++) {
			same += s->n[CLASS_SAME][f][v] +
				(place ? 0 : s->n[CLASS_MOVED][f][v]);
			kin += s->n[CLASS_RELATIVES][f][v];
		}
		for (unsigned v = 0; v < link_levels[f]; v++) {
			double p = model_prior((enum link_field)f, v);
			double n = s->n[CLASS_SAME][f][v] +
				   (place ? 0 : s->n[CLASS_MOVED][f][v]);

			m->m[f][v] = (n + SAME_PRIOR * p) / same;
			m->h[f][v] = (s->n[CLASS_RELATIVES][f][v] +
					 RELATIVES_PRIOR * p) /
				     kin;
			matches[f][v] = t->scale * (s->n[CLASS_SAME][f][v] +
						       s->n[CLASS_MOVED][f][v]);
		}
		bound_relatives(m, f);
	}
	set_u(t->l, matches);
	set_shares(t->l, s->total[CLASS_SAME] * t->scale + .0069 * t->l->n,
	    s->total[CLASS_MOVED] * t->scale + .0008 * t->l->n,
	    s->total[CLASS_RELATIVES] * t->scale + .0008 * t->l->n);
}

static double
change(const struct model *a, const struct model *b)
{
	double most = 0;

	for (int f = 0; f < LINK_FIELDS; f++)
		for (unsigned v = 0; v < link_levels[f]; v++) {
			double d = fabs(a->m[f][v] - b->m[f][v]);

			most = d > most ? d : most;
		}
	return most;
}

void
train_model(struct linkage *l)
{
	struct trainer t = { .l = l };
	size_t blocks;

	choose_pairs(&t);
	blocks = (t.n + BLOCK - 1) / BLOCK;
	t.c = xcalloc(t.n + 1, sizeof(*t.c));
	t.apart = xcalloc(t.n + 1, sizeof(*t.apart));
	t.blocks = xcalloc(blocks + 1, sizeof(*t.blocks));
	t.memos = xcalloc(l->threads, sizeof(*t.memos));
	for (unsigned i = 0; i < l->threads; i++)
		memo_init(&t.memos[i]);
	jobs_run(l->threads, blocks, compare_block, &t);
	for (l->rounds = 0; l->rounds < ROUNDS; l->rounds++) {
		struct model before = l->model;
		struct sums sum = { 0 };

		jobs_run(l->threads, blocks, expect_block, &t);
		for (size_t i = 0; i < blocks; i++)
			add_sums(&sum, &t.blocks[i]);
		maximise(&t, &sum);
		model_weigh(&l->model);
		if (change(&before, &l->model) < 1e-4)
			break;
	}
	for (unsigned i = 0; i < l->threads; i++)
		memo_release(&t.memos[i]);
	free(t.memos);
	free(t.blocks);
	free(t.c);
	free(t.apart);
	free(t.pairs);
}
