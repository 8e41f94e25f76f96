/*
 * How two rows compare: of each field a level, from not alike at all to equal.
 */
#include "people/linkage/inside.h"

#include "core/alloc.h"

const uint8_t link_levels[LINK_FIELDS] = { 8, 8, 6, 9, 7, 4, 3, 5, 5, 4, 4, 2,
	4, 2, 4 };

enum {
	GIVEN_FOUND = 3, /* in the other name's slot */
	SHORT = 5, /* letters below which two edits are another word */
	ALL_FIELDS = (1 << LINK_FIELDS) - 1,
	TAIL = 7, /* digits that tell a telephone */
};

void
memo_init(struct memo *m)
{
	m->keys = xcalloc((size_t)1 << MEMO_BITS, sizeof(*m->keys));
	m->levels = xcalloc((size_t)1 << MEMO_BITS, sizeof(*m->levels));
}

void
memo_release(struct memo *m)
{
	free(m->keys);
	free(m->levels);
}

static unsigned
bits(uint32_t x)
{
	return (unsigned)__builtin_popcount(x);
}

/* Edits up to most, which the letters may already exclude; more is most + 1. */
static unsigned
edits(const struct dictionary *d, uint32_t a, uint32_t b, unsigned most)
{
	if (bits(d->v[a].letters ^ d->v[b].letters) > 2 * most)
		return most + 1;
	return similar_edits(value_text(d, a), value_text(d, b), most);
}

static bool
near(const struct dictionary *d, uint32_t a, uint32_t b, unsigned most)
{
	return edits(d, a, b, most) <= most;
}

/* Jaro-Winkler; 0 where it is below `least` by the letters that only one has. */
static double
jaro(const struct dictionary *d, uint32_t a, uint32_t b, double least)
{
	struct str x = value_text(d, a), y = value_text(d, b);
	double alone_x = bits(d->v[a].letters & ~d->v[b].letters);
	double alone_y = bits(d->v[b].letters & ~d->v[a].letters);
	double nx = (double)x.n, ny = (double)y.n, n, most;
	size_t prefix = 0;

	n = nx - alone_x < ny - alone_y ? nx - alone_x : ny - alone_y;
	if (x.n > SIMILAR_BYTES || y.n > SIMILAR_BYTES)
		return similar_jaro(x, y);
	if (n <= 0)
		return 0;
	while (prefix < 4 && prefix < x.n && prefix < y.n &&
	       x.p[prefix] == y.p[prefix])
		prefix++;
	most = (n / nx + n / ny + 1) / 3;
	most += (double)prefix * .1 * (1 - most);
	return most < least ? 0 : similar_jaro(x, y);
}

static size_t
shorter(const struct dictionary *d, uint32_t a, uint32_t b)
{
	return d->v[a].n < d->v[b].n ? d->v[a].n : d->v[b].n;
}

static unsigned
level_name(const struct dictionary *d, uint32_t a, uint32_t b)
{
	struct str x = value_text(d, a), y = value_text(d, b);
	size_t n = x.n < y.n ? x.n : y.n;
	unsigned apart = n < 3 ? 3 : edits(d, a, b, n < SHORT ? 1 : 2);
	double j;

	if (apart <= 1)
		return 6;
	if (n >= 2 && similar_nickname(x, y))
		return 5;
	if (n >= 3 && memcmp(x.p, y.p, n) == 0)
		return 5;
	if (n == 1 && x.p[0] == y.p[0])
		return 4;
	if (n >= SHORT && apart <= 2)
		return 2;
	j = n < 2 ? 0 : jaro(d, a, b, .75);
	return j >= .88 ? 2 : j >= .75 ? 1 : 0;
}

static unsigned
level_text(const struct dictionary *d, uint32_t a, uint32_t b)
{
	unsigned apart = edits(d, a, b, 2);

	return apart <= 1 ? 2 : apart == 2;
}

static unsigned
level_phone(const struct dictionary *d, uint32_t a, uint32_t b)
{
	struct str x = value_text(d, a), y = value_text(d, b);
	unsigned apart = edits(d, a, b, 2);

	if (apart <= 1)
		return 2;
	if (x.n >= TAIL && y.n >= TAIL &&
	    memcmp(x.p + x.n - TAIL, y.p + y.n - TAIL, TAIL) == 0)
		return 2;
	return apart == 2;
}

static unsigned
level_postcode(const struct dictionary *d, uint32_t a, uint32_t b)
{
	struct str x = value_text(d, a), y = value_text(d, b);

	if (near(d, a, b, 1))
		return 2;
	return x.n >= 3 && y.n >= 3 && memcmp(x.p, y.p, 3) == 0;
}

/* How much of the words is in both, by what they weigh: of the shorter, and of
 * all. */
static double
overlap(const struct dictionary *d, const struct dictionary *words, uint32_t a,
    uint32_t b, double *of_all)
{
	const struct value *x = &d->v[a], *y = &d->v[b];
	double common = 0, left = 0, right = 0;
	uint32_t taken = 0;

	for (unsigned j = 0; j < y->words; j++)
		right -= words->v[d->words[y->words_at + j]].lf;
	for (unsigned i = 0; i < x->words; i++) {
		uint32_t w = d->words[x->words_at + i];
		struct str s = value_text(words, w);
		double best = 0;
		unsigned at = 0;

		left -= words->v[w].lf;
		for (unsigned j = 0; j < y->words; j++) {
			uint32_t v = d->words[y->words_at + j];
			struct str t = value_text(words, v);
			double like = 0;

			if ((taken >> j & 1) != 0)
				continue;
			if (v == w)
				like = 1;
			else if (s.n > 3 && t.n > 3 && near(words, v, w, 1))
				like = .9;
			else if ((s.n == 1 || t.n == 1) && s.p[0] == t.p[0])
				like = .3;
			if (like > best)
				best = like, at = j;
		}
		if (best > 0) {
			taken |= UINT32_C(1) << at;
			common -= best * words->v[w].lf;
		}
	}
	*of_all =
	    left + right - common <= 0 ? 0 : common / (left + right - common);
	left = left < right ? left : right;
	return left <= 0 ? 0 : common / left > 1 ? 1 : common / left;
}

static unsigned
level_full(const struct dictionary *d, const struct dictionary *words,
    uint32_t a, uint32_t b)
{
	double j, r = overlap(d, words, a, b, &j);

	if (j >= .8)
		return 5 - (j < .999);
	if (j >= .55 || (r >= .95 && j > .4))
		return 4;
	return r >= .7 ? 3 : r >= .4 ? 2 : j >= .15 ? 1 : 0;
}

static unsigned
level_street(const struct dictionary *d, const struct dictionary *words,
    uint32_t a, uint32_t b)
{
	double like = jaro(d, a, b, .85), all, r;

	if (like >= .93 || near(d, a, b, 2))
		return 3;
	r = overlap(d, words, a, b, &all);
	if (r >= .75)
		return 2;
	return r >= .45 || like >= .85;
}

static unsigned
level_city(const struct dictionary *d, const struct dictionary *words,
    uint32_t a, uint32_t b)
{
	double all;

	if (near(d, a, b, shorter(d, a, b) < SHORT ? 1 : 2) ||
	    jaro(d, a, b, .9) >= .9)
		return 2;
	return overlap(d, words, a, b, &all) >= .6;
}

/* Day and month may be 00, where they are not told. */
static bool
next_to(unsigned a, unsigned b, unsigned round)
{
	unsigned apart = a < b ? b - a : a - b;

	return apart <= 1 || apart + 1 >= round;
}

static unsigned
level_date(const struct dictionary *d, uint32_t a, uint32_t b)
{
	uint32_t x = d->v[a].date, y = d->v[b].date;
	unsigned y1 = x / 10000, m1 = x / 100 % 100, d1 = x % 100;
	unsigned y2 = y / 10000, m2 = y / 100 % 100, d2 = y % 100;
	unsigned years = y1 < y2 ? y2 - y1 : y1 - y2;
	bool near_day = next_to(m1, m2, 12) && next_to(d1, d2, 31);

	if (y1 == 0 || y2 == 0)
		return m1 == m2 && d1 == d2;
	if (years == 0 && m1 == d2 && m2 == d1)
		return 7;
	if (near(d, a, b, 1))
		return 6;
	if ((years == 0) + (m1 == m2) + (d1 == d2) >= 2)
		return 5;
	if ((years == 0 || years == 1 || years == 10) && near_day)
		return 4;
	if (near(d, a, b, 2))
		return 3;
	if (years == 0)
		return 2;
	return years == 1 || years == 10;
}

/* Letters are the same, and digits are not: smith12, smith13. */
static bool
numbered(struct str x, struct str y)
{
	size_t i = 0, j = 0;
	bool digits = false;

	for (;;) {
		while (i < x.n && x.p[i] >= '0' && x.p[i] <= '9')
			i++, digits = true;
		while (j < y.n && y.p[j] >= '0' && y.p[j] <= '9')
			j++, digits = true;
		if (i == x.n || j == y.n)
			break;
		if (x.p[i++] != y.p[j++])
			return false;
	}
	return digits && i == x.n && j == y.n;
}

static unsigned
level_email(const struct dictionary *d, uint32_t a, uint32_t b)
{
	struct str x = value_text(d, a), y = value_text(d, b);
	struct str l = str_sub(x, 0, d->v[a].local);
	struct str k = str_sub(y, 0, d->v[b].local);

	if (numbered(l, k))
		return LEVEL_MISSING;
	if (near(d, a, b, 1))
		return 5;
	if (l.n > 3 && str_eq(l, k))
		return EMAIL_LOCAL;
	if (near(d, a, b, 3))
		return 3;
	if (l.n >= SHORT && k.n >= SHORT && similar_edits(l, k, 2) <= 2)
		return 2;
	return l.n >= 4 && k.n >= 4 && similar_jaro(l, k) >= .88;
}

static unsigned
level_of(const struct linkage *l, enum link_field f, uint32_t a, uint32_t b)
{
	const struct dictionary *d = &l->dict[f];
	const struct dictionary *words = &l->word[f];

	switch (f) {
	case LINK_GIVEN:
	case LINK_FAMILY:
		return level_name(d, a, b);
	case LINK_FULL:
		return level_full(d, words, a, b);
	case LINK_DATE:
		return level_date(d, a, b);
	case LINK_EMAIL:
		return level_email(d, a, b);
	case LINK_PHONE:
		return level_phone(d, a, b);
	case LINK_POSTCODE:
		return level_postcode(d, a, b);
	case LINK_HOUSE:
		return near(d, a, b, 1);
	case LINK_STREET:
	case LINK_STREET2:
		return level_street(d, words, a, b);
	case LINK_CITY:
	case LINK_CATEGORY:
		return level_city(d, words, a, b);
	case LINK_IDENT:
		return level_text(d, a, b);
	default:
		return 0;
	}
}

/* Numbers depend on the order of rows, texts do not. */
static bool
is_after(const struct dictionary *d, uint32_t a, uint32_t b)
{
	const struct value *x = &d->v[a], *y = &d->v[b];

	if (x->n != y->n)
		return x->n > y->n;
	if (x->letters != y->letters)
		return x->letters > y->letters;
	return str_cmp(value_text(d, a), value_text(d, b)) > 0;
}

static unsigned
level_known(const struct linkage *l, struct memo *m, enum link_field f,
    uint32_t a, uint32_t b)
{
	uint64_t key, at;
	unsigned level;

	if (a > b) {
		uint32_t swap = a;

		a = b;
		b = swap;
	}
	key = ((uint64_t)a << 32 | b) ^ (uint64_t)(f + 1) << 60;
	at = mix64(key) >> (64 - MEMO_BITS);
	if (m->keys[at] == key)
		return m->levels[at];
	if (is_after(&l->dict[f], a, b))
		level = level_of(l, f, b, a);
	else
		level = level_of(l, f, a, b);
	m->keys[at] = key;
	m->levels[at] = (uint8_t)level;
	return level;
}

static unsigned
level_equal(const struct value *v, enum link_field f)
{
	/* Of a date that lacks a part less is equal. */
	if (f == LINK_DATE && v->date % 100 == 0)
		return 2;
	if (f == LINK_DATE && v->date < 10000)
		return 1;
	return link_levels[f] - 1u;
}

static bool
has_word(struct str s, struct str word)
{
	while (s.n > 0)
		if (str_eq(str_split(&s, ' '), word))
			return true;
	return false;
}

/* Two texts of different fields, nearly equal. */
static bool
near_equal(struct str a, struct str b)
{
	return str_eq(a, b) ||
	       (a.n >= 4 && b.n >= 4 && similar_edits(a, b, 1) <= 1);
}

/*
 * Is this part of one's name the other part of the other's, or elsewhere in it?
 * Where both have the rest, that must be turned, too: Mason Hughes is not
 * Elizabeth Mason.
 */
static bool
found_elsewhere(const struct linkage *l, const struct row *x,
    const struct row *y, enum link_field f)
{
	enum link_field other = f == LINK_GIVEN ? LINK_FAMILY : LINK_GIVEN;
	struct str s = value_text(&l->dict[f], x->v[f]);

	if (s.n < 2)
		return false;
	if (y->v[LINK_FULL] != 0 && !l->mixed &&
	    has_word(value_text(&l->dict[LINK_FULL], y->v[LINK_FULL]), s))
		return true;
	if (y->v[other] == 0 ||
	    !near_equal(s, value_text(&l->dict[other], y->v[other])))
		return false;
	return x->v[other] == 0 || y->v[f] == 0 ||
	       near_equal(value_text(&l->dict[other], x->v[other]),
		   value_text(&l->dict[f], y->v[f]));
}

static bool
has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return false;
}

/*
 * What an address says beside the name that it is made of: nothing, but where
 * it is the same, or has the same number; and what is made of another name and
 * differs in a letter is another's (jsmith, fsmith).
 */
static unsigned
settle_email(const struct linkage *l, const uint8_t level[LINK_FIELDS],
    const struct row *x, const struct row *y)
{
	const struct dictionary *d = &l->dict[LINK_EMAIL];
	uint32_t v = x->v[LINK_EMAIL];
	struct str local = str_sub(value_text(d, v), 0, d->v[v].local);
	unsigned email = level[LINK_EMAIL];

	if (email == 0 || email == link_levels[LINK_EMAIL] - 1u ||
	    email == LEVEL_MISSING || ((x->flags | y->flags) & ROW_NAMED) == 0)
		return email;
	if (email == EMAIL_LOCAL && has_digit(local))
		return email;
	if (email <= EMAIL_LOCAL || (x->flags & y->flags & ROW_NAMED) != 0 ||
	    level[LINK_GIVEN] <= 1 || level[LINK_FAMILY] <= 1 ||
	    level[LINK_FULL] <= 1)
		return LEVEL_MISSING;
	return email;
}

/* Where rows with and without parts of the name stand together, the whole name
 * is compared of pairs that have no parts to compare. */
static bool
is_compared(
    const struct linkage *l, const struct row *x, const struct row *y, int f)
{
	return !l->mixed || f != LINK_FULL ||
	       ((x->flags | y->flags) & ROW_ONLY_FULL) != 0;
}

void
levels_compare(const struct linkage *l, struct memo *m, uint32_t a, uint32_t b,
    struct comparison *out)
{
	const struct row *x = &l->rows.v[a], *y = &l->rows.v[b];
	unsigned both = ~((unsigned)x->silent | y->silent) & ALL_FIELDS;

	memset(out->level, LEVEL_MISSING, sizeof(out->level));
	memset(out->lf, 0, sizeof(out->lf));
	for (; both != 0; both &= both - 1) {
		int f = __builtin_ctz(both);
		uint32_t v = x->v[f], w = y->v[f];
		const struct value *values = l->dict[f].v;
		unsigned level;

		if (!is_compared(l, x, y, f))
			continue;
		level = v == w ? level_equal(&values[v], (enum link_field)f)
			       : level_known(l, m, (enum link_field)f, v, w);
		if (f <= LINK_FAMILY && level < GIVEN_FOUND &&
		    (found_elsewhere(l, x, y, (enum link_field)f) ||
			found_elsewhere(l, y, x, (enum link_field)f)))
			level = GIVEN_FOUND;
		out->level[f] = (uint8_t)level;
		out->lf[f] =
		    values[v].lf > values[w].lf ? values[v].lf : values[w].lf;
	}
	if (out->level[LINK_EMAIL] != LEVEL_MISSING)
		out->level[LINK_EMAIL] =
		    (uint8_t)settle_email(l, out->level, x, y);
}
