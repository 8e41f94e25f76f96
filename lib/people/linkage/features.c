/*
 * Features: what blocking rules are made of, 32 numbers a row, so that which of
 * them two rows have in common is a few comparisons of vectors.
 */
#include "people/linkage/inside.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/alloc.h"

enum {
	FT_GIVEN,
	FT_GIVEN_SOUND,
	FT_FAMILY,
	FT_FAMILY_SOUND,
	FT_INITIAL,
	FT_FAMILY_BEGIN,
	FT_NAME_WORD, /* the rarest, in whatever slot */
	FT_NAME_WORD2,
	FT_DATE,
	FT_YEAR,
	FT_DAY, /* month and day, the smaller one first */
	FT_YEAR_MONTH,
	FT_YEAR_DAY,
	FT_EMAIL,
	FT_LOCAL,
	FT_DOMAIN,
	FT_LOCAL_LETTERS,
	FT_PHONE,
	FT_PHONE_END,
	FT_PHONE_BEGIN,
	FT_STREET,
	FT_HOUSE,
	FT_STREET2,
	FT_CITY,
	FT_CITY_SOUND,
	FT_POSTCODE,
	FT_POSTCODE_BEGIN,
	FT_IDENT,
	FT_IDENT_BEGIN,
	FT_IDENT_END,
	FT_WORD, /* the rarest of a name without parts, or of a category */
	FT_WORD2,
};

static const uint8_t fields[FEATURES] = { LINK_GIVEN, LINK_GIVEN, LINK_FAMILY,
	LINK_FAMILY, LINK_GIVEN, LINK_FAMILY, LINK_FULL, LINK_FULL, LINK_DATE,
	LINK_DATE, LINK_DATE, LINK_DATE, LINK_DATE, LINK_EMAIL, LINK_EMAIL,
	LINK_EMAIL, LINK_EMAIL, LINK_PHONE, LINK_PHONE, LINK_PHONE, LINK_STREET,
	LINK_HOUSE, LINK_STREET2, LINK_CITY, LINK_CITY, LINK_POSTCODE,
	LINK_POSTCODE, LINK_IDENT, LINK_IDENT, LINK_IDENT, LINK_CATEGORY,
	LINK_CATEGORY };

static const char *const feature_names[FEATURES] = { "givenName",
	"givenName's sound", "familyName", "familyName's sound",
	"first letter of givenName", "three letters of familyName",
	"rarest word of the name", "second word of the name", "birthDate",
	"year", "day and month", "year and month", "year and day", "email",
	"before the @", "domain", "letters before the @", "tel",
	"last digits of tel", "first digits of tel", "word of street", "house",
	"word of street2", "city", "city's sound", "postcode",
	"three signs of postcode", "ident", "first half of ident",
	"second half of ident", "rarest word of name or category",
	"second word of name or category" };

const char *
feature_name(unsigned feature)
{
	return feature_names[feature];
}

enum link_field
feature_field(unsigned feature)
{
	return (enum link_field)fields[feature];
}

#ifdef __SSE2__
/* Of 16 numbers a bit each. */
static uint32_t
same_half(const uint32_t *a, const uint32_t *b)
{
	__m128i x[4];

	for (int i = 0; i < 4; i++)
		x[i] = _mm_cmpeq_epi32(
		    _mm_load_si128((const __m128i *)(const void *)a + i),
		    _mm_load_si128((const __m128i *)(const void *)b + i));
	return (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(
	    _mm_packs_epi32(x[0], x[1]), _mm_packs_epi32(x[2], x[3])));
}

uint32_t
features_same(const uint32_t *a, const uint32_t *b)
{
	return same_half(a, b) | same_half(a + 16, b + 16) << 16;
}
#else
uint32_t
features_same(const uint32_t *a, const uint32_t *b)
{
	uint32_t out = 0;

	for (int i = 0; i < FEATURES; i++)
		out |= (uint32_t)(a[i] == b[i]) << i;
	return out;
}
#endif

uint32_t
features_there(const uint32_t *a)
{
	static const features_row none;

	return ~features_same(a, none);
}

uint32_t
features_equal(const uint32_t *a, const uint32_t *b)
{
	return features_same(a, b) & features_there(a);
}

static uint32_t
hash_of(struct str s)
{
	uint32_t h = (uint32_t)mix_bytes(s);

	return s.n == 0 ? 0 : h == 0 ? 1 : h;
}

static uint32_t
hash_number(uint32_t n)
{
	uint32_t h = (uint32_t)mix64(n + UINT64_C(0x51ed27));

	return n == 0 ? 0 : h == 0 ? 1 : h;
}

struct maker {
	const struct linkage *l;
	const struct row *row;
	uint32_t *out;
};

static struct str
text(const struct maker *k, enum link_field f)
{
	uint32_t v = k->row->v[f];

	if (v == VALUE_NONE || k->l->dict[f].v[v].shared)
		return STR_NONE;
	return value_text(&k->l->dict[f], v);
}

/* Is word a rarer than b? */
static bool
is_rarer(const struct dictionary *d, uint32_t a, uint32_t b)
{
	if (b == 0)
		return true;
	if (d->v[a].count != d->v[b].count)
		return d->v[a].count < d->v[b].count;
	return str_cmp(value_text(d, a), value_text(d, b)) < 0;
}

/* The rarest two words of a value, after those that stand in best. */
static void
rarest(const struct maker *k, enum link_field f, uint32_t best[2])
{
	const struct dictionary *d = &k->l->dict[f];
	const struct dictionary *words =
	    &k->l->word[f <= LINK_FULL ? LINK_FULL : f];
	const struct value *v;

	if (k->row->v[f] == VALUE_NONE)
		return;
	v = &d->v[k->row->v[f]];
	for (unsigned i = 0; i < v->words; i++) {
		uint32_t w = d->words[v->words_at + i];

		if (words->v[w].n < 2 || w == best[0] || w == best[1])
			continue;
		if (is_rarer(words, w, best[0])) {
			best[1] = best[0];
			best[0] = w;
		} else if (is_rarer(words, w, best[1])) {
			best[1] = w;
		}
	}
}

static void
make_names(struct maker *k)
{
	struct str given = text(k, LINK_GIVEN), family = text(k, LINK_FAMILY);
	struct str first = given;
	const struct dictionary *words = &k->l->word[LINK_FULL];
	uint32_t best[2] = { 0, 0 };

	k->out[FT_GIVEN] = hash_of(str_split(&first, ' '));
	k->out[FT_GIVEN_SOUND] = hash_number(similar_sound(given));
	k->out[FT_FAMILY] = hash_of(family);
	k->out[FT_FAMILY_SOUND] = hash_number(similar_sound(family));
	k->out[FT_INITIAL] = hash_of(str_sub(given, 0, 1));
	k->out[FT_FAMILY_BEGIN] = hash_of(str_sub(family, 0, 3));
	for (int f = 0; f <= LINK_FULL; f++)
		rarest(k, (enum link_field)f, best);
	for (int i = 0; i < 2; i++)
		k->out[FT_NAME_WORD + i] =
		    best[i] == 0 ? 0 : hash_of(value_text(words, best[i]));
}

static void
make_date(struct maker *k)
{
	const struct dictionary *d = &k->l->dict[LINK_DATE];
	uint32_t date = d->n == 0 ? 0 : d->v[k->row->v[LINK_DATE]].date;
	uint32_t year = date / 10000, month = date / 100 % 100,
		 day = date % 100, low = month < day ? month : day;

	if (date == 0)
		return;
	k->out[FT_DATE] = hash_number(date);
	k->out[FT_YEAR] = hash_number(year);
	k->out[FT_DAY] = hash_number(low * 100 + month + day);
	if (year != 0) {
		k->out[FT_YEAR_MONTH] = hash_number(year * 100 + month);
		k->out[FT_YEAR_DAY] = hash_number(year * 100 + day);
	}
}

/* The smallest hash of two letters that follow each other. */
static uint32_t
least_pair(struct str s)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i + 1 < s.n; i++) {
		uint32_t h = hash_of(str_sub(s, i, 2));

		if (h < least && !(s.p[i] >= '0' && s.p[i] <= '9'))
			least = h;
	}
	return least == UINT32_MAX ? 0 : least;
}

static void
make_ways(struct maker *k)
{
	struct str email = text(k, LINK_EMAIL), phone = text(k, LINK_PHONE);
	ptrdiff_t at = str_chr(email, '@');

	k->out[FT_EMAIL] = hash_of(email);
	if (at > 0) {
		struct str local = str_sub(email, 0, (size_t)at);

		k->out[FT_LOCAL] = hash_of(local);
		k->out[FT_DOMAIN] =
		    hash_of(str_sub(email, (size_t)at + 1, email.n));
		k->out[FT_LOCAL_LETTERS] = least_pair(local);
	}
	k->out[FT_PHONE] = hash_of(phone);
	if (phone.n >= 6) {
		k->out[FT_PHONE_END] = hash_of(str_sub(phone, phone.n - 5, 5));
		k->out[FT_PHONE_BEGIN] =
		    hash_of(str_sub(phone, 0, phone.n - 4));
	}
}

static uint32_t
longest_word(const struct maker *k, enum link_field f)
{
	struct str rest = text(k, f), best = STR_NONE;

	while (rest.n > 0) {
		struct str w = str_split(&rest, ' ');

		if (w.n > best.n)
			best = w;
	}
	return hash_of(best);
}

static void
make_place(struct maker *k)
{
	struct str city = text(k, LINK_CITY), code = text(k, LINK_POSTCODE);
	struct str ident = text(k, LINK_IDENT);
	uint32_t best[2] = { 0, 0 };
	const struct dictionary *words;

	k->out[FT_STREET] = longest_word(k, LINK_STREET);
	k->out[FT_HOUSE] = hash_of(text(k, LINK_HOUSE));
	k->out[FT_STREET2] = longest_word(k, LINK_STREET2);
	k->out[FT_CITY] = hash_of(city);
	k->out[FT_CITY_SOUND] = hash_number(similar_sound(city));
	k->out[FT_POSTCODE] = hash_of(code);
	k->out[FT_POSTCODE_BEGIN] = hash_of(str_sub(code, 0, 3));
	k->out[FT_IDENT] = hash_of(ident);
	k->out[FT_IDENT_BEGIN] = hash_of(str_sub(ident, 0, ident.n / 2));
	k->out[FT_IDENT_END] = hash_of(str_sub(ident, ident.n / 2, ident.n));
	if ((k->row->flags & ROW_ONLY_FULL) == 0) {
		words = &k->l->word[LINK_CATEGORY];
		rarest(k, LINK_CATEGORY, best);
	} else {
		words = &k->l->word[LINK_FULL];
		rarest(k, LINK_FULL, best);
	}
	for (int i = 0; i < 2; i++)
		k->out[FT_WORD + i] =
		    best[i] == 0 ? 0 : hash_of(value_text(words, best[i]));
}

enum { TASK_ROWS = 4096 };

static void
make_rows(void *arg, size_t i, unsigned thread)
{
	struct linkage *l = arg;
	uint32_t from = (uint32_t)i * TASK_ROWS, to = from + TASK_ROWS;

	(void)thread;
	for (uint32_t r = from; r < to && r < l->n; r++) {
		struct maker k = { l, &l->rows.v[r], l->features[r] };

		memset(k.out, 0, sizeof(features_row));
		make_names(&k);
		make_date(&k);
		make_ways(&k);
		make_place(&k);
	}
}

void
features_make(struct linkage *l)
{
	size_t bytes = ((size_t)l->n + 1) * sizeof(features_row);

	l->features = aligned_alloc(128, bytes);
	if (l->features == NULL)
		alloc_die(bytes);
	jobs_run(l->threads, (l->n + TASK_ROWS - 1) / TASK_ROWS, make_rows, l);
}
