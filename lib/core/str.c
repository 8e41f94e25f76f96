#include "core/str.h"

#include <string.h>

#include "core/text/ascii.h"

bool
str_is_one_of(struct str s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (str_is(s, *words))
			return true;
	return false;
}

enum { SHORT_TEXT = 256 }; /* bytes */

int
str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (c != 0)
		return c;
	return a.n < b.n ? -1 : a.n > b.n;
}

bool
str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	/* Most are written alike. */
	if (a.n == 0 || memcmp(a.p, b.p, a.n) == 0)
		return true;
	for (size_t i = 0; i < a.n; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

bool
str_starts_nocase(struct str s, struct str prefix)
{
	return s.n >= prefix.n &&
	       str_eq_nocase(str_sub(s, 0, prefix.n), prefix);
}

bool
str_ends_nocase(struct str s, struct str suffix)
{
	return s.n >= suffix.n &&
	       str_eq_nocase(str_sub(s, s.n - suffix.n, suffix.n), suffix);
}

ptrdiff_t
str_chr(struct str s, char c)
{
	const char *at = s.n == 0 ? NULL : memchr(s.p, c, s.n);

	return at == NULL ? -1 : at - s.p;
}

ptrdiff_t
str_rchr(struct str s, char c)
{
	const char *at = s.n == 0 ? NULL : memrchr(s.p, c, s.n);

	return at == NULL ? -1 : at - s.p;
}

ptrdiff_t
str_find(struct str s, struct str needle)
{
	const char *at, *end;

	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return -1;
	/* memmem makes a table first: for a line that costs more than it
	 * saves.  Two bytes it compares one by one. */
	if (s.n > SHORT_TEXT && needle.n > 2) {
		at = memmem(s.p, s.n, needle.p, needle.n);
		return at == NULL ? -1 : at - s.p;
	}
	end = s.p + s.n - needle.n + 1;
	for (at = s.p; at < end; at++) {
		at = memchr(at, needle.p[0], (size_t)(end - at));
		if (at == NULL)
			return -1;
		if (memcmp(at, needle.p, needle.n) == 0)
			return at - s.p;
	}
	return -1;
}

ptrdiff_t
str_find_nocase(struct str s, struct str needle)
{
	for (size_t i = 0; i + needle.n <= s.n; i++)
		if (str_eq_nocase(str_sub(s, i, needle.n), needle))
			return (ptrdiff_t)i;
	return -1;
}

struct str
str_trim_right(struct str s)
{
	while (s.n > 0 && ascii_is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str
str_trim(struct str s)
{
	s = str_trim_right(s);
	while (s.n > 0 && ascii_is_space(*s.p)) {
		s.p++;
		s.n--;
	}
	return s;
}

struct str
str_split(struct str *rest, char sep)
{
	ptrdiff_t at = str_chr(*rest, sep);
	struct str piece = *rest;

	if (at < 0) {
		*rest = STR_NONE;
		return piece;
	}
	piece.n = (size_t)at;
	rest->p += at + 1;
	rest->n -= (size_t)at + 1;
	return piece;
}

struct str
str_line(struct str *rest)
{
	struct str line = str_split(rest, '\n');

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	if (rest->p != NULL && rest->n == 0)
		*rest = STR_NONE;
	return line;
}

int
str_to_int(struct str s, int64_t *out)
{
	bool minus = s.n > 0 && s.p[0] == '-';
	int64_t v = 0;

	if (minus || (s.n > 0 && s.p[0] == '+'))
		s = str_sub(s, 1, s.n);
	if (s.n == 0)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		int digit = s.p[i] - '0';

		if (digit < 0 || digit > 9 ||
		    __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_sub_overflow(v, digit, &v))
			return -1;
	}
	/* v is built below zero, where INT64_MIN has room. */
	if (!minus && v == INT64_MIN)
		return -1;
	*out = minus ? v : -v;
	return 0;
}

bool
str_is_ascii(struct str s)
{
	uint64_t any = 0, word;
	size_t i = 0;

	for (; i + sizeof(word) <= s.n; i += sizeof(word)) {
		memcpy(&word, s.p + i, sizeof(word));
		any |= word;
	}
	for (; i < s.n; i++)
		any |= (uint64_t)(unsigned char)s.p[i];
	return (any & UINT64_C(0x8080808080808080)) == 0;
}

bool
str_is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

struct str
str_count(char out[STR_COUNT], char mark, uint64_t v)
{
	char *end = &out[STR_COUNT - 1], *p = end;

	*end = '\0';
	do
		*--p = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	if (mark != '\0')
		*--p = mark;
	return str_make(p, (size_t)(end - p));
}
