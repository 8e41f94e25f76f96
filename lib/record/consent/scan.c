/*
 * Most texts say nothing of further messages, and need not be decoded and cut
 * into words for this: it is enough to know which of the list's words they may
 * hold (core/text/wordlist.h).
 *
 * Words are found 64 bytes at a time; one beyond ASCII is folded first.  Of
 * scripts without blanks each character is looked up, and each two that follow
 * each other.  A few too many may be found, and none too few but where a
 * courtesy stands within both pairs of words by which a phrase is known.
 */
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "record/consent/wording.h"
#include "text/unicode.h"

enum {
	NAMES = 3, /* of a person: words that the list need not know */
	ADDRESS = 8, /* the same of a mail address */
	SIGNATURE = 60, /* bytes there */
	SURE_BYTES = 320,
	SPELT_BYTES = 12, /* of a word with blanks between its letters */
	FEW_WORDS = 6, /* that are no wish, by themselves */
	MANY_WORDS = 24, /* the same with a greeting, a courtesy, a name */
	BESIDE_BYTES = 200, /* of a text in which "stop" may be a sentence */
	SIGN_BYTES = 40, /* of a text that is nothing but signs */
	ASCII_BYTES = 300, /* of a text of ASCII that is looked through */
};

static const uint64_t ones = UINT64_C(0x0101010101010101);

/* ascii_letters_of 64 bytes; *high is not 0 where some are beyond ASCII. */
#ifdef __SSE2__
static inline uint64_t
letters_in(const char *p, uint64_t *high)
{
	const __m128i first = _mm_set1_epi8('a'), last = _mm_set1_epi8(25);
	const __m128i lower = _mm_set1_epi8(0x20);
	uint64_t letters = 0, beyond = 0;

#pragma GCC unroll 4
	for (int k = 0; k < 64; k += 16) {
		__m128i x =
		    _mm_loadu_si128((const __m128i *)(const void *)(p + k));
		__m128i at = _mm_sub_epi8(_mm_or_si128(x, lower), first);
		__m128i is = _mm_cmpeq_epi8(_mm_min_epu8(at, last), at);

		letters |= (uint64_t)(unsigned)_mm_movemask_epi8(is) << k;
		beyond |= (uint64_t)(unsigned)_mm_movemask_epi8(x) << k;
	}
	*high = beyond;
	return letters | beyond;
}
/* Those of 64 bytes of which these bits have this value. */
static inline uint64_t
equal_in(const char *p, unsigned char bits, unsigned char value)
{
	const __m128i mask = _mm_set1_epi8((char)bits);
	const __m128i wanted = _mm_set1_epi8((char)value);
	uint64_t found = 0;

#pragma GCC unroll 4
	for (int k = 0; k < 64; k += 16) {
		__m128i x =
		    _mm_loadu_si128((const __m128i *)(const void *)(p + k));
		__m128i is = _mm_cmpeq_epi8(_mm_and_si128(x, mask), wanted);

		found |= (uint64_t)(unsigned)_mm_movemask_epi8(is) << k;
	}
	return found;
}
#else
static inline uint64_t
letters_in(const char *p, uint64_t *high)
{
	uint64_t letters = 0, all = 0, x;

	for (int k = 0; k < 64; k += 8) {
		memcpy(&x, p + k, sizeof(x));
		all |= x;
		letters |= ascii_letters_of(x) << k;
	}
	*high = all & ones << 7;
	return letters;
}

static inline uint64_t
equal_in(const char *p, unsigned char bits, unsigned char value)
{
	uint64_t found = 0, x;

	for (int k = 0; k < 64; k += 8) {
		memcpy(&x, p + k, sizeof(x));
		x = (x & ones * bits) ^ ones * value;
		x = ~(((x & ones * 0x7f) + ones * 0x7f) | x);
		found |= ascii_first_bits(x) << k;
	}
	return found;
}
#endif

/* The words of a text, one after the other.  64 bytes behind it can be read.  A
 * block begins with the word that the one before cuts, so words are whole; one
 * of 64 bytes and more is cut, which is longer than any key. */
struct walk {
	struct str text;
	bool escapes; /* there are backslashes */
	bool code; /* one begins a \u */
	size_t block; /* where the 64 bytes in hand begin */
	size_t next; /* and the next ones */
	uint64_t letters, begin; /* in them; words that are not taken yet */
	uint64_t leads; /* where characters of three bytes begin */
	uint64_t before; /* the byte before them is a letter */
	bool taken; /* the byte before them escapes the first one */
};

/* The letter of an escape is none. */
static void
drop_escapes(struct walk *w)
{
	uint64_t at = equal_in(w->text.p + w->block, 0xff, '\\');

	if (w->taken) {
		w->letters &= ~UINT64_C(1);
		at &= ~UINT64_C(1);
	}
	w->taken = false;
	for (; at != 0; at &= at - 1) {
		unsigned i = (unsigned)__builtin_ctzll(at);

		w->code |= w->text.p[w->block + i + 1] == 'u';
		w->taken = i == 63;
		if (i == 63)
			return;
		w->letters &= ~(UINT64_C(2) << i);
		at &= ~(UINT64_C(2) << i);
	}
}

/* Signs beyond ASCII are no letters: those that begin with c2, e2 or ef. */
static void
drop_signs(struct walk *w)
{
	const char *p = w->text.p + w->block;

	w->leads = equal_in(p, 0xf0, 0xe0);
	w->letters &= ~(equal_in(p, 0xdf, 0xc2) | equal_in(p, 0xff, 0xef));
}

/* The last word goes on behind the block: the next one begins with it. */
static void
leave_last(struct walk *w)
{
	unsigned i = 63 - (unsigned)__builtin_clzll(w->begin);

	w->begin &= ~(UINT64_C(1) << i);
	w->leads &= (UINT64_C(1) << i) - 1;
	w->next = w->block + i;
	w->before = 0;
}

static void
read_block(struct walk *w)
{
	size_t left = w->text.n - w->block;
	uint64_t high;

	w->letters = letters_in(w->text.p + w->block, &high);
	w->leads = 0;
	w->next = w->block + 64;
	if (high != 0)
		drop_signs(w);
	if (w->escapes)
		drop_escapes(w);
	if (left < 64) {
		w->letters &= (UINT64_C(1) << left) - 1;
		w->leads &= (UINT64_C(1) << left) - 1;
	}
	w->begin = w->letters & ~(w->letters << 1 | w->before);
	w->before = w->letters >> 63;
	if (w->before != 0 && w->begin > 1 && left > 64)
		leave_last(w);
}

static void
walk_begin(struct walk *w, struct str text, bool escapes)
{
	*w = (struct walk){ .text = text, .escapes = escapes };
	if (text.n > 0)
		read_block(w);
}

static bool
walk_on(struct walk *w)
{
	if (w->next >= w->text.n)
		return false;
	w->block = w->next;
	read_block(w);
	return true;
}

/* A word's key and bytes; those that a star needs before it. */
struct key {
	uint64_t key;
	size_t n, stem;
};

/* As utf8_take, but that most have one or two bytes. */
static inline uint32_t
take_character(const char **at, const char *end)
{
	const unsigned char *p = (const unsigned char *)*at;
	uint32_t c = *p;
	struct str rest;

	if (c < 0x80) {
		*at += 1;
		return c;
	}
	if (c >= 0xc2 && c <= 0xdf && end - *at > 1 && (p[1] & 0xc0) == 0x80) {
		*at += 2;
		return (c & 0x1f) << 6 | (p[1] & 0x3f);
	}
	rest = str_make(*at, (size_t)(end - *at));
	c = utf8_take(&rest, NULL);
	*at = rest.p;
	return c;
}

/* Most of those that stand alone (stands_alone), and nothing else: hiragana and
 * what begins so of katakana, Han. */
static inline bool
surely_alone(const char *p)
{
	unsigned char lead = (unsigned char)p[0], next = (unsigned char)p[1];

	return (lead >= 0xe5 && lead <= 0xe9) ||
	       (lead == 0xe3 && (next == 0x81 || next == 0x82));
}

/* One that is not all of ASCII; where its first byte is within a character that
 * was taken for a sign it begins before.  False where there is none. */
static __attribute__((noinline)) bool
fold_word(const struct walk *w, size_t at, struct key *out)
{
	const char *p, *end = w->text.p + w->text.n;
	char plain[16];
	size_t n = 0;

	if (surely_alone(w->text.p + at))
		return false;
	while (at > 0 && utf8_goes_on(w->text.p[at]))
		at--;
	for (p = w->text.p + at; p < end && n < WORDLIST_KEY;) {
		uint64_t v;

		if (ascii_is_letter(*p)) {
			plain[n++] = (char)(*p++ | 0x20);
			continue;
		}
		v = unicode_plain(take_character(&p, end));
		if (plain_kind(v) == PLAIN_ALONE ||
		    (plain_kind(v) == PLAIN_BREAK && n > 0))
			break;
		if (plain_kind(v) == PLAIN_LETTER)
			n += plain_put(plain + n, v);
	}
	if (n == 0)
		return false;
	*out = (struct key){ wordlist_key(plain, n), n,
		(unsigned char)plain[0] < 0x80 ? WORDLIST_STEM
					       : WORDLIST_STEM_OTHER };
	return true;
}

/* The word that begins at bit i of the block; false where its key is not all of
 * ASCII. */
static inline bool
easy_word(const struct walk *w, unsigned i, struct key *out)
{
	uint64_t rest = ~(w->letters >> i), mask = UINT64_MAX, key;
	unsigned n = rest == 0 ? 64 : (unsigned)__builtin_ctzll(rest);

	memcpy(&key, w->text.p + w->block + i, sizeof(key));
	if (n < sizeof(key))
		mask >>= 64 - 8 * n;
	*out = (struct key){ (key | ones * 0x20) & mask, n, WORDLIST_STEM };
	return (key & mask & ones << 7) == 0;
}

static inline uint64_t
beginning(uint64_t key, size_t n)
{
	return key & UINT64_MAX >> (64 - 8 * n);
}

/* How many words are strange to the list; TOO_STRANGE where it cannot be sure. */
enum { TOO_STRANGE = 1000 };

static inline bool
is_strange(const struct key *k)
{
	const struct wordlist_phrases *l = wording_list->phrases;

	return !wordlist_bit(l->words, wordlist_spread(k->key)) &&
	       (k->n < k->stem ||
		   !wordlist_bit(
		       l->stems, wordlist_spread(beginning(k->key, k->stem))));
}

static size_t
strange_words(struct str text, bool escapes)
{
	size_t strange = 0, most = 2 * NAMES;
	struct walk w;
	struct key k;

	if (memchr(text.p, '@', text.n) != NULL)
		most += ADDRESS;
	walk_begin(&w, text, escapes);
	if (text.n > SURE_BYTES && !w.code)
		return TOO_STRANGE;
	do {
		/* It does not read these. */
		if (w.code)
			return 0;
		for (; w.begin != 0; w.begin &= w.begin - 1) {
			unsigned i = (unsigned)__builtin_ctzll(w.begin);

			if ((!easy_word(&w, i, &k) &&
				!fold_word(&w, w.block + i, &k)) ||
			    !is_strange(&k))
				continue;
			strange++;
			if (strange > most ||
			    (strange > most - NAMES &&
				w.block + 64 + SIGNATURE < text.n))
				return TOO_STRANGE;
		}
	} while (walk_on(&w));
	return strange;
}

struct scan {
	const struct wordlist_phrases *phrases;
	struct optout_found found;
};

/* The slot has this key: what is scanned for under it. */
static void
add_slot(struct scan *s, uint32_t slot)
{
	const struct wordlist_phrases *l = s->phrases;
	const uint64_t *languages =
	    l->key_languages + l->key_languages_at[slot];
	uint64_t means = l->means[slot];

	s->found.behind |= (s->found.means & SAYS(DONT)) != 0 ? means : 0;
	s->found.means |= means;
	for (; means != 0; means &= means - 1)
		s->found.languages[__builtin_ctzll(means)] |= *languages++;
}

static bool __attribute__((noinline)) add_key(struct scan *s, uint64_t key)
{
	uint32_t slot = wordlist_slot(s->phrases, key);

	if (s->phrases->keys[slot] == 0)
		return false;
	add_slot(s, slot);
	return true;
}

/* Most pairs are none, and would each cost a look at memory far away. */
static void
add_pair(struct scan *s, uint64_t key)
{
	if (wordlist_bit(s->phrases->pairs, wordlist_spread(key)))
		add_key(s, key);
}

/* Shorter beginnings of a word are those of entries with a star. */
static void __attribute__((noinline))
add_stems(struct scan *s, const struct key *k)
{
	for (size_t n = k->stem; n < WORDLIST_KEY && n < k->n; n++)
		add_key(s, beginning(k->key, n));
}

/* A word, and the key of the one before it. */
static void
add_word(struct scan *s, const struct key *k, uint64_t last)
{
	if (add_key(s, k->key))
		add_pair(s, wordlist_pair(last, k->key));
	if (k->n > k->stem && wordlist_bit(s->phrases->stems,
				  wordlist_spread(beginning(k->key, k->stem))))
		add_stems(s, k);
}

/* Does a word of the list begin with these bytes?  Also true where not all four
 * are letters of ASCII. */
static inline bool
may_open(const struct wordlist_phrases *l, const char *p)
{
	uint32_t four;

	memcpy(&four, p, sizeof(four));
	return (four & (uint32_t)ones << 7) != 0 ||
	       (ascii_letters_of(four) & 0xf) != 0xf ||
	       wordlist_bit(
		   l->openings, wordlist_opening(four | (uint32_t)ones * 0x20));
}

/* The same of one that need not be of ASCII; returns its key. */
static uint64_t __attribute__((noinline))
add_word_at(struct scan *s, const struct walk *w, size_t at, uint64_t last)
{
	struct key k;

	if (!may_open(s->phrases, w->text.p + at))
		return 0;
	if (!fold_word(w, at, &k))
		return last;
	add_word(s, &k, last);
	return k.key;
}

/* Is it of a script without blanks: Han, kana, Thai, Lao, Khmer, Burmese?  Of
 * the first two bytes, the first one the lowest. */
static inline bool
stands_alone(uint64_t pair)
{
	unsigned lead = (unsigned)(pair & 0xff);
	unsigned next = (unsigned)(pair >> 8 & 0xff);

	return lead >= 0xe3   ? lead <= 0xe9
	       : lead == 0xe0 ? next >= 0xb8 && next <= 0xbb
			      : lead == 0xe1 && (next <= 0x82 || next == 0x9e ||
						    next == 0x9f);
}

/* Characters of three bytes, and each with the next one. */
static void
add_characters(struct scan *s, const struct walk *w)
{
	for (uint64_t leads = w->leads; leads != 0; leads &= leads - 1) {
		size_t i = w->block + (size_t)__builtin_ctzll(leads);
		uint64_t pair;

		memcpy(&pair, w->text.p + i, sizeof(pair));
		if (!stands_alone(pair))
			continue;
		add_key(s, pair & 0xffffff);
		if (i + 6 <= w->text.n && (pair >> 24 & 0xf0) == 0xe0)
			add_pair(s, pair & UINT64_C(0xffffffffffff));
		else
			add_word_at(s, w, i + 3, 0);
	}
}

/* The words of a block; last is the key of the one before, and what is returned
 * that of the last one. */
static inline uint64_t
add_words(struct scan *s, const struct walk *w, uint64_t last)
{
	const uint64_t *openings = s->phrases->openings;

	for (uint64_t begin = w->begin; begin != 0; begin &= begin - 1) {
		unsigned i = (unsigned)__builtin_ctzll(begin);
		struct key k;

		if (!easy_word(w, i, &k))
			last = add_word_at(s, w, w->block + i, last);
		else {
			if (wordlist_bit(
				openings, wordlist_opening((uint32_t)k.key)))
				add_word(s, &k, last);
			last = k.key;
		}
	}
	return last;
}

static inline unsigned
count_of(uint64_t bits)
{
	return (unsigned)__builtin_popcountll(bits);
}

/* False where letters may be written as codes, which it does not read. */
static bool
scan_text(struct scan *s, struct str text, bool escapes)
{
	uint64_t last = 0;
	struct walk w;

	walk_begin(&w, text, escapes);
	do {
		last = add_words(s, &w, last);
		if (w.leads != 0) {
			add_characters(s, &w);
			s->found.behind |= s->found.means;
		}
	} while (walk_on(&w));
	return !w.code;
}

/* Is there a line's end, as it is written? */
static bool
has_lines(struct str raw)
{
	return str_find(raw, STR("\\n")) >= 0 || str_chr(raw, '\n') >= 0;
}

/* Is something beyond ASCII?  7 bytes behind it can be read. */
static bool
is_high(struct str s)
{
	uint64_t high = 0, x;

	for (size_t i = 0; i < s.n; i += 8) {
		memcpy(&x, s.p + i, sizeof(x));
		high |= x;
	}
	return (high & ones << 7) != 0;
}

/* Is there a \u? */
static bool
has_code(struct str s)
{
	return memchr(s.p, '\\', s.n) != NULL && str_find(s, STR("\\u")) >= 0;
}

/* Letters beyond ASCII take more bytes, and written as codes still more. */
static bool
is_too_long(struct str raw)
{
	uint64_t high = 0, x;

	if (raw.n <= ASCII_BYTES)
		return false;
	for (int k = 0; k < 64; k += 8) {
		memcpy(&x, raw.p + k, sizeof(x));
		high += (x >> 7 & ones) * ones >> 56;
	}
	if (high >= 64 / 3)
		return raw.n > OPTOUT_BYTES;
	return raw.n > 3 * OPTOUT_BYTES || !has_code(str_sub(raw, 0, 64));
}

/* Names stand behind a greeting, or at the end behind a courtesy or on a line of
 * their own. */
static bool
may_have_names(const struct scan *s, struct str text)
{
	return (s->found.means & (SAYS(GREETING) | SAYS(COURTESY) |
				     SAYS(OUT_LETTERS))) != 0 ||
	       has_lines(text);
}

/* At least one for each character that stands alone. */
static size_t
words_in(struct str text, bool escapes)
{
	struct walk w;
	size_t n = 0;

	walk_begin(&w, text, escapes);
	do
		n += count_of(w.begin);
	while (walk_on(&w));
	return n;
}

/* Is each word a letter, of three bytes at most? */
static bool
is_spelt(struct str text, bool escapes)
{
	struct walk w;
	struct key k;
	size_t n = 0;

	if (text.n > SPELT_BYTES)
		return false;
	walk_begin(&w, text, escapes);
	for (; w.begin != 0; w.begin &= w.begin - 1, n++) {
		bool easy =
		    easy_word(&w, (unsigned)__builtin_ctzll(w.begin), &k);

		if (k.n > (easy ? 1 : 3))
			return false;
	}
	return n >= 3;
}

/* Words that are no wish stand nearly alone, or are the letters of one. */
static bool
may_be_words(
    const struct scan *s, struct str raw, bool escapes, uint64_t meanings)
{
	const uint64_t civil = SAYS(GREETING) | SAYS(COURTESY) | SAYS(PROGRAM);

	return (optout_may_be_words(meanings) &&
		   words_in(raw, escapes) <= ((s->found.means & civil) != 0
						     ? MANY_WORDS
						     : FEW_WORDS)) ||
	       is_spelt(raw, escapes);
}

/* strange: words, as far as they are counted. */
static bool
may_say(struct str raw, bool escapes, bool sure, size_t strange)
{
	struct scan s = { .phrases = wording_list->phrases };
	uint64_t meanings;
	unsigned wish;

	if (!scan_text(&s, raw, escapes))
		return true;
	wish = optout_may_be_wish(&s.found);
	if (!sure && ((wish & WISH_NEAR) != 0 ||
			 ((s.found.means & SAYS(OUT_LETTERS)) != 0 &&
			     raw.n <= BESIDE_BYTES)))
		return true;
	/* Those that are never sure tell nothing by themselves. */
	meanings = s.found.means & ~(sure ? SAYS(OUT_UNSURE) : 0);
	if (wish == 0 && !may_be_words(&s, raw, escapes, meanings))
		return false;
	if (!sure)
		strange = strange_words(raw, escapes);
	return strange == 0 ||
	       (strange != TOO_STRANGE && may_have_names(&s, raw));
}

enum optout_look
optout_look(struct str raw, bool sure)
{
	bool escapes;
	size_t strange = 0;

	if (is_too_long(raw))
		return sure ? OPTOUT_LOOKS_CROWDED : OPTOUT_LOOKS_EMPTY;
	if (!sure && raw.n <= SIGN_BYTES && is_high(raw) &&
	    wording_has_sign(raw))
		return OPTOUT_LOOKS_LIKE_IT;
	escapes = memchr(raw.p, '\\', raw.n) != NULL;
	if (sure)
		strange = strange_words(raw, escapes);
	if (strange == TOO_STRANGE)
		return OPTOUT_LOOKS_CROWDED;
	return may_say(raw, escapes, sure, strange) ? OPTOUT_LOOKS_LIKE_IT
						    : OPTOUT_LOOKS_EMPTY;
}
