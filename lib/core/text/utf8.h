#ifndef KITH_CORE_TEXT_UTF8_H
#define KITH_CORE_TEXT_UTF8_H
/*
 * UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing past U+10FFFF.
 */
#include "core/arena.h"
#include "core/buf.h"

/* Does this byte go on with a character that began before it? */
static inline bool
utf8_goes_on(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Bytes of the well-formed sequence that s begins with, or 0. */
size_t utf8_length(struct str s);
/* True where all of s is well-formed. */
bool utf8_is_valid(struct str s);
/*
 * Takes a character off *s (which must not be empty) and returns it; 0xfffd
 * where there is none, taking off what of a sequence was there: the longest
 * beginning of a well-formed one, or a byte (Unicode 15, 3.9, U+FFFD
 * Substitution of Maximal Subparts).  *bad (may be NULL) tells that.  For tests,
 * which compare it with ICU's; programs replace and skip.
 */
uint32_t utf8_take(struct str *s, bool *bad);
/* The character that begins at s.p, or the one that ends at s.p + s.n; 0
 * where s is empty or not UTF-8 there. */
uint32_t utf8_first(struct str s);
uint32_t utf8_last(struct str s);
/* The digit that a character is in a script that people write numbers in; -1
 * for none. */
int utf8_digit(uint32_t c);
/* Writes a code point (up to U+10FFFF); returns its bytes. */
size_t utf8_put(char out[4], uint32_t c);
/* At most n bytes of well-formed s, cut at a character's start. */
struct str utf8_cut(struct str s, size_t n);
/* s on one line that reads as it stands: control characters of Unicode and its
 * line ends (C0, C1, U+2028, U+2029) are blanks, what turns text around
 * (U+202A..E, U+2066..9) is left out, and no blank stands at an end.  s itself
 * where it is one. */
struct str utf8_one_line(struct str s, struct arena *a);
/* Appends s with what is malformed as U+FFFD and NULs left out. */
void utf8_clean(struct str s, struct buf *out);

#endif
