#include "core/text/ascii.h"
#include "core/text/terminal.h"
#include "core/text/utf8.h"

/* Bytes of a steering character at s (C0 with DEL, C1, the bidi controls
 * U+061C, U+200E..F, U+202A..E, U+2066..9, a byte that is no UTF-8); 0 for any
 * other. */
static size_t
steering(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.n == 0)
		return 0;
	if (p[0] < 0x20 || p[0] == 0x7f)
		return 1;
	if (p[0] < 0x80)
		return 0;
	if (utf8_length(s) == 0)
		return 1;
	if (p[0] == 0xc2)
		return p[1] < 0xa0 ? 2 : 0;
	if (p[0] == 0xd8)
		return p[1] == 0x9c ? 2 : 0;
	if (p[0] != 0xe2)
		return 0;
	if (p[1] == 0x80 &&
	    (p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xaa && p[2] <= 0xae)))
		return 3;
	return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9 ? 3 : 0;
}

/* Appends the character at s, escaped where it steers; returns its bytes. */
static size_t
add_char(struct buf *out, struct str s)
{
	size_t n = steering(s);

	if (n == 0) {
		n = utf8_length(s);
		buf_add(out, s.p, n);
		return n;
	}
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "\\x%02x", (unsigned char)s.p[i]);
	return n;
}

void
terminal_text(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n;)
		i += add_char(out, str_sub(s, i, s.n));
}

void
terminal_line(struct buf *out, struct str s)
{
	bool space = false;

	s = str_trim(s);
	for (size_t i = 0; i < s.n;) {
		char c = s.p[i];

		if (ascii_is_space(c)) {
			space = true;
			i++;
			continue;
		}
		if (space)
			buf_add_char(out, ' ');
		space = false;
		i += add_char(out, str_sub(s, i, s.n));
	}
}
