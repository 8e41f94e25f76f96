/*
 * Which blocking rules: each candidate is tried on a sample of its pairs, which
 * is scored before anything was learned, and those are taken, one after the
 * other, that find the most matches among the fewest new pairs.
 */
#include "people/linkage/inside.h"

#include <math.h>

#include "core/alloc.h"

enum {
	CANDIDATES = 640,
	SAMPLE_ROWS = 20000, /* in whole blocks, of each candidate */
	SAMPLE_PAIRS = 1500,
	COUNT_BITS = 1 << 17, /* of values of a feature */
	TOO_LARGE = 8, /* times the cap, of a mean block */
	FEW_ROWS = 20000,
	MANY_ROWS = 200000,
	FILL = 8, /* pairs a row to fill up to */
};

struct sample {
	uint32_t mask;
	float p; /* of being the same; below 0: found by a rule taken before */
};

struct candidate {
	uint32_t mask;
	bool taken;
	uint32_t n;
	double weight; /* pairs that each of the sample stands for */
	struct sample *v;
};

struct chooser {
	struct linkage *l;
	uint32_t *columns; /* of features, row by row */
	uint32_t share; /* of keys, one in so many */
	double values[FEATURES]; /* that each has, about */
	struct candidate c[CANDIDATES];
	size_t n;
};

uint64_t
rule_key(const uint32_t *features, uint32_t mask)
{
	uint64_t key = mask;

	for (; mask != 0; mask &= mask - 1) {
		uint32_t v = features[__builtin_ctz(mask)];

		if (v == 0)
			return 0;
		key = (key ^ v) * UINT64_C(0x9e3779b97f4a7c15);
		key ^= key >> 29;
	}
	return key | 1;
}

unsigned
rules_cap(uint32_t rows)
{
	return rows <= FEW_ROWS ? 200 : rows <= MANY_ROWS ? 100 : 40;
}

static void
add_candidate(struct chooser *c, uint32_t mask)
{
	c->c[c->n++] = (struct candidate){ .mask = mask };
}

/* Features 0 to 31, as features.c numbers them. */
static void
list_candidates(struct chooser *c)
{
	static const uint8_t of_name[] = { 0, 1, 2, 3, 4, 5, 6 };
	static const uint8_t of_date[] = { 9, 10 };
	static const uint8_t of_place[] = { 23, 26 };

	for (unsigned i = 0; i < FEATURES; i++)
		add_candidate(c, UINT32_C(1) << i);
	for (unsigned i = 0; i < FEATURES; i++)
		for (unsigned j = i + 1; j < FEATURES; j++)
			if (feature_field(i) != feature_field(j))
				add_candidate(
				    c, UINT32_C(1) << i | UINT32_C(1) << j);
	for (size_t i = 0; i < sizeof(of_name); i++)
		for (size_t j = 0; j < sizeof(of_date); j++)
			for (size_t k = 0; k < sizeof(of_place); k++)
				add_candidate(
				    c, UINT32_C(1) << of_name[i] |
					   UINT32_C(1) << of_date[j] |
					   UINT32_C(1) << of_place[k]);
}

/* How many values there are, about, from which bits their hashes set (linear
 * counting: Whang, Vander-Zanden, Taylor 1990). */
static double
count_values(const uint32_t *v, uint32_t n)
{
	uint64_t *bits = xcalloc(COUNT_BITS / 64, sizeof(*bits));
	double zero = 0;

	for (uint32_t r = 0; r < n; r++) {
		uint64_t h = mix64(v[r]) % COUNT_BITS;

		bits[h / 64] |= UINT64_C(1) << h % 64;
	}
	for (size_t i = 0; i < COUNT_BITS / 64; i++)
		zero += 64 - __builtin_popcountll(bits[i]);
	free(bits);
	return -COUNT_BITS * log((zero < 1 ? 1 : zero) / COUNT_BITS);
}

static void
make_column(void *arg, size_t i, unsigned thread)
{
	struct chooser *c = arg;
	uint32_t *to = c->columns + i * c->l->n;

	(void)thread;
	for (uint32_t r = 0; r < c->l->n; r++)
		to[r] = c->l->features[r][i];
	c->values[i] = count_values(to, c->l->n);
}

/* Are blocks by this rule too large for nearly all rows? */
static bool
is_hopeless(const struct chooser *c, uint32_t mask)
{
	double blocks = 1;

	for (; mask != 0; mask &= mask - 1)
		blocks *= c->values[__builtin_ctz(mask)];
	return c->l->n > blocks * TOO_LARGE * rules_cap(c->l->n);
}

/* rule_key by columns. */
static uint64_t
key_of(const struct chooser *c, uint32_t row, uint32_t mask)
{
	uint64_t key = mask;

	for (; mask != 0; mask &= mask - 1) {
		uint32_t v =
		    c->columns[(size_t)__builtin_ctz(mask) * c->l->n + row];

		if (v == 0)
			return 0;
		key = (key ^ v) * UINT64_C(0x9e3779b97f4a7c15);
		key ^= key >> 29;
	}
	return key | 1;
}

static size_t
gather(const struct chooser *c, uint32_t mask, struct keyed **v, size_t *cap)
{
	size_t n = 0;

	for (uint32_t r = 0; r < c->l->n; r++) {
		uint64_t key = key_of(c, r, mask);

		if (key == 0 || (c->share > 1 && (key >> 32) % c->share != 0))
			continue;
		vec_hold(*v, n, *cap, 1);
		(*v)[n++] = (struct keyed){ key, r };
	}
	return n;
}

/* Calls for every stride-th pair in blocks up to the cap. */
struct walk {
	const struct keyed *v;
	size_t n;
	unsigned cap;
};

static uint64_t
count_pairs(const struct walk *w)
{
	uint64_t pairs = 0;

	for (size_t i = 0, end; i < w->n; i = end) {
		for (end = i + 1; end < w->n && w->v[end].key == w->v[i].key;)
			end++;
		if (end - i <= w->cap)
			pairs += (uint64_t)(end - i) * (end - i - 1) / 2;
	}
	return pairs;
}

static void
take_samples(const struct chooser *c, struct candidate *x, const struct walk *w,
    uint64_t pairs)
{
	uint64_t most = pairs < SAMPLE_PAIRS ? pairs : SAMPLE_PAIRS;
	double stride = (double)pairs / (double)most, next = stride / 2;
	uint64_t at = 0;
	struct memo memo;
	struct comparison cmp;
	double odds[CLASSES];

	x->v = xcalloc(most + 1, sizeof(*x->v));
	x->weight = stride * c->share;
	memo_init(&memo);
	for (size_t i = 0, end; i < w->n; i = end) {
		for (end = i + 1; end < w->n && w->v[end].key == w->v[i].key;)
			end++;
		if (end - i > w->cap)
			continue;
		for (size_t j = i; j < end; j++)
			for (size_t k = j + 1; k < end; k++) {
				uint32_t a = w->v[j].row, b = w->v[k].row;

				if ((double)at++ + .5 < next || x->n == most)
					continue;
				next += stride;
				levels_compare(c->l, &memo, a, b, &cmp);
				x->v[x->n++] = (struct sample){
					features_equal(c->l->features[a],
					    c->l->features[b]),
					(float)(1 / (1 + exp(-model_score(
							     &c->l->model, &cmp,
							     odds)))),
				};
			}
	}
	memo_release(&memo);
}

static void
try_candidate(void *arg, size_t i, unsigned thread)
{
	struct chooser *c = arg;
	struct candidate *x = &c->c[i];
	struct keyed *v = NULL, *spare;
	size_t cap = 0, n;
	struct walk w;
	uint64_t pairs;

	(void)thread;
	if (is_hopeless(c, x->mask))
		return;
	n = gather(c, x->mask, &v, &cap);
	spare = xcalloc(n + 1, sizeof(*spare));
	if (n > 0)
		sort_keyed(v, spare, n);
	w = (struct walk){ v, n, rules_cap(c->l->n) };
	pairs = count_pairs(&w);
	if (pairs > 0)
		take_samples(c, x, &w, pairs);
	free(v);
	free(spare);
}

/* What a candidate adds to those that are taken. */
static double
gain_of(const struct candidate *x, double *fresh)
{
	double gain = 0;
	uint32_t n = 0;

	for (uint32_t i = 0; i < x->n; i++)
		if (x->v[i].p >= 0) {
			gain += (double)x->v[i].p;
			n++;
		}
	*fresh = n * x->weight;
	return gain * x->weight;
}

static void
take(struct chooser *c, struct candidate *x)
{
	struct linkage *l = c->l;

	x->taken = true;
	l->rules[l->rules_n++] = (struct rule){ .mask = x->mask };
	for (size_t i = 0; i < c->n; i++)
		for (uint32_t j = 0; j < c->c[i].n; j++)
			if ((c->c[i].v[j].mask & x->mask) == x->mask)
				c->c[i].v[j].p = -1;
}

/* The best that is left, or NULL. */
static struct candidate *
best_of(struct chooser *c, double left, double *fresh)
{
	double least = 5e-5 * c->l->n, best = .003;
	struct candidate *found = NULL;

	for (size_t i = 0; i < c->n; i++) {
		double n, gain, worth;

		if (c->c[i].taken || c->c[i].n == 0)
			continue;
		gain = gain_of(&c->c[i], &n);
		worth = gain / (n + 50) * pow(gain, .3);
		if (gain < least || n > left || worth <= best)
			continue;
		best = worth;
		found = &c->c[i];
		*fresh = n;
	}
	return found;
}

static struct candidate *
cheapest_of(struct chooser *c, double *fresh)
{
	struct candidate *found = NULL;

	for (size_t i = 0; i < c->n; i++) {
		double n;

		if (c->c[i].taken || c->c[i].n == 0)
			continue;
		(void)gain_of(&c->c[i], &n);
		if (n > 0 && (found == NULL || n < *fresh)) {
			found = &c->c[i];
			*fresh = n;
		}
	}
	return found;
}

static void
choose(struct chooser *c)
{
	double rows = c->l->n, used = 0, fresh = 0;
	double budget = rows * (c->l->n > MANY_ROWS ? 20 : 100);
	struct candidate *x;

	while (c->l->rules_n < RULES_MAX &&
	       (x = best_of(c, budget - used, &fresh)) != NULL) {
		used += fresh;
		take(c, x);
	}
	while (c->l->rules_n < RULES_MAX &&
	       (x = cheapest_of(c, &fresh)) != NULL &&
	       used + fresh <= rows * FILL) {
		used += fresh;
		take(c, x);
	}
}

void
rules_choose(struct linkage *l)
{
	struct chooser *c = xcalloc(1, sizeof(*c));

	c->l = l;
	c->share = l->n / SAMPLE_ROWS + 1;
	c->columns =
	    xreallocarray(NULL, (size_t)l->n + 1, sizeof(features_row));
	jobs_run(l->threads, FEATURES, make_column, c);
	list_candidates(c);
	jobs_run(l->threads, c->n, try_candidate, c);
	free(c->columns);
	choose(c);
	for (size_t i = 0; i < c->n; i++)
		free(c->c[i].v);
	free(c);
}
