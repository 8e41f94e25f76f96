#include "people/names.h"

#include <string.h>

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "text/unicode.h"

enum { NAME_TITLE };
#define MEANS(SECTION, n) NAME_##SECTION
#include "people/words/titles.h"

/* Letters of Latin with a mark, to those that people write for them. */
static const struct {
	const char *from, *to;
} plain[] = { { "ä", "a" }, { "á", "a" }, { "à", "a" }, { "â", "a" },
	{ "ã", "a" }, { "å", "a" }, { "ą", "a" }, { "ă", "a" }, { "æ", "a" },
	{ "ç", "c" }, { "ć", "c" }, { "č", "c" }, { "ď", "d" }, { "đ", "d" },
	{ "é", "e" }, { "è", "e" }, { "ê", "e" }, { "ë", "e" }, { "ę", "e" },
	{ "ě", "e" }, { "ğ", "g" }, { "í", "i" }, { "ì", "i" }, { "î", "i" },
	{ "ï", "i" }, { "ı", "i" }, { "ł", "l" }, { "ñ", "n" }, { "ń", "n" },
	{ "ň", "n" }, { "ö", "o" }, { "ó", "o" }, { "ò", "o" }, { "ô", "o" },
	{ "õ", "o" }, { "ø", "o" }, { "ő", "o" }, { "œ", "o" }, { "ř", "r" },
	{ "ś", "s" }, { "š", "s" }, { "ş", "s" }, { "ș", "s" }, { "ť", "t" },
	{ "ț", "t" }, { "ü", "u" }, { "ú", "u" }, { "ù", "u" }, { "û", "u" },
	{ "ű", "u" }, { "ů", "u" }, { "ý", "y" }, { "ź", "z" }, { "ż", "z" },
	{ "ž", "z" } };

/* One letter of s as it is compared; returns its bytes in s. */
static size_t
letter(struct str s, char *out, size_t *n)
{
	size_t len = utf8_length(s);

	if (len == 0)
		len = 1;
	for (size_t i = 0; len == 2 && i < sizeof(plain) / sizeof(*plain); i++)
		if (memcmp(s.p, plain[i].from, 2) == 0) {
			out[(*n)++] = plain[i].to[0];
			return len;
		}
	memcpy(out + *n, s.p, len);
	*n += len;
	return len;
}

/* "ae" for "ä" and its like: the e goes wherever it stands so. */
static size_t
squeeze(char *p, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == 'e' && to > 0 && memchr("aou", p[to - 1], 3))
			continue;
		p[to++] = p[i];
	}
	return to;
}

static bool
is_gap(char c)
{
	return ascii_is_in(c, " \t.,;:-_/()'\"&+");
}

/* The next word of s, as it is written. */
static struct str
next_word(struct str *s)
{
	size_t from = 0, to;
	struct str word;

	while (from < s->n && is_gap(s->p[from]))
		from++;
	for (to = from; to < s->n && !is_gap(s->p[to]);)
		to++;
	word = str_sub(*s, from, to - from);
	*s = str_sub(*s, to, s->n);
	return word;
}

/* At the end it tells a father from his son. */
static bool
is_generation(struct str word, size_t before, struct str rest)
{
	struct str next = next_word(&rest);

	return before > 0 && next.n == 0 &&
	       (str_is(word, "jr") || str_is(word, "sr"));
}

struct str
name_fold(struct str name, struct arena *a)
{
	struct str rest = unicode_fold(utf8_cut(name, NAME_BYTES), a), word;
	char *p = arena_alloc(a, rest.n * 2 + NAME_WORDS + 1);
	size_t n = 0, words = 0;

	while (words < NAME_WORDS && (word = next_word(&rest)).n > 0) {
		size_t from = n;

		if (wordlist_is(&words_titles, word, NAME_TITLE) &&
		    !is_generation(word, words, rest))
			continue;
		if (words++ > 0)
			p[n++] = ' ', from++;
		while (word.n > 0) {
			size_t len = letter(word, p, &n);

			word = str_sub(word, len, word.n);
		}
		n = from + squeeze(p + from, n - from);
	}
	return n == 0 ? STR_NONE : str_make(p, n);
}

static bool
words_agree(struct str a, struct str b)
{
	struct str longer = a.n >= b.n ? a : b;
	struct str shorter = a.n >= b.n ? b : a;

	if (!str_starts(longer, shorter))
		return false;
	return shorter.n >= 3 || shorter.n == longer.n ||
	       utf8_length(shorter) == shorter.n;
}

static size_t
split(struct str s, struct str *out)
{
	size_t n = 0;

	while (n < NAME_WORDS && s.n > 0) {
		out[n] = str_split(&s, ' ');
		if (out[n].n > 0)
			n++;
	}
	return n;
}

bool
names_agree(struct str a, struct str b)
{
	struct str x[NAME_WORDS], y[NAME_WORDS];
	size_t n = split(a, x), m = split(b, y), agreed = 0;
	bool taken[NAME_WORDS] = { false };

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m; j++)
			if (!taken[j] && words_agree(x[i], y[j])) {
				taken[j] = true;
				agreed++;
				break;
			}
	return agreed >= (n < m ? n : m);
}
