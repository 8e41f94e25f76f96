/*
 * Whole names beside names in parts: a whole one is cut by what the parts of
 * other rows are, so that both are compared in the same way ("Smith Anna",
 * beside rows of given and family names).  Where all are whole and of people,
 * they are cut by which words stand first, and which last.
 */
#include "people/linkage/inside.h"

#include <math.h>

#include "core/alloc.h"

enum {
	PARTS_LEAST = 50, /* of so many rows one has parts */
	CUT_WORDS = 6, /* of a name that is cut, at most */
	TOLD_LEAST = 5, /* of so many rows one tells what only people have */
	USUAL_TENTHS = 7, /* of names have two or three words */
};
static const double unseen = .2; /* rows that a new word counts for */
static const double turned_cost = 1; /* of a family's name that is first */

/* How many rows have each word in one part of their names. */
struct part {
	struct dictionary words;
	double total;
};

struct cutter {
	struct linkage *l;
	struct part given, family;
};

static void
count_part(struct linkage *l, enum link_field f, struct part *out)
{
	const struct dictionary *d = &l->dict[f];
	uint32_t *count = xcalloc((size_t)d->n + 1, sizeof(*count));

	for (uint32_t i = 0; i < l->n; i++)
		count[l->rows.v[i].v[f]]++;
	for (uint32_t v = 1; v < d->n; v++) {
		struct str rest = value_text(d, v);

		while (rest.n > 0) {
			struct str w = str_split(&rest, ' ');

			uint32_t number = dictionary_put(&out->words, w);

			out->words.v[number].count += count[v];
			out->total += count[v];
		}
	}
	free(count);
}

static uint32_t
count_of(const struct part *p, struct str word)
{
	uint32_t v = dictionary_find(&p->words, word);

	return v < p->words.n ? p->words.v[v].count : 0;
}

static double
likelihood(const struct part *p, const struct str *words, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += log((count_of(p, words[i]) + unseen) / (p->total + 1));
	return sum;
}

/* The words from the first to the last, which stand beside each other. */
static struct str
span(const struct str *words, size_t n)
{
	return str_make(
	    words[0].p, (size_t)(words[n - 1].p + words[n - 1].n - words[0].p));
}

static void
set_parts(struct cutter *k, struct row *r, struct str given, struct str family)
{
	char text[2][VALUE_BYTES];

	/* What is put may move what they are of. */
	memcpy(text[0], given.p, given.n);
	memcpy(text[1], family.p, family.n);
	given.p = text[0];
	family.p = text[1];
	r->v[LINK_GIVEN] = dictionary_put(&k->l->dict[LINK_GIVEN], given);
	r->v[LINK_FAMILY] = dictionary_put(&k->l->dict[LINK_FAMILY], family);
	r->v[LINK_FULL] = VALUE_NONE;
	r->flags &= (uint8_t)~ROW_ONLY_FULL;
	if (given.n == 1)
		r->flags |= ROW_INITIAL;
}

/* Where the words are cut, and which half is the family's. */
static void
cut(struct cutter *k, struct row *r)
{
	struct str rest = value_text(&k->l->dict[LINK_FULL], r->v[LINK_FULL]);
	struct str words[CUT_WORDS], given = STR_NONE, family = STR_NONE;
	double best = -INFINITY;
	uint64_t known = 0;
	size_t n = 0;

	for (; rest.n > 0 && n < CUT_WORDS; n++) {
		words[n] = str_split(&rest, ' ');
		known += count_of(&k->given, words[n]) +
			 count_of(&k->family, words[n]);
	}
	if (rest.n > 0 || n < 2 || known == 0)
		return;
	for (size_t i = 1; i < n; i++) {
		double first = likelihood(&k->given, words, i) +
			       likelihood(&k->family, words + i, n - i);
		double last = likelihood(&k->family, words, i) +
			      likelihood(&k->given, words + i, n - i) -
			      turned_cost;
		double p = first > last ? first : last;

		if (r->family_words > 0 && n - i != r->family_words)
			continue;
		if (r->family_words > 0)
			p = first, last = -INFINITY;
		if (p <= best)
			continue;
		best = p;
		given = first >= last ? span(words, i) : span(words + i, n - i);
		family =
		    first >= last ? span(words + i, n - i) : span(words, i);
	}
	if (given.n > 0)
		set_parts(k, r, given, family);
}

static void
add_word(struct part *p, struct str word)
{
	uint32_t number = dictionary_put(&p->words, word);

	p->words.v[number].count++;
	p->total++;
}

/* Where no row has parts: by where words stand, first or last. */
static void
count_places(struct cutter *k)
{
	const struct linkage *l = k->l;

	for (uint32_t i = 0; i < l->n; i++) {
		struct str rest =
		    value_text(&l->dict[LINK_FULL], l->rows.v[i].v[LINK_FULL]);
		struct str first = str_split(&rest, ' '), last = STR_NONE;

		while (rest.n > 0)
			last = str_split(&rest, ' ');
		if (last.n < 2 || first.n < 2)
			continue;
		add_word(&k->given, first);
		add_word(&k->family, last);
	}
}

/* Names of two or three words, beside what only people have. */
static bool
are_people(const struct linkage *l)
{
	uint64_t names = 0, usual = 0, told = 0;

	for (uint32_t i = 0; i < l->n; i++) {
		const struct row *r = &l->rows.v[i];
		struct str rest =
		    value_text(&l->dict[LINK_FULL], r->v[LINK_FULL]);
		unsigned words = 0;

		told += (r->v[LINK_DATE] | r->v[LINK_EMAIL] | r->v[LINK_IDENT] |
			    r->v[LINK_GENDER]) != 0;
		if ((r->flags & ROW_ONLY_FULL) == 0)
			continue;
		for (; rest.n > 0; words++)
			(void)str_split(&rest, ' ');
		names++;
		usual += words == 2 || words == 3;
	}
	return told * TOLD_LEAST >= l->n && usual * 10 >= names * USUAL_TENTHS;
}

void
names_cut(struct linkage *l)
{
	struct cutter k = { .l = l };
	uint64_t only = 0, parts = 0;

	for (uint32_t i = 0; i < l->n; i++) {
		const struct row *r = &l->rows.v[i];

		only += (r->flags & ROW_ONLY_FULL) != 0;
		parts += r->v[LINK_GIVEN] != 0 && r->v[LINK_FAMILY] != 0;
	}
	if (only == 0)
		return;
	if (parts * PARTS_LEAST >= l->n) {
		count_part(l, LINK_GIVEN, &k.given);
		count_part(l, LINK_FAMILY, &k.family);
	} else if (are_people(l)) {
		count_places(&k);
	} else {
		return;
	}
	for (uint32_t i = 0; i < l->n; i++)
		if ((l->rows.v[i].flags & ROW_ONLY_FULL) != 0)
			cut(&k, &l->rows.v[i]);
	dictionary_release(&k.given.words);
	dictionary_release(&k.family.words);
}
