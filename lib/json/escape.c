#include "json/escape.h"

#include "core/text/base64.h"
#include "core/text/utf8.h"

enum { SHORT_TEXT = 64 }; /* bytes */

/* What a byte is: copied as it is, escaped, or the start of UTF-8. */
enum { PLAIN = 0, SHORT = 1, LONG = 2, MULTI = 3 };

static const unsigned char kinds[256] = {
	[0x00 ... 0x07] = LONG,
	[0x0b] = LONG,
	[0x0e ... 0x1f] = LONG,
	['\b'] = SHORT,
	['\t'] = SHORT,
	['\n'] = SHORT,
	['\f'] = SHORT,
	['\r'] = SHORT,
	['"'] = SHORT,
	['\\'] = SHORT,
	[0x80 ... 0xff] = MULTI,
};

static char
short_letter(unsigned char c)
{
	switch (c) {
	case '\b':
		return 'b';
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\f':
		return 'f';
	case '\r':
		return 'r';
	default:
		return (char)c;
	}
}

/* True where one of eight bytes is not PLAIN; may also say so of a byte that
 * is, never the other way. */
static inline bool
any_special(uint64_t w)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t quote = w ^ ones * '"', back = w ^ ones * '\\';

	return (((w - ones * 0x20) | (quote - ones) | (back - ones) | w) &
		   (ones * 0x80)) != 0;
}

/* Bytes from s[i] on that are copied as they are. */
static size_t
plain_run(struct str s, size_t i)
{
	size_t from = i;

	for (;;) {
		uint64_t w;
		size_t n;

		while (s.n - i >= sizeof(w)) {
			memcpy(&w, s.p + i, sizeof(w));
			if (any_special(w))
				break;
			i += sizeof(w);
		}
		while (i < s.n && kinds[(unsigned char)s.p[i]] == PLAIN)
			i++;
		if (i == s.n || kinds[(unsigned char)s.p[i]] != MULTI ||
		    (n = utf8_length(str_make(s.p + i, s.n - i))) == 0)
			return i - from;
		i += n;
	}
}

static void
escape_one(struct buf *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

	if (kinds[c] == MULTI) {
		buf_add(out, "\xef\xbf\xbd", 3);
	} else if (kinds[c] == SHORT) {
		text[1] = short_letter(c);
		buf_add(out, text, 2);
	} else {
		buf_add(out, text, sizeof(text));
	}
}

/* What begins short ones, copied while it is looked at: how much. */
static size_t
copy_plain(struct buf *out, struct str s)
{
	char *to = buf_room(out, s.n);
	size_t i = 0;
	uint64_t w;

	if (to == NULL)
		return 0;
	for (; s.n - i >= sizeof(w); i += sizeof(w)) {
		memcpy(&w, s.p + i, sizeof(w));
		if (any_special(w))
			break;
		memcpy(to + i, &w, sizeof(w));
	}
	/* The rest in one with what stands before it. */
	if (i > 0 && s.n - i < sizeof(w)) {
		memcpy(&w, s.p + s.n - sizeof(w), sizeof(w));
		if (!any_special(w)) {
			memcpy(to + s.n - sizeof(w), &w, sizeof(w));
			i = s.n;
		}
	}
	for (; i < s.n && kinds[(unsigned char)s.p[i]] == PLAIN; i++)
		to[i] = s.p[i];
	out->n += i;
	return i;
}

/* From s[i] on; not inline, so that the common case keeps nothing for it. */
__attribute__((noinline)) static void
escape_from(struct buf *out, struct str s, size_t i)
{
	while (i < s.n) {
		size_t n = plain_run(s, i);

		buf_add(out, s.p + i, n);
		i += n;
		if (i < s.n)
			escape_one(out, (unsigned char)s.p[i++]);
	}
}

void
json_escape(struct buf *out, struct str s)
{
	size_t i = s.n <= SHORT_TEXT ? copy_plain(out, s) : 0;

	if (i < s.n)
		escape_from(out, s, i);
}

void
html_escape(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		switch (s.p[i]) {
		case '&':
			buf_add_z(out, "&amp;");
			break;
		case '<':
			buf_add_z(out, "&lt;");
			break;
		case '>':
			buf_add_z(out, "&gt;");
			break;
		case '"':
			buf_add_z(out, "&quot;");
			break;
		default:
			buf_add_char(out, s.p[i]);
		}
	}
}
