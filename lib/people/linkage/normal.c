/*
 * The text of fields as it is compared: letters of any script as Latin without
 * marks, in lower case, words with one blank between them.
 */
#include "people/linkage/inside.h"

#include "core/text/ascii.h"
#include "people/guards.h"
#include "text/unicode.h"

enum { NAME_TITLE };
#define MEANS(SECTION, n) NAME_##SECTION
#include "people/words/titles.h"

enum {
	TEXT_BYTES = 400, /* of a field that are looked at */
	NAMED_LETTERS = 2, /* that may be left of an address made of a name */
};

static const char *const names[LINK_FIELDS] = { "givenName", "familyName",
	"name", "birthDate", "email", "tel", "house", "street", "street2",
	"city", "postcode", "state", "ident", "gender", "category" };

const char *
link_field_name(enum link_field f)
{
	return names[f];
}

static struct str
latin(struct str s, struct arena *a)
{
	struct str cutoff = str_trim(str_sub(s, 0, TEXT_BYTES));

	for (size_t i = 0; i < cutoff.n; i++)
		if ((unsigned char)cutoff.p[i] >= 0x80)
			return unicode_latin(cutoff, a);
	return cutoff;
}

/* Letters and digits; what stands between them is one blank, or nothing. */
static struct str
words_of(struct str s, bool blanks, struct arena *a)
{
	struct str l = latin(s, a);
	char *p = arena_alloc(a, l.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < l.n && n < VALUE_BYTES; i++) {
		unsigned char c = (unsigned char)ascii_lower(l.p[i]);

		if (ascii_is_alnum((char)c) || c >= 0x80)
			p[n++] = (char)c;
		else if (c != '\'' && blanks && n > 0 && p[n - 1] != ' ')
			p[n++] = ' ';
	}
	while (n > 0 && p[n - 1] == ' ')
		n--;
	return n == 0 ? STR_NONE : str_make(p, n);
}

static struct str
digits_of(struct str s, struct arena *a)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < VALUE_BYTES; i++)
		if (ascii_is_digit(s.p[i]))
			p[n++] = s.p[i];
	return n < 4 ? STR_NONE : str_make(p, n);
}

static struct str
address_of(struct str s, struct arena *a)
{
	struct str l = latin(s, a);
	char *p = arena_alloc(a, l.n + 1);
	ptrdiff_t at;
	struct str out;

	for (size_t i = 0; i < l.n; i++)
		p[i] = ascii_lower(l.p[i]);
	out = str_sub(str_make(p, l.n), 0, VALUE_BYTES);
	at = str_chr(out, '@');
	if (at <= 0 || guard_key(STR("email"), out) != GUARD_NONE)
		return STR_NONE;
	return out;
}

/* "female", "weiblich", "F": their letters. */
static struct str
gender_of(struct str s, struct arena *a)
{
	struct str w = words_of(s, true, a);

	if (w.n == 0)
		return STR_NONE;
	if (w.p[0] == 'w')
		return STR("f");
	if (w.p[0] == 'h')
		return STR("m");
	return str_sub(w, 0, 1);
}

/* Names. */

static const struct {
	const char *word;
	uint8_t generation;
} generations[] = { { "sr", 1 }, { "senior", 1 }, { "jr", 2 }, { "junior", 2 },
	{ "jnr", 2 }, { "snr", 1 }, { "ii", 2 }, { "iii", 3 }, { "iv", 4 } };

static uint8_t
generation_of(struct str w)
{
	for (size_t i = 0; i < sizeof(generations) / sizeof(*generations); i++)
		if (str_is(w, generations[i].word))
			return generations[i].generation;
	return 0;
}

/* Words of a name without titles and what tells the generation. */
static struct str
name_of(struct str s, struct normal *out, struct arena *a)
{
	struct str rest = words_of(s, true, a), word;
	char *p = arena_alloc(a, rest.n + 1);
	size_t n = 0;

	while (rest.n > 0) {
		uint8_t g;

		word = str_split(&rest, ' ');
		g = generation_of(word);
		/* Of a name that has more words, the last. */
		if (str_is(word, "i") && rest.n == 0)
			g = 1;
		if (g != 0 && n > 0)
			out->generation = g;
		if ((g != 0 && n > 0) ||
		    wordlist_is(&words_titles, word, NAME_TITLE))
			continue;
		if (n > 0)
			p[n++] = ' ';
		memcpy(p + n, word.p, word.n);
		n += word.n;
	}
	return n == 0 ? STR_NONE : str_make(p, n);
}

static bool
has_word(struct str s, struct str word)
{
	while (s.n > 0)
		if (str_eq(str_split(&s, ' '), word))
			return true;
	return false;
}

/* The words of full that neither part of the name has. */
static struct str
rest_of_name(
    struct str full, struct str given, struct str family, struct arena *a)
{
	char *p = arena_alloc(a, full.n + 1);
	size_t n = 0;

	while (full.n > 0) {
		struct str w = str_split(&full, ' ');

		if (has_word(given, w) || has_word(family, w))
			continue;
		if (n > 0)
			p[n++] = ' ';
		memcpy(p + n, w.p, w.n);
		n += w.n;
	}
	return n == 0 ? STR_NONE : str_make(p, n);
}

/* Takes a word's letters out of s; false where they are not there. */
static bool
take_out(char *s, size_t *n, struct str word)
{
	ptrdiff_t at = word.n < 2 ? -1 : str_find(str_make(s, *n), word);

	if (at < 0)
		return false;
	memmove(s + at, s + (size_t)at + word.n, *n - (size_t)at - word.n);
	*n -= word.n;
	return true;
}

/* "james" at its beginning, of who is called Jim. */
static bool
take_long_form(char *s, size_t *n, struct str given)
{
	for (size_t i = *n; i > NAMED_LETTERS; i--)
		if (similar_nickname(given, str_make(s, i))) {
			memmove(s, s + i, *n -= i);
			return true;
		}
	return false;
}

static bool
take_word(char *s, size_t *n, struct str word)
{
	return take_out(s, n, word) || take_long_form(s, n, word);
}

static bool
is_named(const struct normal *r)
{
	struct str email = r->text[LINK_EMAIL];
	ptrdiff_t at = str_chr(email, '@');
	char left[VALUE_BYTES];
	size_t n = 0;
	bool any = false;

	for (ptrdiff_t i = 0; i < at; i++)
		if (ascii_is_lower(email.p[i]))
			left[n++] = email.p[i];
	for (int f = LINK_FULL; f >= LINK_GIVEN; f--) {
		struct str rest = r->text[f];

		while (rest.n > 0)
			any |= take_word(left, &n, str_split(&rest, ' '));
	}
	return any && n <= NAMED_LETTERS;
}

/* "12 high street": the number that leads it. */
static void
split_house(struct normal *r)
{
	struct str s = r->text[LINK_STREET];
	size_t digits = 0, n;

	while (digits < s.n && ascii_is_digit(s.p[digits]))
		digits++;
	for (n = digits; n < s.n && s.p[n] != ' ';)
		n++;
	/* "1st street" has none. */
	if (digits == 0 || n > digits + 1 || n >= s.n)
		return;
	if (r->text[LINK_HOUSE].n == 0)
		r->text[LINK_HOUSE] = str_sub(s, 0, n);
	r->text[LINK_STREET] = str_trim(str_sub(s, n, s.n));
}

static uint8_t
words_in(struct str s)
{
	uint8_t n = 0;

	for (; s.n > 0; n++)
		(void)str_split(&s, ' ');
	return n;
}

/* "Smith, Anna" as "anna smith"; titles and "Jr" are no part of a name. */
static struct str
whole_name(struct str s, struct normal *out, struct arena *a)
{
	ptrdiff_t comma = str_chr(s, ',');
	struct str family, given, whole;

	if (comma <= 0)
		return name_of(s, out, a);
	family = name_of(str_sub(s, 0, (size_t)comma), out, a);
	given = name_of(str_sub(s, (size_t)comma + 1, s.n), out, a);
	if (given.n == 0 || family.n == 0 || generation_of(given) != 0)
		return name_of(s, out, a);
	out->family_words = words_in(family) & 15;
	whole = arena_printf(a, "%.*s %.*s", STR_ARG(given), STR_ARG(family));
	return str_sub(whole, 0, VALUE_BYTES);
}

static void
names_of(const struct linkage_row *row, struct normal *out, struct arena *a)
{
	struct str *t = out->text;
	struct str full;

	t[LINK_GIVEN] = name_of(row->text[LINK_GIVEN], out, a);
	t[LINK_FAMILY] = name_of(row->text[LINK_FAMILY], out, a);
	full = whole_name(row->text[LINK_FULL], out, a);
	t[LINK_FULL] = rest_of_name(full, t[LINK_GIVEN], t[LINK_FAMILY], a);
	if (t[LINK_GIVEN].n == 0 && t[LINK_FAMILY].n == 0 && full.n > 0)
		out->flags |= ROW_ONLY_FULL;
	if (t[LINK_GIVEN].n == 1)
		out->flags |= ROW_INITIAL;
}

void
normal_row(const struct linkage_row *row, struct normal *out, struct arena *a)
{
	static const struct {
		enum link_field field;
		bool blanks;
	} plain[] = { { LINK_HOUSE, false }, { LINK_STREET, true },
		{ LINK_STREET2, true }, { LINK_CITY, true },
		{ LINK_POSTCODE, false }, { LINK_STATE, true },
		{ LINK_IDENT, false }, { LINK_CATEGORY, true } };
	char date[DATE_DIGITS + 1];

	*out = (struct normal){ 0 };
	names_of(row, out, a);
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		out->text[plain[i].field] =
		    words_of(row->text[plain[i].field], plain[i].blanks, a);
	if (date_digits(row->text[LINK_DATE], date)) {
		out->text[LINK_DATE] = arena_dup(a, str_of(date));
		out->order = date_order(row->text[LINK_DATE]);
		if (out->order == DATE_EITHER)
			out->flags |= ROW_TURNABLE;
	}
	out->text[LINK_EMAIL] = address_of(row->text[LINK_EMAIL], a);
	out->text[LINK_PHONE] = digits_of(row->text[LINK_PHONE], a);
	out->text[LINK_GENDER] = gender_of(row->text[LINK_GENDER], a);
	split_house(out);
	if (is_named(out))
		out->flags |= ROW_NAMED;
	if (row->claimed)
		out->flags |= ROW_CLAIMED;
}
