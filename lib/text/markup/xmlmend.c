#include "text/markup/xmlmend.h"

#include <stdio.h>

#include "core/text/ascii.h"
#include "core/text/utf8.h"

/* A reference &#N; or &#xN;: its bytes, 0 where s begins none. */
static size_t
reference(struct str s, uint32_t *out)
{
	bool hex = s.n > 3 && (s.p[2] | 0x20) == 'x';
	size_t i = hex ? 3 : 2, first = i;
	uint32_t v = 0;

	if (s.n < 4 || s.p[0] != '&' || s.p[1] != '#')
		return 0;
	for (; i < s.n && i < 24; i++) {
		char c = s.p[i];

		if (ascii_is_digit(c))
			v = v * (hex ? 16 : 10) + (uint32_t)(c - '0');
		else if (hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v * 16 + (uint32_t)((c | 0x20) - 'a' + 10);
		else
			break;
		if (v > 0x10ffff)
			v = 0x110000;
	}
	if (i == first || i == s.n || s.p[i] != ';')
		return 0;
	*out = v;
	return i + 1;
}

/* Writes a reference of exactly n bytes; n is 8 or more. */
static void
put_reference(char *p, size_t n, uint32_t c)
{
	char digits[32];
	int len = snprintf(digits, sizeof(digits), "&#%0*u;", (int)n - 3, c);

	if (len > 0 && (size_t)len == n)
		memcpy(p, digits, n);
}

void
xml_join_surrogates(char *p, size_t n)
{
	char *end = p + n, *at = p;

	while (at < end && (at = memchr(at, '&', (size_t)(end - at))) != NULL) {
		struct str s = { at, (size_t)(end - at) };
		uint32_t high, low;
		size_t first = reference(s, &high), second = 0;

		if (first < 8 || high < 0xd800 || high > 0xdfff) {
			at++;
			continue;
		}
		if (high < 0xdc00)
			second = reference(str_sub(s, first, s.n), &low);
		if (second != 0 && low >= 0xdc00 && low <= 0xdfff) {
			put_reference(at, first + second,
			    0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
			at += first + second;
		} else {
			put_reference(at, first, 0xfffd);
			at += first;
		}
	}
}

static bool
is_char(uint32_t c)
{
	return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c < 0xd800) ||
	       (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);
}

/* One "&": as it stands where it begins what all parsers know. */
static size_t
mend_ampersand(struct str s, struct buf *out, bool *mended)
{
	static const char *const known[] = { "&amp;", "&lt;", "&gt;", "&quot;",
		"&apos;", NULL };
	uint32_t c;
	size_t n = reference(s, &c);

	if (n != 0) {
		*mended |= !is_char(c);
		buf_add_str(out, is_char(c) ? str_sub(s, 0, n)
				 : c < 0x20 ? STR(" ")
					    : STR("\xef\xbf\xbd"));
		return n;
	}
	for (size_t i = 0; known[i] != NULL; i++)
		if (str_starts(s, str_of(known[i]))) {
			buf_add_z(out, known[i]);
			return strlen(known[i]);
		}
	*mended = true;
	buf_add_z(out, "&amp;");
	return 1;
}

/* A byte of windows-1252 in UTF-8. */
static void
put_byte(struct buf *out, unsigned char b)
{
	static const uint16_t high[32] = { 0x20ac, 0xfffd, 0x201a, 0x192,
		0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039,
		0x152, 0xfffd, 0x17d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c,
		0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a,
		0x153, 0xfffd, 0x17e, 0x178 };
	char to[4];

	buf_add(out, to, utf8_put(to, b < 0xa0 ? high[b - 0x80] : b));
}

/* One character that is not "&"; quoted: within an attribute's value. */
static size_t
mend_character(struct str s, bool quoted, struct buf *out, bool *mended)
{
	unsigned char b = (unsigned char)s.p[0];
	size_t n;

	if (b >= 0x80) {
		n = utf8_length(s);
		if (n == 0 ||
		    (n == 3 && (memcmp(s.p, "\xef\xbf\xbe", 3) == 0 ||
				   memcmp(s.p, "\xef\xbf\xbf", 3) == 0))) {
			*mended = true;
			put_byte(out, b);
			return 1;
		}
		buf_add(out, s.p, n);
		return n;
	}
	if (quoted && b == '<') {
		*mended = true;
		buf_add_z(out, "&lt;");
	} else if (!is_char(b)) {
		*mended = true;
		buf_add_char(out, ' ');
	} else {
		buf_add_char(out, (char)b);
	}
	return 1;
}

/* Whether the quote that s begins with ends a value: the tag ends behind it,
 * or another attribute comes. */
static bool
closes(struct str s)
{
	size_t i = 1, from;

	while (i < s.n && ascii_is_in(s.p[i], " \t\r\n"))
		i++;
	if (i == s.n || ascii_is_in(s.p[i], "/>?"))
		return true;
	/* The next tag, where this one never closed; "<3" is none. */
	if (s.p[i] == '<')
		return i + 1 < s.n && (ascii_is_letter(s.p[i + 1]) ||
					  ascii_is_in(s.p[i + 1], "/!?"));
	from = i;
	while (i < s.n && (ascii_is_letter(s.p[i]) || ascii_is_digit(s.p[i]) ||
			      ascii_is_in(s.p[i], "_-:.")))
		i++;
	return from > 1 && i > from && i + 1 < s.n && s.p[i] == '=' &&
	       ascii_is_in(s.p[i + 1], "\"'");
}

bool
xml_mend(struct str item, struct buf *out)
{
	bool mended = false, tag = false;
	char quote = 0;

	for (size_t i = 0; i < item.n;) {
		struct str rest = str_sub(item, i, item.n);
		char c = rest.p[0];

		if (c == '&') {
			i += mend_ampersand(rest, out, &mended);
			continue;
		}
		if (quote != 0 && c == quote && !closes(rest)) {
			/* Somebody's own, written as it was. */
			mended = true;
			buf_add_z(out, c == '"' ? "&quot;" : "&apos;");
			i++;
			continue;
		}
		if (quote != 0) {
			quote = c == quote ? 0 : quote;
		} else if (tag && (c == '"' || c == '\'')) {
			quote = c;
		} else if (tag && c == '<' &&
			   !(i > 0 && item.p[i - 1] == '<')) {
			/* A tag that never closed: its attributes stand. */
			mended = true;
			buf_add_z(out, "/>");
		} else if (c == '<' || c == '>') {
			tag = c == '<';
		}
		i += mend_character(rest, quote != 0, out, &mended);
	}
	return mended;
}
