/*
 * Candidate pairs, each once: a pair belongs to the first rule that holds it,
 * which is seen from what both rows have in common and from the blocks that
 * were too large, a bit a row and rule.
 */
#include "people/linkage/inside.h"

#include "core/alloc.h"

enum { TASK_ROWS = 1 << 14, BATCH_RULES = 16, HELD_BITS = 12, AHEAD = 16 };

/* Rules that hold a mask of common features, remembered. */
struct held {
	uint32_t mask; /* none: there is no pair without any */
	uint64_t rules[(RULES_MAX + 63) / 64];
};

/* Rows in the order of a rule's keys. */
struct sorted {
	struct keyed *v, *spare;
	size_t n;
};

struct task {
	size_t from, to;
	struct out VEC(struct link_pair) out;
};

struct maker {
	struct linkage *l;
	uint64_t *dropped; /* bits, of words_n words a rule */
	size_t words_n;
	unsigned cap;
	size_t first; /* rule of the batch */
	struct sorted sorted[BATCH_RULES];
	size_t rule; /* in hand */
	struct tasks VEC(struct task) tasks;
	uint32_t masks[RULES_MAX];
	struct held **held; /* of each thread */
};

static bool
is_dropped(const struct maker *k, size_t rule, uint32_t row)
{
	return (k->dropped[rule * k->words_n + row / 64] >> row % 64 & 1) != 0;
}

static size_t
block_end(const struct sorted *s, size_t i)
{
	size_t end = i + 1;

	while (end < s->n && s->v[end].key == s->v[i].key)
		end++;
	return end;
}

/* Sorts the rows by one rule's keys and marks what is too large. */
static void
sort_rule(void *arg, size_t i, unsigned thread)
{
	struct maker *k = arg;
	struct linkage *l = k->l;
	size_t r = k->first + i, end;
	struct rule *rule = &l->rules[r];
	struct sorted *s = &k->sorted[i];

	(void)thread;
	s->n = 0;
	for (uint32_t row = 0; row < l->n; row++) {
		uint64_t key = rule_key(l->features[row], rule->mask);

		if (key != 0)
			s->v[s->n++] = (struct keyed){ key, row };
	}
	sort_keyed(s->v, s->spare, s->n);
	for (size_t at = 0; at < s->n; at = end) {
		end = block_end(s, at);
		if (end - at <= k->cap)
			continue;
		rule->dropped++;
		rule->dropped_rows += end - at;
		for (size_t j = at; j < end; j++)
			k->dropped[r * k->words_n + s->v[j].row / 64] |=
			    UINT64_C(1) << s->v[j].row % 64;
	}
}

/* Which rules hold pairs that have these features in common. */
static const uint64_t *
holding(const struct maker *k, struct held *cache, uint32_t mask)
{
	struct held *h =
	    &cache[(mask * UINT32_C(0x9e3779b1)) >> (32 - HELD_BITS)];

	if (h->mask == mask)
		return h->rules;
	*h = (struct held){ .mask = mask };
	for (size_t i = 0; i < k->l->rules_n; i++)
		if ((mask & k->masks[i]) == k->masks[i])
			h->rules[i / 64] |= UINT64_C(1) << i % 64;
	return h->rules;
}

/* Has an earlier rule this pair? */
static bool
is_known(const struct maker *k, struct held *cache, uint32_t mask, uint32_t row)
{
	const uint64_t *rules = holding(k, cache, mask);

	for (size_t i = 0; i <= k->rule / 64; i++) {
		uint64_t earlier = rules[i];

		if (i == k->rule / 64)
			earlier &= (UINT64_C(1) << k->rule % 64) - 1;
		for (; earlier != 0; earlier &= earlier - 1)
			if (!is_dropped(k,
				i * 64 + (size_t)__builtin_ctzll(earlier), row))
				return true;
	}
	return false;
}

static void
make_block(struct maker *k, struct task *t, struct held *cache,
    const struct keyed *v, size_t n)
{
	const features_row *f = (const features_row *)k->l->features;

	for (size_t i = 0; i < n; i++) {
		uint32_t a = v[i].row, there = features_there(f[a]);

		for (size_t j = i + 1; j < n; j++) {
			uint32_t b = v[j].row;
			uint32_t mask = features_same(f[a], f[b]) & there;

			if (!is_known(k, cache, mask, a))
				vec_add(&t->out, (struct link_pair){ a, b });
		}
	}
}

static void
make_task(void *arg, size_t i, unsigned thread)
{
	struct maker *k = arg;
	struct task *t = &k->tasks.v[i];
	const struct sorted *s = &k->sorted[k->rule - k->first];
	const features_row *f = (const features_row *)k->l->features;
	size_t end;

	for (size_t at = t->from; at < t->to; at = end) {
		end = block_end(s, at);
		for (size_t j = at + AHEAD; j < end + AHEAD && j < s->n; j++) {
			__builtin_prefetch(f[s->v[j].row]);
			__builtin_prefetch(f[s->v[j].row] + FEATURES / 2);
		}
		if (end - at <= k->cap)
			make_block(k, t, k->held[thread], s->v + at, end - at);
	}
}

static void
make_rule(struct maker *k, size_t *cap)
{
	struct linkage *l = k->l;
	const struct sorted *s = &k->sorted[k->rule - k->first];
	size_t from = 0;

	k->tasks.n = 0;
	while (from < s->n) {
		size_t to = from + TASK_ROWS;

		to = to >= s->n ? s->n : block_end(s, to);
		vec_add(&k->tasks, (struct task){ from, to, { 0 } });
		from = to;
	}
	jobs_run(l->threads, k->tasks.n, make_task, k);
	for (size_t i = 0; i < k->tasks.n; i++) {
		struct task *t = &k->tasks.v[i];

		vec_hold(l->pairs, l->pairs_n, *cap, t->out.n);
		if (t->out.n > 0)
			memcpy(l->pairs + l->pairs_n, t->out.v,
			    t->out.n * sizeof(*t->out.v));
		l->pairs_n += t->out.n;
		l->rules[k->rule].pairs += t->out.n;
		vec_release(&t->out);
	}
}

void
pairs_make(struct linkage *l)
{
	struct maker *k = xcalloc(1, sizeof(*k));
	size_t batch = l->threads < BATCH_RULES ? l->threads : BATCH_RULES;
	size_t cap = 0;

	k->l = l;
	k->cap = rules_cap(l->n);
	k->words_n = (l->n + 63) / 64;
	k->dropped = xcalloc(k->words_n * l->rules_n + 1, sizeof(*k->dropped));
	for (size_t i = 0; i < l->rules_n; i++)
		k->masks[i] = l->rules[i].mask;
	k->held = xcalloc(l->threads, sizeof(*k->held));
	for (unsigned i = 0; i < l->threads; i++)
		k->held[i] = xcalloc((size_t)1 << HELD_BITS, sizeof(**k->held));
	for (size_t i = 0; i < batch; i++) {
		k->sorted[i].v = xreallocarray(
		    NULL, (size_t)l->n * 2 + 1, sizeof(struct keyed));
		k->sorted[i].spare = k->sorted[i].v + l->n;
	}
	for (k->first = 0; k->first < l->rules_n; k->first += batch) {
		size_t n = l->rules_n - k->first;

		n = n < batch ? n : batch;
		jobs_run(l->threads, n, sort_rule, k);
		for (size_t i = 0; i < n; i++) {
			k->rule = k->first + i;
			make_rule(k, &cap);
		}
	}
	for (size_t i = 0; i < batch; i++)
		free(k->sorted[i].v);
	for (unsigned i = 0; i < l->threads; i++)
		free(k->held[i]);
	free(k->held);
	vec_release(&k->tasks);
	free(k->dropped);
	free(k);
}
