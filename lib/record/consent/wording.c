#include "record/consent/wording.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "text/unicode.h"

#define MEANS(SECTION, n) SAYS_##SECTION
#include "record/consent/words/optout.h"

const struct wordlist *const wording_list = &words_optout;

enum {
	PHRASE_WORDS = 10, /* of an entry, at most */
};

/* A text on its way in. */
struct intake {
	struct wording *w;
	enum plain_kind last; /* of what was put */
	bool apart; /* from the word before */
	bool ends; /* the sentence does */
	bool line; /* a line began */
	unsigned lines; /* how many, without a word */
};

static bool
ends_sentence(uint32_t c)
{
	switch (c) {
	case '.':
	case '!':
	case '?':
	case ';':
	case 0xa1: /* inverted marks of Spanish */
	case 0xbf:
	case 0x37e: /* Greek */
	case 0x589: /* Armenian */
	case 0x61b: /* Arabic */
	case 0x61f:
	case 0x6d4:
	case 0x964: /* Indic */
	case 0x104b: /* Burmese */
	case 0x1362: /* Ethiopic */
	case 0x17d4: /* Khmer */
	case 0x2026:
	case 0x203c:
	case 0x3002: /* Chinese, Japanese */
	case 0xff01:
	case 0xff0e:
	case 0xff1f:
	case 0xff61:
		return true;
	default:
		return false;
	}
}

static bool
asks(uint32_t c)
{
	return c == '?' || c == 0x61f || c == 0xff1f || c == 0x55e ||
	       c == 0x1367 || c == 0x203d;
}

/* Of this character's sentence. */
static void
take_break(struct intake *in, uint32_t c)
{
	struct wording *w = in->w;

	in->apart = true;
	if (c != ' ' && w->n > 0)
		w->words[w->n - 1].ended = true;
	if (c == '\n') {
		in->line = true;
		in->lines++;
	}
	if (asks(c) && w->n > 0)
		w->questions[w->words[w->n - 1].sentence] = true;
	in->ends |= ends_sentence(c) || in->lines > 1;
}

static struct wording_word *
begin_word(struct intake *in, uint64_t plain)
{
	struct wording *w = in->w;
	bool alone = plain_kind(plain) == PLAIN_ALONE;
	struct wording_word *word;

	if (w->n == OPTOUT_WORDS) {
		w->over = true;
		return NULL;
	}
	if (w->n > 0 && in->ends && w->sentences + 1 < WORDING_SENTENCES)
		w->sentences++;
	if (w->n > 0 && !alone && in->last == PLAIN_LETTER)
		w->plain[w->bytes++] = ' ';
	word = &w->words[w->n++];
	*word = (struct wording_word){
		.at = (uint16_t)w->bytes,
		.sentence = w->sentences,
		.alone = alone,
		.capital = plain_capital(plain) || (plain & 0xff) >= 0xd8,
		.first = in->line || w->n == 1,
		.shouted = true,
	};
	in->ends = in->line = in->apart = false;
	in->lines = 0;
	return word;
}

static void
take_letter(struct intake *in, uint64_t plain)
{
	struct wording *w = in->w;
	enum plain_kind kind = plain_kind(plain);
	struct wording_word *word = w->n > 0 ? &w->words[w->n - 1] : NULL;

	if (w->bytes + 8 > sizeof(w->plain)) {
		w->over = true;
		return;
	}
	if (word == NULL || in->apart || kind == PLAIN_ALONE ||
	    in->last == PLAIN_ALONE)
		word = begin_word(in, plain);
	if (word == NULL)
		return;
	word->digits |= (plain & 0xff) >= '0' && (plain & 0xff) <= '9';
	word->shouted &= plain_capital(plain);
	w->bytes += plain_put(w->plain + w->bytes, plain);
	word->n = (uint16_t)(w->bytes - word->at);
	in->last = kind;
}

static bool
is_ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Most of a text: what of the word in hand is of ASCII. */
static void
take_ascii(struct intake *in, struct str *text)
{
	struct wording *w = in->w;
	size_t n = 0;

	if (w->n == 0 || in->apart || in->last != PLAIN_LETTER)
		return;
	for (; n < text->n && is_ascii_letter(text->p[n]) &&
	       w->bytes < sizeof(w->plain);
	     n++) {
		w->words[w->n - 1].shouted &= ascii_is_upper(text->p[n]);
		w->plain[w->bytes++] = ascii_lower(text->p[n]);
	}
	w->words[w->n - 1].n = (uint16_t)(w->bytes - w->words[w->n - 1].at);
	*text = str_sub(*text, n, text->n);
}

/* "S T O P" is a word. */
static void
join_letters(struct wording *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->n; i++)
		if (w->words[i].n != 1 || w->words[i].digits)
			return;
	if (w->n < 3)
		return;
	for (size_t i = 0; i < w->n; i++)
		w->plain[n++] = w->plain[w->words[i].at];
	w->bytes = n;
	w->words[0].n = (uint16_t)n;
	w->n = 1;
	w->sentences = 0;
}

/* The entry with this hash that is s, and a star where there is to be one. */
static bool
find(uint32_t hash, struct str s, bool star, uint16_t *entry)
{
	const struct wordlist *l = wording_list;

	for (;; hash++) {
		uint32_t slot = l->slots[hash & l->mask];
		struct str e;

		if (slot == 0)
			return false;
		e = wordlist_at(l, slot - 1);
		*entry = (uint16_t)(slot - 1);
		if (e.n == s.n + star && memcmp(e.p, s.p, s.n) == 0 &&
		    (!star || e.p[s.n] == '*'))
			return true;
	}
}

static void
add_match(struct wording *w, size_t at, size_t n, uint16_t entry)
{
	if (w->match_n == WORDING_MATCHES) {
		w->over = true;
		return;
	}
	w->matches[w->match_n++] = (struct wording_match){
		.at = (uint16_t)at,
		.n = (uint16_t)n,
		.entry = entry,
		.means = wording_list->means[entry],
	};
}

/* The words from `first` to `last`, whose hash up to the last one is *h. */
static void
find_ending(struct wording *w, size_t first, size_t last, uint32_t *h)
{
	const char *from = w->plain + w->words[first].at;
	const struct wording_word *word = &w->words[last];
	const char *p = w->plain + word->at, *end = p + word->n;
	size_t stem =
	    (unsigned char)*p < 0x80 ? WORDLIST_STEM : WORDLIST_STEM_OTHER;
	uint16_t entry;

	for (const char *q = p; q < end; q++) {
		size_t n;

		*h = wordlist_hash_more(*h, *q);
		n = (size_t)(q + 1 - from);
		if ((size_t)(q + 1 - p) >= stem &&
		    (q + 1 == end || !utf8_goes_on(q[1])) &&
		    find(wordlist_hashed(wordlist_hash_more(*h, '*')),
			str_make(from, n), true, &entry))
			add_match(w, first, last - first + 1, entry);
	}
	if (find(wordlist_hashed(*h), str_make(from, (size_t)(end - from)),
		false, &entry))
		add_match(w, first, last - first + 1, entry);
}

/* May this word stand in an entry? */
static bool
wording_knows(const char *p, size_t n)
{
	const struct wordlist_phrases *l = wording_list->phrases;
	size_t stem =
	    (unsigned char)*p < 0x80 ? WORDLIST_STEM : WORDLIST_STEM_OTHER;

	return wordlist_bit(l->words, wordlist_spread(wordlist_key(p, n))) ||
	       (n >= stem && wordlist_bit(l->stems,
				 wordlist_spread(wordlist_key(p, stem))));
}

static void
find_from(struct wording *w, size_t first)
{
	const struct wordlist_phrases *l = wording_list->phrases;
	uint32_t h = WORDLIST_HASH;

	for (size_t i = first; i < w->n && i < first + PHRASE_WORDS; i++) {
		const struct wording_word *word = &w->words[i];

		if (!wording_knows(w->plain + word->at, word->n))
			return;
		find_ending(w, first, i, &h);
		if (i + 1 < w->n &&
		    !wordlist_bit(l->begins, wordlist_hashed(h)))
			return;
		if (i + 1 < w->n && !word->alone && !w->words[i + 1].alone)
			h = wordlist_hash_more(h, ' ');
	}
}

/* What the matches tell of words and of the text. */
static void
sum_up(struct wording *w)
{
	memset(w->means, 0, w->n * sizeof(*w->means));
	memset(&w->found, 0, sizeof(w->found));
	for (size_t i = 0; i < w->match_n; i++) {
		const struct wording_match *m = &w->matches[i];
		const uint64_t *languages =
		    wording_list->phrases->languages +
		    wording_list->phrases->languages_at[m->entry];

		for (size_t k = m->at; k < (size_t)m->at + m->n; k++)
			w->means[k] |= m->means;
		for (uint64_t left = m->means; left != 0; left &= left - 1)
			w->found.languages[__builtin_ctzll(left)] |=
			    *languages++;
		w->found.means |= m->means;
	}
	w->found.behind = UINT64_MAX;
}

static void
find_all(struct wording *w)
{
	w->match_n = 0;
	for (size_t i = 0; i < w->n; i++)
		find_from(w, i);
	sum_up(w);
}

void
wording_read(struct wording *w, struct str text, struct str own)
{
	struct intake in = { .w = w, .last = PLAIN_GONE };

	w->bytes = w->n = w->match_n = 0;
	w->sentences = 0;
	w->over = false;
	memset(w->questions, 0, sizeof(w->questions));
	while (text.n > 0) {
		uint64_t plain;
		uint32_t c;

		if (own.n > 0 && (own.p[0] | 0x20) == (text.p[0] | 0x20) &&
		    str_starts_nocase(text, own)) {
			text = str_sub(text, own.n, text.n);
			in.apart = true;
			continue;
		}
		c = utf8_take(&text, NULL);
		plain = unicode_plain(c);
		if (plain_kind(plain) == PLAIN_BREAK)
			take_break(&in, c);
		else if (plain_kind(plain) != PLAIN_GONE) {
			take_letter(&in, plain);
			take_ascii(&in, &text);
		}
	}
	join_letters(w);
	find_all(w);
}

bool
wording_has_sign(struct str text)
{
	return str_find(text, STR("🛑")) >= 0 ||
	       str_find(text, STR("🚫")) >= 0 || str_find(text, STR("⛔")) >= 0;
}

/* Not at the end of its sentence, where names may follow. */
static bool
stands_within(const struct wording *w, size_t word)
{
	return word + 1 < w->n && !w->words[word].ended &&
	       !w->words[word + 1].first &&
	       w->words[word + 1].sentence == w->words[word].sentence;
}

bool
wording_drop(struct wording *w, uint64_t meaning)
{
	bool drop[OPTOUT_WORDS] = { false };
	size_t n = 0, bytes = 0;

	for (size_t i = 0; i < w->n; i++)
		drop[i] = stands_within(w, i) && w->means[i] == meaning;
	for (size_t i = 0; i < w->n; i++) {
		struct wording_word word = w->words[i];

		if (drop[i])
			continue;
		if (n > 0 && !word.alone && !w->words[n - 1].alone)
			w->plain[bytes++] = ' ';
		memmove(w->plain + bytes, w->plain + word.at, word.n);
		word.at = (uint16_t)bytes;
		bytes += word.n;
		w->words[n++] = word;
	}
	if (n == w->n)
		return false;
	w->n = n;
	w->bytes = bytes;
	find_all(w);
	return true;
}
