#include "core/base64.h"

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

enum { NO_LETTER = 0x80, PADDING = 0x81, SPACE = 0x82 };

/* The value of each letter; made once, before the first look. */
static unsigned char values[256];

static void
make_values(void)
{
	if (values[0] != 0)
		return;
	memset(values, NO_LETTER, sizeof(values));
	for (unsigned char i = 0; i < 64; i++)
		values[(unsigned char)letters[i]] = i;
	values['='] = PADDING;
	values[' '] = values['\t'] = values['\r'] = values['\n'] = SPACE;
}

void
base64_encode(struct str s, char *to)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t i = 0;
	unsigned v;

	for (; i + 3 <= s.n; i += 3, to += 4) {
		v = (unsigned)p[i] << 16 | (unsigned)p[i + 1] << 8 | p[i + 2];
		to[0] = letters[v >> 18];
		to[1] = letters[v >> 12 & 63];
		to[2] = letters[v >> 6 & 63];
		to[3] = letters[v & 63];
	}
	if (i == s.n)
		return;
	v = (unsigned)p[i] << 16 | (i + 1 < s.n ? (unsigned)p[i + 1] << 8 : 0);
	to[0] = letters[v >> 18];
	to[1] = letters[v >> 12 & 63];
	to[2] = i + 1 < s.n ? letters[v >> 6 & 63] : '=';
	to[3] = '=';
}

/* True where base64 goes on behind padding. */
static bool
more_behind(const unsigned char *p, const unsigned char *end)
{
	while (p < end && values[*p] >= PADDING)
		p++;
	return p < end &&
	       base64_is(str_make((const char *)p, (size_t)(end - p)));
}

size_t
base64_decode(struct str s, char *to)
{
	const unsigned char *p = (const unsigned char *)s.p, *end = p + s.n;
	unsigned v = 0, held = 0;
	char *start = to;

	make_values();
	while (p < end) {
		unsigned a, b, c, d;

		/* Four letters at a time, as long as there are such. */
		while (
		    held == 0 && end - p >= 4 &&
		    ((a = values[p[0]]) | (b = values[p[1]]) |
			(c = values[p[2]]) | (d = values[p[3]])) < NO_LETTER) {
			v = a << 18 | b << 12 | c << 6 | d;
			to[0] = (char)(v >> 16);
			to[1] = (char)(v >> 8);
			to[2] = (char)v;
			to += 3;
			p += 4;
		}
		if (p == end)
			break;
		a = values[*p++];
		if (a == PADDING) {
			/* Another stream behind it, or what somebody put
			 * under it. */
			if (!more_behind(p, end))
				break;
			held = v = 0;
			continue;
		}
		/* Two dashes are a boundary that was not told as one. */
		if (a == NO_LETTER && p < end && p[-1] == '-' && *p == '-')
			break;
		if (a >= NO_LETTER)
			continue;
		v = v << 6 | a;
		/* The first letter gives no byte yet, each later one does. */
		if (held > 0)
			*to++ = (char)(v >> (6 - 2 * held));
		held = (held + 1) % 4;
	}
	return (size_t)(to - start);
}

bool
base64_is(struct str s)
{
	make_values();
	for (size_t i = 0; i < s.n; i++) {
		unsigned char v = values[(unsigned char)s.p[i]];

		if (v == PADDING)
			return true;
		if (v == NO_LETTER)
			return false;
	}
	return true;
}
