/*
 * Dictionaries: a field's values, numbered in the order of their first coming.
 */
#include "people/linkage/inside.h"

#include <math.h>

#include "core/alloc.h"
#include "core/hash.h"

static void
grow(struct dictionary *d)
{
	size_t size = d->mask == 0 ? 1024 : (d->mask + 1) * 2;
	uint64_t *old = d->slots, *slots = xcalloc(size, sizeof(*slots));

	for (size_t i = 0; old != NULL && i <= d->mask; i++) {
		uint32_t v = (uint32_t)old[i];
		uint64_t h;
		size_t j;

		if (v == 0)
			continue;
		h = hash_keyed(d->text + d->v[v].at, d->v[v].n);
		j = (size_t)h & (size - 1);
		while (slots[j] != 0)
			j = (j + 1) & (size - 1);
		slots[j] = old[i];
	}
	free(old);
	d->slots = slots;
	d->mask = size - 1;
}

uint32_t
dictionary_put(struct dictionary *d, struct str s)
{
	uint64_t h = hash_keyed(s.p, s.n), upper = h & ~(uint64_t)UINT32_MAX;
	size_t i;

	if (d->n == 0) {
		vec_hold(d->v, d->n, d->cap, 1);
		d->v[d->n++] = (struct value){ 0 };
	}
	if ((size_t)d->n * 3 >= d->mask * 2)
		grow(d);
	for (i = (size_t)h & d->mask; d->slots[i] != 0; i = (i + 1) & d->mask) {
		uint32_t v = (uint32_t)d->slots[i];

		if ((d->slots[i] & ~(uint64_t)UINT32_MAX) == upper &&
		    str_eq(value_text(d, v), s))
			return v;
	}
	if (d->text_n + s.n > UINT32_MAX || d->n == UINT32_MAX)
		alloc_die(SIZE_MAX);
	vec_hold(d->v, d->n, d->cap, 1);
	vec_hold(d->text, d->text_n, d->text_cap, s.n);
	memcpy(d->text + d->text_n, s.p, s.n);
	d->v[d->n] =
	    (struct value){ .at = (uint32_t)d->text_n, .n = (uint8_t)s.n };
	d->text_n += s.n;
	d->slots[i] = upper | d->n;
	return d->n++;
}

uint32_t
dictionary_find(const struct dictionary *d, struct str s)
{
	uint64_t h = hash_keyed(s.p, s.n), upper = h & ~(uint64_t)UINT32_MAX;

	if (d->n == 0)
		return VALUE_NONE;
	for (size_t i = (size_t)h & d->mask; d->slots[i] != 0;
	     i = (i + 1) & d->mask)
		if ((d->slots[i] & ~(uint64_t)UINT32_MAX) == upper &&
		    str_eq(value_text(d, (uint32_t)d->slots[i]), s))
			return (uint32_t)d->slots[i];
	return VALUE_NONE;
}

void
dictionary_release(struct dictionary *d)
{
	free(d->v);
	free(d->text);
	free(d->slots);
	free(d->words);
	*d = (struct dictionary){ 0 };
}

/* What is told of each value. */

static uint32_t
letters_of(struct str s)
{
	uint32_t bits = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c >= 'a' && c <= 'z')
			bits |= UINT32_C(1) << (c - 'a');
		else
			bits |= UINT32_C(1) << (26 + c % 6);
	}
	return bits;
}

static bool
has_words(int f)
{
	return f <= LINK_FULL || f == LINK_STREET || f == LINK_STREET2 ||
	       f == LINK_CITY || f == LINK_CATEGORY;
}

static struct dictionary *
words_of(struct linkage *l, int f)
{
	return &l->word[f <= LINK_FULL ? LINK_FULL : f];
}

static void
add_words(struct linkage *l, int f, uint32_t v)
{
	struct dictionary *d = &l->dict[f], *words = words_of(l, f);
	struct str rest = value_text(d, v);

	d->v[v].words_at = (uint32_t)d->words_n;
	while (rest.n > 0 && d->v[v].words < VALUE_WORDS) {
		struct str w = str_split(&rest, ' ');
		uint32_t number;

		if (w.n == 0)
			continue;
		number = dictionary_put(words, w);
		words->v[number].count += d->v[v].count;
		vec_hold(d->words, d->words_n, d->words_cap, 1);
		d->words[d->words_n++] = number;
		d->v[v].words++;
	}
}

static uint32_t
date_number(struct str s)
{
	uint32_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n = n * 10 + (uint32_t)(s.p[i] - '0');
	return n;
}

static void
settle_value(struct linkage *l, int f, uint32_t v)
{
	struct dictionary *d = &l->dict[f];
	struct value *x = &d->v[v];
	struct str s = value_text(d, v);

	x->letters = letters_of(s);
	if (f == LINK_DATE)
		x->date = date_number(s);
	if (f == LINK_EMAIL)
		x->local = (uint8_t)str_chr(s, '@');
	if (x->count > 0)
		x->lf = logf((float)x->count / (float)d->present);
	if (has_words(f))
		add_words(l, f, v);
}

static void
settle_words(struct dictionary *d, double rows)
{
	for (uint32_t i = 1; i < d->n; i++) {
		d->v[i].letters = letters_of(value_text(d, i));
		d->v[i].lf = logf((float)((double)d->v[i].count / (rows + 1)));
	}
}

/* The whole name of those that have parts, where others have none. */
static void
settle_mixed(struct linkage *l)
{
	struct dictionary *d = &l->dict[LINK_FULL];
	uint64_t only = 0;

	for (uint32_t i = 0; i < l->n; i++)
		only += (l->rows.v[i].flags & ROW_ONLY_FULL) != 0;
	l->mixed = only > 0 && only * 50 > l->n && only < l->n;
	for (uint32_t i = 0; l->mixed && i < l->n; i++) {
		struct row *r = &l->rows.v[i];
		char whole[3 * VALUE_BYTES + 3];
		size_t n = 0;

		if ((r->flags & ROW_ONLY_FULL) != 0)
			continue;
		for (int f = 0; f <= LINK_FULL; f++) {
			struct str s = value_text(&l->dict[f], r->v[f]);

			if (r->v[f] == VALUE_NONE)
				continue;
			if (n > 0)
				whole[n++] = ' ';
			memcpy(whole + n, s.p, s.n);
			n += s.n;
		}
		if (n > 0)
			r->v[LINK_FULL] = dictionary_put(
			    d, str_sub(str_make(whole, n), 0, VALUE_BYTES));
	}
}

static void
count_values(struct linkage *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		for (int f = 0; f < LINK_FIELDS; f++) {
			uint32_t v = l->rows.v[i].v[f];

			if (v == VALUE_NONE)
				continue;
			l->dict[f].v[v].count++;
			l->dict[f].present++;
		}
}

/* Numbers and addresses of many people are no sign of one. */

enum {
	SHARED_ROWS = 4, /* that have it, at least */
	SHARED_NAMES = 4, /* among them that have no word in common */
	SHARED_LOOKED = 100, /* rows of each that are looked at */
};

static bool
words_meet(struct str a, struct str b)
{
	while (a.n > 0) {
		struct str w = str_split(&a, ' '), rest = b;
		unsigned most = w.n > 3;

		while (rest.n > 0)
			if (similar_edits(w, str_split(&rest, ' '), most) <=
			    most)
				return true;
	}
	return false;
}

static struct str
text_of(const struct linkage *l, uint32_t row, int f)
{
	uint32_t v = l->rows.v[row].v[f];

	return v == VALUE_NONE ? STR_NONE : value_text(&l->dict[f], v);
}

/* Do two rows have a word of their names in common, or nearly so? */
static bool
names_meet(const struct linkage *l, uint32_t a, uint32_t b)
{
	for (int f = 0; f <= LINK_FULL; f++)
		for (int g = 0; g <= LINK_FULL; g++)
			if (words_meet(text_of(l, a, f), text_of(l, b, g)))
				return true;
	return false;
}

static void
judge_shared(
    struct linkage *l, struct value *x, const struct keyed *v, size_t n)
{
	uint32_t seen[SHARED_NAMES];
	size_t count = 0;

	for (size_t i = 0; i < n && i < SHARED_LOOKED && count < SHARED_NAMES;
	     i++) {
		const struct row *r = &l->rows.v[v[i].row];
		size_t j = 0;

		if (r->v[LINK_GIVEN] + r->v[LINK_FAMILY] + r->v[LINK_FULL] == 0)
			continue;
		while (j < count && !names_meet(l, v[i].row, seen[j]))
			j++;
		if (j == count)
			seen[count++] = v[i].row;
	}
	x->shared = count == SHARED_NAMES;
}

static void
find_shared(struct linkage *l, enum link_field f)
{
	struct dictionary *d = &l->dict[f];
	struct keyed *v = xcalloc((size_t)l->n * 2 + 1, sizeof(*v));
	size_t n = 0, end;

	for (uint32_t i = 0; i < l->n; i++) {
		uint32_t x = l->rows.v[i].v[f];

		if (x != VALUE_NONE && d->v[x].count >= SHARED_ROWS)
			v[n++] = (struct keyed){ x, i };
	}
	sort_keyed(v, v + l->n, n);
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && v[end].key == v[i].key;)
			end++;
		judge_shared(l, &d->v[v[i].key], v + i, end - i);
	}
	free(v);
}

/* Given names that several have, and slips of them: what is left of both when
 * each loses a letter is equal (as SymSpell has it, Garbe 2012). */

enum { KNOWN_LETTERS = 4 };

static void
add_losses(struct dictionary *d, struct str s)
{
	char less[VALUE_BYTES];

	(void)dictionary_put(d, s);
	for (size_t i = 0; i < s.n && s.n >= KNOWN_LETTERS; i++) {
		memcpy(less, s.p, i);
		memcpy(less + i, s.p + i + 1, s.n - i - 1);
		(void)dictionary_put(d, str_make(less, s.n - 1));
	}
}

static bool
has_loss(struct dictionary *d, struct str s)
{
	char less[VALUE_BYTES];

	if (dictionary_find(d, s) != VALUE_NONE)
		return true;
	for (size_t i = 0; i < s.n && s.n >= KNOWN_LETTERS; i++) {
		memcpy(less, s.p, i);
		memcpy(less + i, s.p + i + 1, s.n - i - 1);
		if (dictionary_find(d, str_make(less, s.n - 1)) != VALUE_NONE)
			return true;
	}
	return false;
}

/* Where names are turned, families' stand among the given ones. */
static bool
is_family(const struct linkage *l, const struct value *given)
{
	const struct dictionary *d = &l->dict[LINK_FAMILY];
	uint32_t v = dictionary_find(
	    d, str_make(l->dict[LINK_GIVEN].text + given->at, given->n));

	return v != VALUE_NONE && d->v[v].count >= given->count;
}

static void
find_known(struct linkage *l)
{
	struct dictionary *d = &l->dict[LINK_GIVEN], losses = { 0 };

	for (uint32_t v = 1; v < d->n; v++) {
		d->v[v].known = d->v[v].count >= KNOWN_ROWS && d->v[v].n > 1 &&
				!is_family(l, &d->v[v]);
		if (d->v[v].known)
			add_losses(&losses, value_text(d, v));
	}
	for (uint32_t v = 1; v < d->n && losses.n > 0; v++)
		if (!d->v[v].known && d->v[v].n > 1)
			d->v[v].known = has_loss(&losses, value_text(d, v));
	dictionary_release(&losses);
}

/* date_digits reads the month first where either can be. */
void
dates_settle(struct linkage *l)
{
	struct dictionary *d = &l->dict[LINK_DATE];

	if (l->orders[DATE_DAY_FIRST] == 0 || l->orders[DATE_MONTH_FIRST] > 0)
		return;
	for (uint32_t i = 0; i < l->n; i++) {
		struct row *r = &l->rows.v[i];
		char turned[DATE_DIGITS];
		struct str s = value_text(d, r->v[LINK_DATE]);

		if ((r->flags & ROW_TURNABLE) == 0)
			continue;
		memcpy(turned, s.p, 4);
		memcpy(turned + 4, s.p + 6, 2);
		memcpy(turned + 6, s.p + 4, 2);
		r->v[LINK_DATE] =
		    dictionary_put(d, str_make(turned, DATE_DIGITS));
	}
}

static void
find_silent(const struct linkage *l, struct row *r)
{
	unsigned silent = 0;

	for (int f = 0; f < LINK_FIELDS; f++)
		if (r->v[f] == VALUE_NONE || l->dict[f].v[r->v[f]].shared)
			silent |= 1U << f;
	r->silent = (uint16_t)silent;
}

void
values_settle(struct linkage *l)
{
	settle_mixed(l);
	count_values(l);
	for (int f = 0; f < LINK_FIELDS; f++)
		for (uint32_t v = 1; v < l->dict[f].n; v++)
			settle_value(l, f, v);
	for (int f = LINK_FULL; f < LINK_FIELDS; f++)
		settle_words(&l->word[f], l->n);
	find_known(l);
	find_shared(l, LINK_PHONE);
	find_shared(l, LINK_EMAIL);
	for (uint32_t i = 0; i < l->n; i++)
		find_silent(l, &l->rows.v[i]);
}
