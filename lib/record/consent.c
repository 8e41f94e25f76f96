#include "record/consent.h"

#include <pthread.h>

#include "core/text/ascii.h"
#include "record/channels.h"
#include "record/fields.h"

enum { WORD_RAW = 100 }; /* bytes of a text as it is written, with quotes */

/* The sections of the list. */
enum says {
	SAYS_OUT,
	SAYS_OUT_LETTERS,
	SAYS_IN,
	SAYS_IN_LETTERS,
	SAYS_YES,
	SAYS_WISH,
	SAYS_WRITTEN_OUT,
	SAYS_WRITTEN_IN,
	SAYS_WRITTEN_ASKED,
};
#define MEANS(SECTION, n) SAYS_##SECTION
#include "record/words/consent.h"

enum {
	PARTS = 8, /* of a wish; further ones are not asked for */
	SHORT_PART = 3, /* bytes: such a part is a whole word */
	WISH_REACH = 60, /* bytes from one part to the next */
	WISHES = entries_of_consent, /* at most */
};

/* A wish in other words: all parts stand in the text, in this order, each at
 * the beginning of a word. */
struct wish {
	struct str parts[PARTS];
	size_t n;
};

/* What s means as a whole, 1 << section for each. */
static uint64_t
means(struct str s)
{
	char low[WORD_RAW];

	if (s.n > sizeof(low))
		return 0;
	for (size_t i = 0; i < s.n; i++)
		low[i] = ascii_lower(s.p[i]);
	return wordlist_means(&words_consent, str_make(low, s.n));
}

enum consent
record_consent(struct record *r)
{
	const struct channel *c;
	struct str text;
	uint64_t says;

	/* Most texts are long: they need not be decoded for this. */
	if (json_raw(record_get(r, "text")).n > WORD_RAW ||
	    !record_is(r, "direction", "inbound") ||
	    !record_is(r, "type", "message"))
		return CONSENT_UNSAID;
	c = channel_named(record_str(r, "channel"));
	text = str_trim(record_str(r, "text"));
	while (text.n > 0 && str_chr(STR(".!\""), text.p[text.n - 1]) >= 0)
		text.n--;
	if (text.n > 0 && *text.p == '"')
		text = str_sub(text, 1, text.n);
	says = means(text);
	if (c != NULL && c->letters)
		says &= 1 << SAYS_OUT_LETTERS | 1 << SAYS_IN_LETTERS;
	return (says & (1 << SAYS_OUT | 1 << SAYS_OUT_LETTERS)) != 0
		   ? CONSENT_OUT
	       : (says & (1 << SAYS_IN | 1 << SAYS_IN_LETTERS)) != 0
		   ? CONSENT_IN
	       : (says & 1 << SAYS_YES) != 0 ? CONSENT_YES
					     : CONSENT_UNSAID;
}

/* All beyond ASCII counts as such. */
static bool
is_letter(char c)
{
	return ascii_is_letter(c) || (unsigned char)c >= 0x80;
}

static bool
in_word(char c)
{
	return is_letter(c) || ascii_is_digit(c);
}

/* Does a word begin so at `at`?  A short part must be the whole word. */
static bool
begins(struct str s, size_t at, struct str part)
{
	size_t i = 0;

	for (; i < part.n; i++)
		if (at + i >= s.n || ascii_lower(s.p[at + i]) != part.p[i])
			return false;
	return i > SHORT_PART || at + i == s.n || !in_word(s.p[at + i]);
}

/* Do all parts stand in s, the first one at `at`, none far from the one
 * before it? */
static bool
holds(struct str s, size_t at, const struct wish *w)
{
	size_t next = 1, end = at + WISH_REACH;

	if (!begins(s, at, w->parts[0]))
		return false;
	for (size_t i = at + 1; next < w->n; i++) {
		if (i >= s.n || i > end)
			return false;
		if (ascii_lower(s.p[i]) != w->parts[next].p[0] ||
		    in_word(s.p[i - 1]) || !begins(s, i, w->parts[next]))
			continue;
		next++;
		end = i + WISH_REACH;
	}
	return true;
}

/* Does a wish stand in the text? */
static bool
any_wish(const struct wish *wishes, size_t n, struct str text)
{
	for (size_t at = 0; at < text.n; at++) {
		if (at > 0 && in_word(text.p[at - 1]))
			continue;
		for (size_t i = 0; i < n; i++)
			if (ascii_lower(text.p[at]) ==
				wishes[i].parts[0].p[0] &&
			    holds(text, at, &wishes[i]))
				return true;
	}
	return false;
}

/*
 * Most texts have no wish, and need not be read for one: it is enough to know
 * which parts they may hold.  What a part begins with, four letters or fewer
 * where the word ends there, has a bit.  Signs and cases fall together here, so
 * that a bit too many may be found and none too few.
 */
enum { OPENINGS = 256 };

struct openings {
	uint32_t letters[OPENINGS]; /* open addressing; 0: free */
	uint64_t bit[OPENINGS];
	struct wish wishes[WISHES];
	uint64_t need[WISHES]; /* those of a wish's parts */
	size_t wishes_n;
	unsigned n;
};

static const uint64_t ones = UINT64_C(0x0101010101010101);

/* The first bits of each byte, the first byte's the lowest. */
static inline uint64_t
first_bits(uint64_t x)
{
	return (x >> 7 & ones) * UINT64_C(0x0102040810204080) >> 56;
}

/* Letters and all beyond ASCII. */
static inline uint64_t
letters_of(uint64_t x)
{
	uint64_t low = (x | ones * 0x20) & ones * 0x7f;

	return first_bits(((low + ones * 0x1f) & ~(low + ones * 5)) | x);
}

/* Four bytes from p on, or those before the word's end. */
static inline uint32_t
opening(const char *p, size_t n)
{
	uint32_t four;

	memcpy(&four, p, sizeof(four));
	if (n < sizeof(four))
		four &= (UINT32_C(1) << 8 * n) - 1;
	return four | (uint32_t)(ones * ' ');
}

static inline size_t
slot_of(const struct openings *o, uint32_t letters)
{
	size_t i = letters * UINT32_C(0x9e3779b1) >> 24;

	while (o->letters[i] != 0 && o->letters[i] != letters)
		i = (i + 1) % OPENINGS;
	return i;
}

static uint64_t
need_of(struct openings *o, struct str part)
{
	char text[8] = { 0 };
	size_t n = 0, i;

	while (n < sizeof(text) && n < part.n && is_letter(part.p[n]))
		n++;
	memcpy(text, part.p, n);
	i = slot_of(o, opening(text, n));
	/* Beyond what the table takes, parts are not asked for beforehand. */
	if (o->letters[i] == 0 && o->n == OPENINGS / 2)
		return 0;
	if (o->letters[i] == 0) {
		o->letters[i] = opening(text, n);
		o->bit[i] = UINT64_C(1) << o->n++ % 64;
	}
	return o->bit[i];
}

/* Of the list of words alone; never changed once it is made. */
static struct openings all_openings;

static void
make_openings(void)
{
	struct openings *o = &all_openings;
	size_t n = wordlist_count(&words_consent, SAYS_WISH);

	for (size_t i = 0; i < n; i++) {
		struct str rest = wordlist_of(&words_consent, SAYS_WISH, i);
		struct wish *w = &o->wishes[o->wishes_n++];

		while (rest.p != NULL && w->n < PARTS) {
			w->parts[w->n] = str_split(&rest, ' ');
			o->need[i] |= need_of(o, w->parts[w->n++]);
		}
	}
}

static const struct openings *
openings(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_openings);
	return &all_openings;
}

/* The openings among the words that begin in 64 bytes: `letter` has a bit for
 * each of these, `begin` for those that begin a word. */
static uint64_t
found_in(
    const struct openings *o, struct str s, uint64_t letter, uint64_t begin)
{
	uint64_t found = 0;

	for (; begin != 0; begin &= begin - 1) {
		size_t at = (size_t)__builtin_ctzll(begin);
		uint64_t rest = ~(letter >> at);
		size_t n = rest == 0 ? 64 : (size_t)__builtin_ctzll(rest);

		/* A word on the edge ends in the next 64. */
		for (; at + n >= 64 && n < 4 && at + n < s.n; n++)
			if (!is_letter(s.p[at + n]))
				break;
		found |= o->bit[slot_of(o, opening(s.p + at, n))];
	}
	return found;
}

/* raw is a string as it is written, 64 bytes behind it readable; the letters
 * of its escapes begin no word. */
static uint64_t
openings_in(const struct openings *o, struct str raw, const uint16_t *escapes)
{
	uint64_t found = 0, before = 0;

	for (size_t i = 0; i < raw.n; i += 64) {
		struct str rest = str_make(raw.p + i, raw.n - i);
		uint64_t letter = 0, x;

		for (int k = 0; k < 64; k += 8) {
			memcpy(&x, rest.p + k, sizeof(x));
			letter |= letters_of(x) << k;
		}
		for (; *escapes < i + 64; escapes++)
			letter &= ~(UINT64_C(1) << *escapes % 64);
		if (rest.n < 64)
			letter &= (UINT64_C(1) << rest.n) - 1;
		found |=
		    found_in(o, rest, letter, letter & ~(letter << 1 | before));
		before = letter >> 63;
	}
	return found;
}

/* May one stand in this text, as it is written? */
static bool
may_hold_wish(const struct openings *o, struct str raw)
{
	const char *p = raw.p, *end = raw.p + raw.n;
	uint16_t escapes[CONSENT_ASKING + 1];
	uint64_t found;
	size_t n = 0;

	/* Most escapes stand for one byte; one of \\u may be a letter. */
	for (; (p = memchr(p, '\\', (size_t)(end - p))) != NULL; p += 2) {
		if (p[1] == 'u')
			return true;
		escapes[n++] = (uint16_t)(p + 1 - raw.p);
	}
	if (raw.n - n > CONSENT_ASKING)
		return false;
	escapes[n] = UINT16_MAX;
	found = openings_in(o, raw, escapes);
	for (size_t i = 0; i < o->wishes_n; i++)
		if ((o->need[i] & ~found) == 0)
			return true;
	return false;
}

bool
record_asks_silence(struct record *r)
{
	struct str raw = json_raw(record_get(r, "text")), text;
	const struct openings *o = openings();

	if (raw.n < 2 || raw.n > 2 * CONSENT_ASKING || raw.p[0] != '"' ||
	    !record_is(r, "direction", "inbound") ||
	    !record_is(r, "type", "message") ||
	    !may_hold_wish(o, str_sub(raw, 1, raw.n - 2)))
		return false;
	text = record_str(r, "text");
	return text.n <= CONSENT_ASKING &&
	       any_wish(o->wishes, o->wishes_n, text);
}

const char *
consent_name(enum consent c)
{
	return c == CONSENT_OUT     ? "out"
	       : c == CONSENT_IN    ? "in"
	       : c == CONSENT_ASKED ? "asked"
				    : NULL;
}

enum consent
consent_of(struct str name)
{
	uint64_t is = means(name);

	return (is & 1 << SAYS_WRITTEN_OUT) != 0     ? CONSENT_OUT
	       : (is & 1 << SAYS_WRITTEN_IN) != 0    ? CONSENT_IN
	       : (is & 1 << SAYS_WRITTEN_ASKED) != 0 ? CONSENT_ASKED
						     : CONSENT_UNSAID;
}
