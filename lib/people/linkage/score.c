/*
 * Scores of pairs, with what stops them whatever they score.
 */
#include "people/linkage/inside.h"

#include <math.h>

#include "core/alloc.h"

enum {
	BLOCK = 4096,
	AHEAD = 8, /* pairs whose rows are on their way */
};
static const double least_logodds = -2;
enum { GIVEN_ALIKE = 2, GIVEN_SHORT = 5 };
static const double thin_most = 1.1; /* a probability of .75 */

/* Two names that others have, too, are no slips of each other; where both have
 * a number of an office, that tells. */
bool
names_differ(
    const struct linkage *l, uint32_t a, uint32_t b, const struct comparison *c)
{
	const struct dictionary *d = &l->dict[LINK_GIVEN];
	const struct row *x = &l->rows.v[a], *y = &l->rows.v[b];

	return c->level[LINK_GIVEN] == 0 &&
	       c->level[LINK_IDENT] == LEVEL_MISSING &&
	       d->v[x->v[LINK_GIVEN]].known && d->v[y->v[LINK_GIVEN]].known;
}

/* Is it told by something that people of one house or firm do not share? */
static bool
has_proof(const struct linkage *l, const struct comparison *c, bool own)
{
	for (int f = LINK_DATE; f < LINK_FIELDS; f++) {
		unsigned v = c->level[f];

		if (f == LINK_GENDER || f == LINK_CATEGORY || f == LINK_STATE ||
		    v == LEVEL_MISSING || l->model.w[f][v] <= 1 ||
		    (f == LINK_EMAIL && v < EMAIL_LOCAL))
			continue;
		if (!own || f == LINK_DATE || f == LINK_IDENT)
			return true;
	}
	return false;
}

static bool
is_equal(const struct comparison *c, enum link_field f)
{
	return c->level[f] == link_levels[f] - 1u;
}

static bool
is_initial(const struct row *x)
{
	return (x->flags & ROW_INITIAL) != 0;
}

/* Two names, each of which several rows have: Sara and Sarah. */
static bool
are_established(
    const struct linkage *l, const struct row *x, const struct row *y)
{
	const struct value *v = l->dict[LINK_GIVEN].v;
	uint32_t a = x->v[LINK_GIVEN], b = y->v[LINK_GIVEN];

	return a != b && v[a].count >= KNOWN_ROWS && v[b].count >= KNOWN_ROWS;
}

/* "Anna" begins "Annabelle", and is no short form of it that is known. */
static bool
is_beginning(const struct linkage *l, const struct row *x, const struct row *y)
{
	const struct dictionary *d = &l->dict[LINK_GIVEN];

	return !similar_nickname(
	    value_text(d, x->v[LINK_GIVEN]), value_text(d, y->v[LINK_GIVEN]));
}

/*
 * What suggests and does not join: names alone; an initial, or a name that
 * begins another, that may be anybody's of the house; given names that are not
 * the same, but for who has the same number of an office; other dates of birth
 * in one house, other numbers of an office.
 */
static bool
is_thin(const struct linkage *l, const struct row *x, const struct row *y,
    const struct comparison *c)
{
	unsigned given = c->level[LINK_GIVEN];
	bool own = is_initial(x) || is_initial(y) ||
		   (given == GIVEN_SHORT && is_beginning(l, x, y)) ||
		   (given >= GIVEN_SHORT && are_established(l, x, y));

	if (is_equal(c, LINK_IDENT))
		return false;
	if (c->level[LINK_IDENT] == 0 && !is_equal(c, LINK_DATE))
		return true;
	if (c->level[LINK_DATE] == 0 && !is_equal(c, LINK_EMAIL) &&
	    !is_equal(c, LINK_PHONE) && !is_equal(c, LINK_IDENT))
		return true;
	return given <= GIVEN_ALIKE || !has_proof(l, c, own);
}

/* No two rows of one person say so much against each other. */
bool
rows_conflict(const struct linkage *l, struct memo *m, uint32_t a, uint32_t b)
{
	struct comparison c;

	levels_compare(l, m, a, b, &c);
	return c.level[LINK_DATE] == 0 || c.level[LINK_IDENT] == 0 ||
	       names_differ(l, a, b, &c);
}

double
score_rows(const struct linkage *l, struct memo *m, uint32_t a, uint32_t b,
    enum linkage_stop *stop)
{
	const struct row *x = &l->rows.v[a], *y = &l->rows.v[b];
	struct comparison c;
	double classes[CLASSES], odds;

	levels_compare(l, m, a, b, &c);
	*stop = LINKAGE_JOINED;
	if (x->generation != 0 && y->generation != 0 &&
	    x->generation != y->generation)
		*stop = LINKAGE_GENERATION;
	else if (((x->flags | y->flags) & ROW_CLAIMED) != 0)
		*stop = LINKAGE_CLAIMED;
	else if (names_differ(l, a, b, &c))
		*stop = LINKAGE_NAMES;
	odds = model_score(&l->model, &c, classes);
	/* Who asks for less wants the best guess. */
	return odds > thin_most && l->o.join > .5 && is_thin(l, x, y, &c)
		   ? thin_most
		   : odds;
}

struct scorer {
	struct linkage *l;
	struct memo *memos;
	struct scored VEC(struct edge) * blocks;
	uint32_t (*bins)[BINS]; /* of each block */
};

/* By its weight in bits. */
static size_t
bin_of(double odds)
{
	double bits = floor(odds / M_LN2) + BINS_LOW;

	return bits < 0 ? 0 : bits >= BINS ? BINS - 1 : (size_t)bits;
}

static void
score_block(void *arg, size_t i, unsigned thread)
{
	struct scorer *s = arg;
	struct linkage *l = s->l;
	size_t to = (i + 1) * BLOCK < l->pairs_n ? (i + 1) * BLOCK : l->pairs_n;

	for (size_t p = i * BLOCK; p < to; p++) {
		struct link_pair x = l->pairs[p];
		enum linkage_stop stop;
		double odds;

		if (p + AHEAD < to) {
			__builtin_prefetch(&l->rows.v[l->pairs[p + AHEAD].a]);
			__builtin_prefetch(&l->rows.v[l->pairs[p + AHEAD].b]);
		}
		odds = score_rows(l, &s->memos[thread], x.a, x.b, &stop);

		s->bins[i][bin_of(odds)]++;
		if (odds > least_logodds)
			vec_add(
			    &s->blocks[i], (struct edge){ x.a, x.b, (float)odds,
					       (uint8_t)stop });
	}
}

void
score_pairs(struct linkage *l)
{
	size_t blocks = (l->pairs_n + BLOCK - 1) / BLOCK, n = 0;
	struct scorer s = { .l = l };

	s.blocks = xcalloc(blocks + 1, sizeof(*s.blocks));
	s.bins = xcalloc(blocks + 1, sizeof(*s.bins));
	s.memos = xcalloc(l->threads, sizeof(*s.memos));
	for (unsigned i = 0; i < l->threads; i++)
		memo_init(&s.memos[i]);
	jobs_run(l->threads, blocks, score_block, &s);
	free(l->pairs);
	l->pairs = NULL;
	for (size_t i = 0; i < blocks; i++)
		n += s.blocks[i].n;
	l->edges = xreallocarray(NULL, n + 1, sizeof(*l->edges));
	for (size_t i = 0; i < blocks; i++) {
		if (s.blocks[i].n > 0)
			memcpy(l->edges + l->edges_n, s.blocks[i].v,
			    s.blocks[i].n * sizeof(*l->edges));
		l->edges_n += s.blocks[i].n;
		for (size_t j = 0; j < BINS; j++)
			l->bins[j] += s.bins[i][j];
		vec_release(&s.blocks[i]);
	}
	for (unsigned i = 0; i < l->threads; i++)
		memo_release(&s.memos[i]);
	free(s.memos);
	free(s.bins);
	free(s.blocks);
}
