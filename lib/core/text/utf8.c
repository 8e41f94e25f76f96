#include "core/text/utf8.h"

#include <endian.h>

enum { REPLACEMENT = 0xfffd };

/*
 * Bytes at the beginning of s, of which `left` are there, that a well-formed
 * sequence begins with; *want: how many such a sequence has, 0 where the first
 * byte begins none.
 */
static size_t
subpart(const unsigned char *s, size_t left, size_t *want)
{
	unsigned char c = s[0], low = 0x80, high = 0xbf;
	size_t n;

	*want = c < 0x80 ? 1 : 0;
	if (c < 0xc2 || c > 0xf4)
		return 1;
	*want = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (c == 0xe0)
		low = 0xa0;
	else if (c == 0xed)
		high = 0x9f;
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f;
	if (left < 2 || s[1] < low || s[1] > high)
		return 1;
	for (n = 2; n < *want && n < left; n++)
		if ((s[n] & 0xc0) != 0x80)
			break;
	return n;
}

static size_t
length(const unsigned char *s, size_t left)
{
	size_t want, n;

	if (s[0] < 0x80)
		return 1;
	n = subpart(s, left, &want);
	return n == want ? n : 0;
}

size_t
utf8_length(struct str s)
{
	return s.n == 0 ? 0 : length((const unsigned char *)s.p, s.n);
}

bool
utf8_is_valid(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	for (size_t i = 0; i < s.n;) {
		uint64_t word;
		size_t n;

		if (s.n - i >= sizeof(word)) {
			memcpy(&word, p + i, sizeof(word));
			word = le64toh(word) & UINT64_C(0x8080808080808080);
			if (word == 0) {
				i += sizeof(word);
				continue;
			}
			i += (size_t)__builtin_ctzll(word) / 8;
		}
		n = length(p + i, s.n - i);
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

/* The character of a well-formed sequence of n bytes. */
static uint32_t
character(const char *p, size_t n)
{
	uint32_t c = (unsigned char)p[0];

	if (n > 1)
		c &= 0xffU >> (n + 1);
	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	return c;
}

uint32_t
utf8_take(struct str *s, bool *bad)
{
	size_t want, n = subpart((const unsigned char *)s->p, s->n, &want);
	uint32_t c = n == want ? character(s->p, n) : REPLACEMENT;

	if (bad != NULL)
		*bad = n != want;
	s->p += n;
	s->n -= n;
	return c;
}

uint32_t
utf8_first(struct str s)
{
	size_t n = utf8_length(s);

	return n == 0 ? 0 : character(s.p, n);
}

uint32_t
utf8_last(struct str s)
{
	size_t n = 1;

	if (s.n == 0)
		return 0;
	while (n < 4 && n < s.n && utf8_goes_on(s.p[s.n - n]))
		n++;
	s = str_sub(s, s.n - n, n);
	return utf8_length(s) == n ? character(s.p, n) : 0;
}

size_t
utf8_put(char out[4], uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

int
utf8_digit(uint32_t c)
{
	/* The zeros; nine more stand behind each. */
	static const uint32_t zeros[] = { 0x660, 0x6f0, 0x966, 0x9e6, 0xa66,
		0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
		0x1040, 0x17e0, 0x1810, 0x1c50, 0xff10, 0x11136, 0x1e950 };

	if (c - '0' < 10)
		return (int)(c - '0');
	if (c < zeros[0])
		return -1;
	for (size_t i = 0; i < sizeof(zeros) / sizeof(*zeros); i++)
		if (c - zeros[i] < 10)
			return (int)(c - zeros[i]);
	return -1;
}

struct str
utf8_cut(struct str s, size_t n)
{
	if (s.n <= n)
		return s;
	for (int back = 0; back < 3 && n > 0; back++, n--)
		if (!utf8_goes_on(s.p[n]))
			break;
	s.n = n;
	return s;
}

/* What becomes of the character at s, of n bytes: it stays. */
enum as { AS_IT_IS, AS_BLANK, AS_NOTHING };

static enum as on_a_line(struct str s, size_t *n)
{
	const unsigned char *p = (const unsigned char *)s.p;

	*n = 1;
	if (p[0] < 0x20 || p[0] == 0x7f)
		return AS_BLANK;
	if (s.n > 1 && p[0] == 0xc2 && p[1] < 0xa0) {
		*n = 2;
		return AS_BLANK;
	}
	if (s.n < 3 || p[0] != 0xe2)
		return AS_IT_IS;
	*n = 3;
	if (p[1] == 0x80 && (p[2] == 0xa8 || p[2] == 0xa9))
		return AS_BLANK;
	if ((p[1] == 0x80 && p[2] >= 0xaa && p[2] <= 0xae) ||
	    (p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9))
		return AS_NOTHING;
	*n = 1;
	return AS_IT_IS;
}

/* Does it stay whatever follows?  True of nearly all. */
static inline bool
stays(unsigned char c)
{
	return c >= 0x20 && c != 0x7f && c != 0xc2 && c != 0xe2;
}

struct str
utf8_one_line(struct str s, struct arena *a)
{
	size_t i = 0, n, to = 0;
	char *out;

	while (i < s.n && (stays((unsigned char)s.p[i]) ||
			      on_a_line(str_sub(s, i, s.n), &n) == AS_IT_IS))
		i++;
	if (i == s.n)
		return s;
	out = arena_alloc(a, s.n);
	for (i = 0; i < s.n; i += n)
		switch (on_a_line(str_sub(s, i, s.n), &n)) {
		case AS_IT_IS:
			out[to++] = s.p[i];
			break;
		case AS_BLANK:
			out[to++] = ' ';
			break;
		case AS_NOTHING:
			break;
		}
	return str_trim(str_make(out, to));
}

void
utf8_clean(struct str s, struct buf *out)
{
	const char *start = s.p, *end = s.p + s.n;

	if (s.n == 0 || (memchr(s.p, 0, s.n) == NULL && utf8_is_valid(s))) {
		buf_add_str(out, s);
		return;
	}
	while (s.n > 0) {
		const char *at = s.p;
		bool bad;

		if (utf8_take(&s, &bad) != 0 && !bad)
			continue;
		buf_add(out, start, (size_t)(at - start));
		if (bad)
			buf_add_z(out, "\xef\xbf\xbd");
		start = s.p;
	}
	buf_add(out, start, (size_t)(end - start));
}
