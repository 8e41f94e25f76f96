#include "json/escape.h"

#include <endian.h>

#include "core/text/base64.h"
#include "core/text/utf8.h"

enum {
	SHORT_TEXT = 64, /* bytes */
	PIECE = 1 << 10, /* of a longer one, that room is made for at once */
	LONGEST = 6, /* bytes that one becomes */
};

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

/* A bit of each of eight bytes that is not PLAIN, up to the first such: behind it
 * one that is may have its bit, too. */
static inline uint64_t
special(uint64_t w)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t quote = w ^ ones * '"', back = w ^ ones * '\\';

	return ((w - ones * 0x20) | (quote - ones) | (back - ones) | w) &
	       (ones * 0x80);
}

/* The byte c, which is not PLAIN, or the character that it begins; *n is what
 * was taken, and what stands at `to` has so many bytes. */
static size_t
escape_one(char *to, struct str s, size_t *n)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char c = (unsigned char)s.p[0];

	*n = 1;
	to[0] = '\\';
	if (kinds[c] == SHORT) {
		to[1] = short_letter(c);
		return 2;
	}
	if (kinds[c] == LONG) {
		memcpy(to + 1, "u00", 3);
		to[4] = hex[c >> 4];
		to[5] = hex[c & 15];
		return 6;
	}
	*n = utf8_length(s);
	if (*n == 0) {
		*n = 1;
		memcpy(to, "\xef\xbf\xbd", 3);
		return 3;
	}
	memcpy(to, s.p, *n);
	return *n;
}

/*
 * From byte i on, to a place with room for LONGEST times as many: eight at a
 * time are copied, of which those count that stand before the first that is
 * not PLAIN.  A character may end behind `end`; where is what comes then.
 */
static char *
escape_piece(char *to, struct str s, size_t i, size_t end, size_t *where)
{
	while (i < end) {
		unsigned char c;
		size_t n;

		if (end - i >= sizeof(uint64_t)) {
			uint64_t w, found;

			memcpy(&w, s.p + i, sizeof(w));
			memcpy(to, &w, sizeof(w));
			found = special(le64toh(w));
			n = found == 0 ? sizeof(w)
				       : (size_t)__builtin_ctzll(found) / 8;
			to += n;
			i += n;
			if (found == 0)
				continue;
		}
		c = (unsigned char)s.p[i];
		if (kinds[c] == PLAIN) {
			*to++ = s.p[i++];
			continue;
		}
		to += escape_one(to, str_make(s.p + i, s.n - i), &n);
		i += n;
	}
	*where = i;
	return to;
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
		if (special(w) != 0)
			break;
		memcpy(to + i, &w, sizeof(w));
	}
	/* The rest in one with what stands before it. */
	if (i > 0 && s.n - i < sizeof(w)) {
		memcpy(&w, s.p + s.n - sizeof(w), sizeof(w));
		if (special(w) == 0) {
			memcpy(to + s.n - sizeof(w), &w, sizeof(w));
			i = s.n;
		}
	}
	for (; i < s.n && kinds[(unsigned char)s.p[i]] == PLAIN; i++)
		to[i] = s.p[i];
	out->n += i;
	return i;
}

/* From s[i] on; not inline, so that the common case keeps nothing for it.  A
 * ceiling is met where it is: what is escaped may need less room. */
__attribute__((noinline)) static void
escape_from(struct buf *out, struct str s, size_t i)
{
	char room[LONGEST * (PIECE + LONGEST)];

	while (i < s.n) {
		size_t n = s.n - i < PIECE ? s.n - i : PIECE;
		bool fits = out->max - out->n >= LONGEST * (n + LONGEST);
		char *to = fits ? buf_room(out, LONGEST * (n + LONGEST)) : room;
		char *end;

		if (to == NULL)
			return;
		end = escape_piece(to, s, i, i + n, &i);
		if (fits)
			out->n += (size_t)(end - to);
		else
			buf_add(out, room, (size_t)(end - room));
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
