#include "core/text/base64.h"

static const char letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* clang-format off */
#define N BASE64_NONE
#define P BASE64_PADDING
#define S BASE64_SPACE
const unsigned char base64_values[256] = {
	 N,  N,  N,  N,  N,  N,  N,  N,  N,  S,  S,  N,  N,  S,  N,  N,
	 N,  N,  N,  N,  N,  N,  N,  N,  N,  N,  N,  N,  N,  N,  N,  N,
	 S,  N,  N,  N,  N,  N,  N,  N,  N,  N,  N, 62,  N,  N,  N, 63,
	52, 53, 54, 55, 56, 57, 58, 59, 60, 61,  N,  N,  N,  P,  N,  N,
	 N,  0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14,
	15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,  N,  N,  N,  N,  N,
	 N, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
	41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51,  N,  N,  N,  N,  N,
	[128 ... 255] = N,
};
#undef N
#undef P
#undef S
/* clang-format on */

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

void
base64_add(struct buf *out, struct str s)
{
	size_t n = BASE64_ENCODED(s.n);
	char *to = buf_room(out, n);

	if (to == NULL)
		return;
	base64_encode(s, to);
	out->n += n;
}

/* True where base64 goes on behind padding. */
static bool
more_behind(const unsigned char *p, const unsigned char *end)
{
	while (p < end && base64_values[*p] >= BASE64_PADDING)
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

	while (p < end) {
		unsigned a, b, c, d;

		/* Four letters at a time, as long as there are such. */
		while (held == 0 && end - p >= 4 &&
		       ((a = base64_values[p[0]]) | (b = base64_values[p[1]]) |
			   (c = base64_values[p[2]]) |
			   (d = base64_values[p[3]])) < BASE64_NONE) {
			v = a << 18 | b << 12 | c << 6 | d;
			to[0] = (char)(v >> 16);
			to[1] = (char)(v >> 8);
			to[2] = (char)v;
			to += 3;
			p += 4;
		}
		if (p == end)
			break;
		a = base64_values[*p++];
		if (a == BASE64_PADDING) {
			/* Another stream behind it, or what somebody put
			 * under it. */
			if (!more_behind(p, end))
				break;
			held = v = 0;
			continue;
		}
		/* Two dashes are a boundary that was not told as one. */
		if (a == BASE64_NONE && p < end && p[-1] == '-' && *p == '-')
			break;
		if (a >= BASE64_NONE)
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
	for (size_t i = 0; i < s.n; i++) {
		unsigned char v = base64_values[(unsigned char)s.p[i]];

		if (v == BASE64_PADDING)
			return true;
		if (v == BASE64_NONE)
			return false;
	}
	return true;
}

struct str
base64_url(struct arena *a, struct str s)
{
	char *plain = arena_alloc(a, s.n + 1);
	char *to = arena_alloc(a, BASE64_DECODED(s.n));

	for (size_t i = 0; i < s.n; i++)
		plain[i] = s.p[i] == '-' ? '+' : s.p[i] == '_' ? '/' : s.p[i];
	s = str_make(plain, s.n);
	return base64_is(s) ? str_make(to, base64_decode(s, to)) : STR_NONE;
}
