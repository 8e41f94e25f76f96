#include "core/plain.h"

size_t
plain_steering(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n == 0)
		return 0;
	if (p[0] < 0x20 || p[0] == 0x7f)
		return 1;
	if (s.n >= 2 && p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
		return 2;
	if (s.n >= 2 && p[0] == 0xd8 && p[1] == 0x9c)
		return 2;
	if (s.n < 3 || p[0] != 0xe2)
		return 0;
	if (p[1] == 0x80 &&
	    (p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xaa && p[2] <= 0xae)))
		return 3;
	return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9 ? 3 : 0;
}

static void
escape(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_printf(out, "\\x%02x", (unsigned char)s.p[i]);
}

void
plain_text(struct buf *out, struct str s)
{
	size_t clean = 0;

	for (size_t i = 0; i < s.n;) {
		size_t n = plain_steering(str_sub(s, i, s.n));

		if (n == 0) {
			i++;
			continue;
		}
		buf_add(out, s.p + clean, i - clean);
		escape(out, str_sub(s, i, n));
		i += n;
		clean = i;
	}
	buf_add(out, s.p + clean, s.n - clean);
}

void
plain_line(struct buf *out, struct str s)
{
	bool space = false;

	s = str_trim(s);
	for (size_t i = 0; i < s.n;) {
		char c = s.p[i];
		size_t n;

		if (c == ' ' || (c >= '\t' && c <= '\r')) {
			space = true;
			i++;
			continue;
		}
		if (space)
			buf_add_char(out, ' ');
		space = false;
		n = plain_steering(str_sub(s, i, s.n));
		if (n == 0)
			buf_add_char(out, c);
		else
			escape(out, str_sub(s, i, n));
		i += n == 0 ? 1 : n;
	}
}
