#ifndef KITH_TEXT_UNICODE_H
#define KITH_TEXT_UNICODE_H
/*
 * Unicode by ICU: charsets, folding, domain names.
 */
#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"

/*
 * Decodes bytes of a named charset (any alias that ICU or the WHATWG list
 * knows) and appends UTF-8; malformed input becomes U+FFFD.  -1 where the
 * charset is unknown (nothing is appended).
 */
int charset_decode(struct str bytes, struct str charset, struct buf *out);
/*
 * A name for undeclared or mislabelled 8-bit text: UTF-8 where it is valid,
 * UTF-16 by its BOM, ISO-2022-* by its escapes, else ICU's detection, else
 * windows-1252.  Borrowed for ever.
 */
const char *charset_guess(struct str bytes);
/* NFKC_Casefold (UAX 44): for comparing names and words. */
struct str unicode_fold(struct str s, struct arena *a);
/*
 * Lower case and nothing else, character by character (UAX 44, simple
 * mappings): for names that must not be taken for one another.  What looks
 * alike stays apart, and no other character becomes ASCII.
 */
struct str unicode_lower(struct str s, struct arena *a);
/*
 * Letters of any script as the Latin ones that stand for them, without marks
 * and in lower case ("Müller", "Мюллер": "muller", "mjuller"), as far as ICU
 * has a way; signs stay.  For comparing names, not for showing them.
 */
struct str unicode_latin(struct str s, struct arena *a);
/*
 * A domain in its A-label form, lower case (UTS 46, non-transitional).
 * STR_NONE where it is no domain name.
 */
struct str idna_ascii(struct str domain, struct arena *a);
/* A mail address, or a domain, with its domain in this form; what is all of
 * ASCII, or has no such form, stays as it is. */
struct str idna_address(struct str address, struct arena *a);
/* Columns of a terminal that s takes: 2 for wide characters, 0 for marks. */
int unicode_width(struct str s);
/* Bytes of the longest beginning of s that takes at most so many columns. */
size_t unicode_fit(struct str s, int columns);

/*
 * True for what words are made of (letters, digits, marks, '_') in scripts
 * that put blanks between words; Han, kana, Thai and their like do not, so
 * their characters end a word on either side.
 */
bool unicode_in_word(uint32_t c);
/*
 * How many words s has: what stands between white space and holds a letter or
 * digit.  Where such a piece is written in a script without blanks, two of its
 * characters count as a word.
 */
size_t unicode_words(struct str s);

/*
 * A character as words are compared that people type with or without marks,
 * on whatever keyboard: folded (unicode_fold), marks above and below the
 * letters gone, "l" for a struck l, one letter for the several of Arabic and
 * Persian that look alike.  Vowel signs of Indic scripts, of Thai and its like
 * stay.  The lowest four bytes are the UTF-8 of it, the first byte the lowest; a
 * 1 where it has more.
 */
enum plain_kind {
	PLAIN_GONE = 1, /* a mark, a joiner */
	PLAIN_BREAK, /* blanks, punctuation, emoji; '_' too */
	PLAIN_LETTER, /* of words with blanks between them; digits too */
	PLAIN_ALONE, /* as unicode_in_word has it, a word by itself */
};
uint64_t unicode_plain(uint32_t c);
static inline enum plain_kind
plain_kind(uint64_t plain)
{
	return (enum plain_kind)(plain >> 32 & 7);
}
/* Was it a capital letter? */
static inline bool
plain_capital(uint64_t plain)
{
	return (plain >> 35 & 1) != 0;
}
/* Writes its bytes, which are up to four; returns how many. */
static inline size_t
plain_put(char out[4], uint64_t plain)
{
	uint32_t bytes = (uint32_t)plain;
	size_t n = 0;

	for (; bytes != 0; bytes >>= 8)
		out[n++] = (char)bytes;
	return n;
}
#endif
