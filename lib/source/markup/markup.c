#include "source/markup/markup.h"

#include "core/buf.h"
#include "core/text/ascii.h"
#include "core/text/utf8.h"

enum { REFERENCE = 12 }; /* bytes of the longest, "&#x0010FFFF;" */

/* What a name may have, in any of its letters that are not ASCII, too. */
static bool
is_name(char c)
{
	return ascii_is_alnum(c) || (unsigned char)c >= 0x80 ||
	       ascii_is_in(c, "_-.:");
}

/* Behind what ends with `mark`; all of it where that is missing. */
static struct str
behind(struct str s, const char *mark, bool *cut)
{
	struct str m = str_of(mark);
	ptrdiff_t at = str_find(s, m);

	*cut = at < 0;
	return at < 0 ? str_sub(s, s.n, 0) : str_sub(s, (size_t)at + m.n, s.n);
}

/* <!DOCTYPE x [ ... ]> */
static struct str
behind_declaration(struct str s, bool *cut)
{
	unsigned depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		depth += s.p[i] == '[';
		if (s.p[i] == ']' && depth > 0)
			depth--;
		*cut = false;
		if (s.p[i] == '>' && depth == 0)
			return str_sub(s, i + 1, s.n);
	}
	*cut = true;
	return str_sub(s, s.n, 0);
}

/* Where the tag ends that begins here: a ">" within quotes is none, unless
 * those have no end. */
static size_t
tag_end(struct str s)
{
	char quote = '\0', before = '\0';
	size_t first = 0;

	for (size_t i = 1; i < s.n; i++) {
		char c = s.p[i];

		if (c == '>' && first == 0)
			first = i + 1;
		if (quote != '\0') {
			/* No value goes over a tag that begins. */
			if (c == '<' && first > 0)
				return first;
			if (c == quote)
				quote = '\0';
		} else if (c == '>') {
			return i + 1;
		} else if ((c == '"' || c == '\'') && before == '=') {
			quote = c;
		}
		if (!ascii_is_in(c, " \t\r\n"))
			before = c;
	}
	return first;
}

static enum markup_kind
tag(struct markup *m, struct markup_piece *p, bool end)
{
	struct str s = m->rest, name;
	size_t n = tag_end(s), from = end ? 2 : 1, to = from;
	bool empty;
	ptrdiff_t colon;

	p->cut = n == 0;
	p->text = n == 0 ? s : str_sub(s, 0, n);
	m->rest = str_sub(s, p->text.n, s.n);
	empty = !end && p->text.n > 2 && p->text.p[p->text.n - 2] == '/';
	while (to < p->text.n && is_name(p->text.p[to]))
		to++;
	name = str_sub(p->text, from, to - from);
	p->attrs = str_sub(p->text, to,
	    p->text.n - to - (n > 0) - (empty && p->text.n - to > 1));
	colon = str_chr(name, ':');
	p->prefix = colon < 0 ? STR_NONE : str_sub(name, 0, (size_t)colon);
	p->name = str_sub(name, (size_t)(colon + 1), name.n);
	return p->kind = end ? MARKUP_END : empty ? MARKUP_EMPTY : MARKUP_START;
}

static enum markup_kind
text(struct markup *m, struct markup_piece *p)
{
	struct str s = m->rest;
	ptrdiff_t at = str_chr(str_sub(s, 1, s.n), '<');

	p->text = at < 0 ? s : str_sub(s, 0, (size_t)at + 1);
	m->rest = str_sub(s, p->text.n, s.n);
	return p->kind = MARKUP_TEXT;
}

static enum markup_kind
cdata(struct markup *m, struct markup_piece *p)
{
	struct str s = str_sub(m->rest, 9, m->rest.n);

	m->rest = behind(s, "]]>", &p->cut);
	p->text = str_sub(s, 0, s.n - m->rest.n - (p->cut ? 0 : 3));
	return p->kind = MARKUP_CDATA;
}

enum markup_kind
markup_next(struct markup *m, struct markup_piece *p)
{
	bool cut = false;

	for (;;) {
		struct str s = m->rest;
		char c = s.n > 1 ? s.p[1] : '\0';

		*p = (struct markup_piece){ .cut = cut };
		if (s.n == 0)
			return p->kind = MARKUP_END_OF_TEXT;
		if (s.p[0] != '<')
			return text(m, p);
		if (str_starts(s, STR("<![CDATA[")))
			return cdata(m, p);
		if (str_starts(s, STR("<!--")))
			m->rest = behind(s, "-->", &cut);
		else if (c == '?')
			m->rest = behind(s, "?>", &cut);
		else if (c == '!')
			m->rest = behind_declaration(s, &cut);
		else if (c == '/' || (is_name(c) && c != '-' && c != '.'))
			return tag(m, p, c == '/');
		else
			return text(m, p);
	}
}

/* The character that a reference means, and its bytes in *n; 0 for none. */
static uint32_t
reference(struct str s, size_t *n)
{
	static const struct {
		const char *text;
		char is;
	} names[] = { { "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' },
		{ "&quot;", '"' }, { "&apos;", '\'' } };
	uint32_t c = 0;
	size_t i = 2;
	bool hex;

	for (size_t k = 0; k < sizeof(names) / sizeof(*names); k++)
		if (str_starts(s, str_of(names[k].text))) {
			*n = strlen(names[k].text);
			return (unsigned char)names[k].is;
		}
	if (s.n < 4 || s.p[1] != '#')
		return 0;
	hex = s.p[2] == 'x' || s.p[2] == 'X';
	for (i += hex; i < s.n && i < REFERENCE && s.p[i] != ';'; i++) {
		int digit = ascii_hex(s.p[i]);

		if (digit < 0 || (!hex && digit > 9))
			return 0;
		c = c * (hex ? 16 : 10) + (uint32_t)digit;
	}
	*n = i + 1;
	return i < s.n && s.p[i] == ';' && c < 0x110000 &&
		       !(c >= 0xd800 && c < 0xe000)
		   ? c
		   : 0;
}

/* What Windows puts where Unicode has control characters. */
static uint32_t
windows(uint32_t c)
{
	static const uint16_t high[32] = { 0x20ac, 0x81, 0x201a, 0x192, 0x201e,
		0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152,
		0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
		0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d,
		0x17e, 0x178 };

	return c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c;
}

static struct str
resolved(struct str s, uint32_t from, uint32_t to_below, struct arena *a)
{
	char *out, *to;

	if (str_chr(s, '&') < 0)
		return s;
	/* No reference is shorter than its character. */
	out = to = arena_alloc(a, s.n + 4);
	for (size_t i = 0; i < s.n;) {
		size_t n = 0;
		uint32_t c =
		    s.p[i] == '&' ? reference(str_sub(s, i, s.n), &n) : 0;

		if (c < from || c >= to_below) {
			*to++ = s.p[i++];
			continue;
		}
		to += utf8_put(to, windows(c));
		i += n;
	}
	return str_make(out, (size_t)(to - out));
}

struct str
markup_text(struct str s, struct arena *a)
{
	return resolved(s, 1, 0x110000, a);
}

struct str
markup_windows(struct str s, struct arena *a)
{
	char *out, *to;

	s = resolved(s, 0x80, 0xa0, a);
	if (str_chr(s, '\xc2') < 0)
		return s;
	/* The character has three bytes where the control has two. */
	out = to = arena_alloc(a, s.n + s.n / 2 + 4);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char next =
		    i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;

		if (s.p[i] == '\xc2' && next >= 0x80 && next < 0xa0) {
			to += utf8_put(to, windows(next));
			i++;
		} else {
			*to++ = s.p[i];
		}
	}
	return str_make(out, (size_t)(to - out));
}

struct str
markup_attr(const struct markup_piece *tag, const char *name, struct arena *a)
{
	struct str s = tag->attrs, want = str_of(name);

	while (s.n > 0) {
		struct str key, value;
		size_t n = 0;
		char quote;

		while (n < s.n && !is_name(s.p[n]))
			n++;
		s = str_sub(s, n, s.n);
		for (n = 0; n < s.n && is_name(s.p[n]);)
			n++;
		key = str_sub(s, 0, n);
		s = str_trim(str_sub(s, n, s.n));
		if (s.n == 0 || s.p[0] != '=')
			continue;
		s = str_trim(str_sub(s, 1, s.n));
		quote = s.n > 0 ? s.p[0] : '\0';
		if (quote == '"' || quote == '\'')
			s = str_sub(s, 1, s.n);
		for (n = 0;
		     n < s.n && (quote == '"' || quote == '\''
					? s.p[n] != quote
					: !ascii_is_in(s.p[n], " \t\r\n"));)
			n++;
		value = str_sub(s, 0, n);
		s = str_sub(s, n + 1, s.n);
		if (str_eq_nocase(key, want))
			return str_trim(markup_text(value, a));
	}
	return STR_NONE;
}
