#include "merge/courtesy.h"

#include <pthread.h>
#include <string.h>

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "people/store/store.h"
#include "record/fields.h"
#include "text/question.h"
#include "text/unicode.h"

enum {
	SAYS_THANKS,
	SAYS_MORE,
	SAYS_WISH,
	SAYS_GREETING,
	SAYS_ASSENT,
	SAYS_EMOJI,
};
#define MEANS(SECTION, n) SAYS_##SECTION
#include "merge/words/courtesy.h"

enum {
	NAMES = 16, /* words of names that are known */
	UNKNOWN = 6, /* words that may be names, at a glance */
	WORD_BITS = 1 << 16,
	CALLED = 5, /* words of a line that calls somebody */
	QUOTED = 300, /* bytes of what was quoted, in which a name stands */
};

#define SAYS(what) (UINT64_C(1) << SAYS_##what)

/* A message on its way through. */
struct reading {
	struct record *r;
	struct str text; /* folded */
	size_t at;
	bool named; /* names are there */
	struct str names[NAMES];
	size_t name_n;
	uint64_t said; /* by the sections */
};

/* The character at i, and its length. */
static uint32_t
char_at(struct str s, size_t i, size_t *n)
{
	struct str rest;

	*n = 1;
	if (i < s.n && (unsigned char)s.p[i] < 0x80)
		return (unsigned char)s.p[i];
	rest = str_sub(s, i, s.n);
	*n = utf8_length(rest);
	if (*n == 0)
		*n = 1;
	return utf8_first(rest);
}

/* Marks of scripts whose words have blanks between, too: what ends no word. */
static bool
is_separator(uint32_t c)
{
	static const bool marks[0x80] = { ['!'] = true,
		['"'] = true,
		['&'] = true,
		['\''] = true,
		['('] = true,
		[')'] = true,
		['*'] = true,
		[','] = true,
		['-'] = true,
		['.'] = true,
		[':'] = true,
		[';'] = true,
		['<'] = true,
		['>'] = true,
		['['] = true,
		[']'] = true,
		['^'] = true,
		['_'] = true,
		['`'] = true,
		['|'] = true,
		['~'] = true };
	static const uint32_t others[] = { 0xa1, 0xa7, 0xab, 0xb4, 0xb7, 0xbb,
		0x387, 0x55a, 0x55b, 0x55c, 0x55d, 0x589, 0x5be, 0x5f3, 0x5f4,
		0x60c, 0x61b, 0x6d4, 0x964, 0x965, 0x104a, 0x104b, 0x1361,
		0x1362, 0x17d4, 0x17d5, 0xfe0e, 0xfe0f };

	if (c < 0x80)
		return c <= ' ' || marks[c];
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (others[i] == c)
			return true;
	return (c >= 0x2000 && c <= 0x206f) || (c >= 0x3000 && c <= 0x303f) ||
	       (c >= 0x1f3fb && c <= 0x1f3ff);
}

/* Can a word end here? */
static bool
ends_word(struct str s, size_t at)
{
	size_t n;

	if (at < s.n && ascii_is_letter(s.p[at]) && at > 0 &&
	    ascii_is_alnum(s.p[at - 1]))
		return false;
	return at >= s.n || !unicode_in_word(char_at(s, at, &n)) ||
	       (at > 0 && (unsigned char)s.p[at - 1] < 0x80 &&
		   !ascii_is_alnum(s.p[at - 1]));
}

/* Han, kana, Thai and their like have no blanks: there a word ends where the
 * next begins. */
static bool
is_continuous(struct str word)
{
	size_t n;

	return word.n > 0 && !unicode_in_word(char_at(word, 0, &n));
}

/* What the entries are made of, a bit for each word by its hash: of the lists
 * alone, never changed once it is made. */
static uint8_t all_words[WORD_BITS / 8];

/* Eight bytes from i; zeros behind the end. */
static inline uint64_t
eight_at(struct str s, size_t i)
{
	uint64_t x = 0;

	if (s.n - i >= sizeof(x))
		memcpy(&x, s.p + i, sizeof(x));
	else
		memcpy(&x, s.p + i, s.n - i);
	return x;
}

/* The word that begins at i, n bytes, and its number, by its first eight; 0 where
 * none does, or it has letters that are not ASCII's. */
static uint32_t
word_at(struct str s, size_t i, size_t *n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t first = 0, all = 0;
	size_t from = i, here;

	do {
		uint64_t x = eight_at(s, i);

		here = (size_t)__builtin_ctzll(~ascii_letters_of(x));
		if (here < sizeof(x))
			x &= (UINT64_C(1) << 8 * here) - 1;
		first = i == from ? x | ones * 0x20 : first;
		all |= x;
		i += here;
	} while (here == sizeof(first));
	*n = i - from;
	return (all & ones << 7) != 0 || i == from
		   ? 0
		   : wordlist_spread(first) % WORD_BITS;
}

static void
make_words(void)
{
	for (size_t e = 0; e < entries_of_courtesy; e++) {
		struct str s = wordlist_at(&words_courtesy, e);
		size_t n;

		for (size_t i = 0; i < s.n; i += n + (n == 0)) {
			uint32_t word = word_at(s, i, &n);

			if (n > 0)
				all_words[word / 8] |= (uint8_t)(1 << word % 8);
		}
	}
}

/* May this word stand in an entry? */
static bool
is_in_lists(uint32_t word)
{
	return word == 0 || (all_words[word / 8] >> word % 8 & 1) != 0;
}

/* The longest entry that stands here: its length, 0 for none. */
static size_t
entry_at(const struct reading *x, uint64_t *means)
{
	struct str s = str_sub(x->text, x->at, x->text.n);
	bool continuous = is_continuous(s);
	uint32_t h = WORDLIST_HASH;
	size_t longest = 0, end = 0;

	for (size_t i = 0; i < s.n && i < words_courtesy.longest;) {
		uint64_t m;

		if (i == end) {
			if (!is_in_lists(word_at(s, i, &end)))
				break;
			end += i + (end == 0);
		}
		h = wordlist_hash_more(h, s.p[i++]);
		if ((i < s.n && utf8_goes_on(s.p[i])) ||
		    (!continuous && !ends_word(s, i)))
			continue;
		m = wordlist_means_added(&words_courtesy, str_sub(s, 0, i), h);
		if (m != 0) {
			*means = m;
			longest = i;
		}
	}
	return longest;
}

static bool
has_digit(struct str s)
{
	/* But for <3, a heart. */
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_digit(s.p[i]) &&
		    (s.p[i] != '3' || i == 0 || s.p[i - 1] != '<'))
			return true;
	return false;
}

static void
add_names(struct reading *x, struct str s, struct arena *a)
{
	struct reading y = { .text = unicode_fold(s, a) };
	size_t from = 0, n;

	for (; y.at < y.text.n; y.at += n) {
		if (!is_separator(char_at(y.text, y.at, &n)))
			continue;
		if (y.at > from && x->name_n < NAMES)
			x->names[x->name_n++] =
			    str_sub(y.text, from, y.at - from);
		from = y.at + n;
	}
	if (y.at > from && x->name_n < NAMES)
		x->names[x->name_n++] = str_sub(y.text, from, y.at - from);
}

/* "..., Vera Holm <care@example.org> wrote:" above a quote: behind the date. */
static struct str
quoted_name(struct str quoted)
{
	ptrdiff_t end = str_chr(str_sub(quoted, 0, QUOTED), '<');
	size_t from = end < 0 ? 0 : (size_t)end;

	while (from > 0 && !ascii_is_digit(quoted.p[from - 1]) &&
	       !ascii_is_in(quoted.p[from - 1], ",:;\n"))
		from--;
	return str_sub(quoted, from, end < 0 ? 0 : (size_t)end - from);
}

/* Scripts without capitals. */
static bool
is_caseless(uint32_t c)
{
	return (c >= 0x590 && c < 0x10a0) || (c >= 0x10d0 && c < 0x1100) ||
	       (c >= 0x1200 && c < 0x13a0) || (c >= 0x1780 && c < 0x1800) ||
	       (c >= 0x3040 && c < 0xa000) || (c >= 0xac00 && c < 0xd7b0);
}

static bool
is_capital(uint32_t c, struct arena *a)
{
	char text[4];
	struct str s;

	if (c < 0x80)
		return ascii_is_upper((char)c);
	s = str_make(text, utf8_put(text, c));
	return !str_eq(unicode_lower(s, a), s);
}

/* "Dear Ms Holm," at the beginning: behind the first word what is written as a
 * name, in scripts without capitals one word. */
static void
add_called(struct reading *x, struct str text, struct arena *a)
{
	struct str words[CALLED], line;
	size_t end = 0, n = 0;

	while (end < text.n && text.p[end] != ',' && text.p[end] != '!' &&
	       text.p[end] != '\n')
		end++;
	line = str_sub(text, 0, end);
	while (line.p != NULL && n < CALLED) {
		words[n] = str_split(&line, ' ');
		n += words[n].n > 0;
	}
	if (end == text.n || line.p != NULL)
		return;
	for (size_t i = 1; i < n; i++) {
		uint32_t c = utf8_first(words[i]);

		if (is_capital(c, a) || (n == 2 && is_caseless(c)))
			add_names(x, words[i], a);
	}
}

/* Who writes to whom. */
static void
find_names(struct reading *x, struct record *r)
{
	struct arena *a = record_arena(r);
	struct json to = json_at(record_get(r, "to"), 0);

	add_names(x, json_str(json_get(record_get(r, "from"), "name"), a), a);
	add_names(x, json_str(json_get(to, "name"), a), a);
	add_names(x, quoted_name(record_str(r, "quoted")), a);
	add_called(x, record_str(r, "text"), a);
}

/* The length of a name that is known and stands here; 0. */
static size_t
name_at(struct reading *x)
{
	struct str rest = str_sub(x->text, x->at, x->text.n);

	if (!x->named)
		find_names(x, x->r);
	x->named = true;
	for (size_t i = 0; i < x->name_n; i++)
		if (str_starts(rest, x->names[i]) &&
		    (ends_word(x->text, x->at + x->names[i].n) ||
			is_continuous(x->names[i])))
			return x->names[i].n;
	return 0;
}

/* Takes one step; false where what stands there is no courtesy. */
static bool
step(struct reading *x)
{
	uint64_t means = 0;
	size_t n = entry_at(x, &means);

	if (n > 0) {
		x->at += n;
		x->said |= means;
		return true;
	}
	if (is_separator(char_at(x->text, x->at, &n))) {
		x->at += n;
		return true;
	}
	n = name_at(x);
	x->at += n;
	return n > 0;
}

static enum courtesy
read_text(struct reading *x, struct str text, struct arena *a)
{
	if (text.n > COURTESY_BYTES || has_digit(text) ||
	    text_has_question(text))
		return COURTESY_NONE;
	x->text = unicode_fold(text, a);
	x->at = 0;
	x->said = 0;
	while (x->at < x->text.n)
		if (!step(x))
			return COURTESY_NONE;
	if ((x->said & SAYS(ASSENT)) != 0)
		return COURTESY_ASSENT;
	if ((x->said & SAYS(THANKS)) != 0)
		return COURTESY_THANKS;
	return (x->said & SAYS(EMOJI)) != 0 ? COURTESY_ASSENT : COURTESY_NONE;
}

/* A letter that answers none has a subject, which says what it wants. */
static bool
says_more(struct reading *x, struct record *r)
{
	struct str subject = record_str(r, "subject");

	return subject.n > 0 && record_get(r, "inReplyTo").doc == NULL &&
	       record_get(r, "references").doc == NULL &&
	       read_text(x, subject, record_arena(r)) == COURTESY_NONE;
}

/*
 * Most messages are none, and a glance at the text as it is written shows it,
 * before it is folded: it asks, has a digit, or more words that stand nowhere in
 * the lists than names would.
 */
static bool
may_be(struct str raw)
{
	unsigned unknown = 0;
	size_t n;

	if (raw.n < 3 || raw.p[0] != '"')
		return false;
	for (size_t i = 1; i + 1 < raw.n; i += n) {
		char c = raw.p[i];

		n = c == '\\' ? 2 : 1;
		if (c == '\\' && raw.p[i + 1] == 'u')
			return true;
		if (c == '?' || c == '@' || c == '#' || c == '%')
			return false;
		if (ascii_is_digit(c) && (c != '3' || raw.p[i - 1] != '<'))
			return false;
		if (!ascii_is_letter(c) && (unsigned char)c < 0x80)
			continue;
		if (!is_in_lists(word_at(raw, i, &n)) && ++unknown > UNKNOWN)
			return false;
	}
	return true;
}

bool
courtesy_may_be(struct record *r)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct str raw = json_raw(record_get(r, "text"));

	pthread_once(&once, make_words);
	return raw.n <= 2 * COURTESY_BYTES && may_be(raw);
}

enum courtesy
record_courtesy(struct record *r)
{
	struct reading x = { .r = r };
	enum courtesy is;

	if (!courtesy_may_be(r) || !record_is(r, "type", "message") ||
	    !record_is(r, "direction", "inbound") ||
	    json_count(record_get(r, "attachments")) > 0)
		return COURTESY_NONE;
	is = read_text(&x, record_str(r, "text"), record_arena(r));
	return is != COURTESY_NONE && says_more(&x, r) ? COURTESY_NONE : is;
}

bool
courtesy_is_question(struct str text)
{
	struct str cut = utf8_cut(text, STORE_TEXT);

	/* What is kept of it may be cut. */
	return cut.n > STORE_TEXT - 4 || text_has_question(cut);
}
