#include "mail/repair.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "text/unicode.h"

enum { LOOK = 64 << 10 }; /* bytes that may name a boundary */

static const struct str bom = { "\xef\xbb\xbf", 3 };

/* A field's name, maybe with blanks before the colon.  Boundaries may hold
 * one, too. */
static enum header_line
field_or_other(struct str line)
{
	size_t n = 0;

	if (str_starts(line, STR("--")))
		return HEADER_OTHER;
	while (n < line.n && (unsigned char)line.p[n] > ' ' &&
	       (unsigned char)line.p[n] < 127 && line.p[n] != ':')
		n++;
	if (n == 0)
		return HEADER_OTHER;
	while (n < line.n && ascii_is_blank(line.p[n]))
		n++;
	return n < line.n && line.p[n] == ':' ? HEADER_FIELD : HEADER_OTHER;
}

enum header_line
header_line(struct str line, bool first)
{
	if (line.n == 0)
		return HEADER_END;
	if (ascii_is_blank(line.p[0]))
		return HEADER_FOLD;
	if (first &&
	    (str_starts(line, STR("From ")) ||
		str_starts(line, STR(">From "))) &&
	    field_or_other(line) != HEADER_FIELD)
		return HEADER_FROM;
	return field_or_other(line);
}

/* A line of two dashes with a boundary that the header names. */
static bool
is_named(struct str header, struct str line)
{
	struct str boundary = str_trim_right(str_sub(line, 2, line.n));

	return str_starts(line, STR("--")) && boundary.n > 0 &&
	       str_find(header, boundary) >= 0;
}

bool
header_goes_on(struct str header, struct str line, struct str rest)
{
	if (rest.n == 0 || is_named(header, line))
		return false;
	return header_line(str_line(&rest), false) == HEADER_FIELD;
}

/* ISO 2022 text: 7-bit, but not ASCII. */
static bool
has_escape(struct str s)
{
	return s.n > 0 && memchr(s.p, '\033', s.n) != NULL;
}

/* Where the header's first line stands. */
static size_t
header_start(struct str raw)
{
	size_t at = str_starts(raw, bom) ? bom.n : 0;

	while (at < raw.n && (raw.p[at] == '\n' || raw.p[at] == '\r'))
		at++;
	return at;
}

void
mail_header_scan(struct str raw, size_t most, struct mail_header *out)
{
	size_t start = header_start(raw);
	struct str rest = str_sub(raw, start, raw.n);
	bool ended = false;

	*out = (struct mail_header){ .sound = start == 0, .end = raw.n };
	while (rest.p != NULL && rest.n > 0 && out->fields <= most) {
		const char *at = rest.p;
		struct str line = str_line(&rest);
		size_t in = (size_t)(at - raw.p) - start;
		enum header_line kind = header_line(line, in == 0);

		if (kind == HEADER_END) {
			ended = true;
			out->end =
			    rest.p == NULL ? raw.n : (size_t)(rest.p - raw.p);
			break;
		}
		if (kind == HEADER_FIELD)
			out->fields++;
		else if (kind != HEADER_FOLD || out->fields == 0)
			out->sound = false;
		if (kind == HEADER_OTHER &&
		    !header_goes_on(str_sub(raw, start, in < LOOK ? in : LOOK),
			line, rest)) {
			out->end = (size_t)(at - raw.p);
			break;
		}
	}
	raw = str_sub(raw, 0, out->end);
	if (!ended || has_escape(raw) ||
	    (raw.n > 0 && memchr(raw.p, '\0', raw.n) != NULL) ||
	    (!str_is_ascii(raw) &&
		(!utf8_is_valid(raw) || str_find(raw, STR("=?")) >= 0)))
		out->sound = false;
}

/* The words of s that are no ASCII, into out: the others only tell a guess
 * that the text is English. */
static void
add_foreign(struct str s, struct buf *out)
{
	size_t i = 0;

	while (i < s.n && out->n + 256 < out->max) {
		size_t from = i;
		bool foreign = false;

		while (i < s.n && i - from < 128 && (unsigned char)s.p[i] > ' ')
			foreign |= (unsigned char)s.p[i++] >= 0x80;
		if (foreign) {
			buf_add(out, s.p + from, i - from);
			buf_add_char(out, ' ');
		}
		if (i == from)
			i++;
	}
}

/* A guess by the header's 8-bit words, and the body's where they are few. */
static struct str
guessed_charset(struct str raw, size_t header)
{
	enum { WORDS = 4096 };
	struct buf words;
	struct str name;

	if (has_escape(str_sub(raw, 0, header)))
		return str_of(charset_guess(str_sub(raw, 0, header)));
	buf_init(&words, WORDS);
	add_foreign(str_sub(raw, 0, header), &words);
	add_foreign(str_sub(raw, header, 4 * WORDS), &words);
	name = str_of(charset_guess(buf_str(&words)));
	buf_release(&words);
	return name;
}

/* The charset of 8-bit text in the header: the one that the body declares,
 * else a guess. */
static struct str
header_charset(struct str raw, size_t start, size_t end)
{
	struct str header = str_sub(raw, start, end - start);
	ptrdiff_t at = str_find_nocase(header, STR("charset="));
	struct str name = str_sub(header, (size_t)(at + 8), 64);
	size_t n = 0;

	if (at >= 0) {
		while (name.n > 0 && (name.p[0] == '"' || name.p[0] == ' '))
			name = str_sub(name, 1, name.n);
		while (n < name.n && !ascii_is_in(name.p[n], "\"; \t\r\n"))
			n++;
		name = str_sub(name, 0, n);
		if (n > 0 && !str_starts_nocase(name, STR("utf")) &&
		    !str_starts_nocase(name, STR("us-ascii")) &&
		    !str_starts_nocase(name, STR("iso-2022")))
			return name;
	}
	raw = str_sub(raw, start, raw.n);
	return guessed_charset(raw, header.n);
}

/*
 * The encoded word (RFC 2047) that s begins with, up to its "?="; 0 when it is
 * none.  text is what stands between the third question mark and the end.
 * Behind `last` stands no "?=".
 */
static size_t
encoded_word(struct str s, const char *last, struct str *text)
{
	ptrdiff_t charset, end;
	struct str rest = str_sub(s, 2, s.n);

	if (s.p > last || !str_starts(s, STR("=?")) ||
	    (charset = str_chr(rest, '?')) < 0)
		return 0;
	rest = str_sub(rest, (size_t)charset + 1, rest.n);
	if (rest.n < 2 || rest.p[1] != '?')
		return 0;
	*text = str_sub(rest, 2, rest.n);
	end = str_find(*text, STR("?="));
	if (end < 0)
		return 0;
	text->n = (size_t)end;
	return (size_t)(text->p + end + 2 - s.p);
}

/* UTF-8 that stands bare within encoded words: they say so then. */
static void
relabel_words(struct buf *line, struct buf *out)
{
	struct str s = buf_str(line), text;
	const char *last = s.p + s.n;

	while (last > s.p && (*last != '=' || last[-1] != '?'))
		last--;
	while (s.n > 0) {
		ptrdiff_t at = str_find(s, STR("=?"));
		size_t n;

		buf_add_str(out, str_sub(s, 0, at < 0 ? s.n : (size_t)at));
		if (at < 0)
			return;
		s = str_sub(s, (size_t)at, s.n);
		n = encoded_word(s, last, &text);
		if (n == 0)
			n = 2;
		else if (!str_is_ascii(text)) {
			buf_add_z(out, "=?utf-8");
			s = str_sub(s, 2, s.n);
			n -= 2;
			at = str_chr(s, '?');
			s = str_sub(s, (size_t)at, s.n);
			n -= (size_t)at;
		}
		buf_add_str(out, str_sub(s, 0, n));
		s = str_sub(s, n, s.n);
	}
}

static void
mend_line(struct str line, struct str charset, struct buf *out)
{
	struct buf b;

	if (has_escape(line) &&
	    charset_decode(line, str_of(charset_guess(line)), out) == 0)
		return;
	if (str_is_ascii(line)) {
		utf8_clean(line, out);
		return;
	}
	buf_init(&b, 4 * line.n + 64);
	if (utf8_is_valid(line) || charset_decode(line, charset, &b) < 0)
		utf8_clean(line, &b);
	relabel_words(&b, out);
	buf_release(&b);
}

void
mail_header_mend(struct str raw, const struct mail_header *h, struct buf *out)
{
	size_t start = header_start(raw);
	struct str header = str_sub(raw, start, h->end - start);
	struct str rest = header;
	struct str charset = header_charset(raw, start, h->end);
	size_t fields = 0;

	while (rest.p != NULL && rest.n > 0) {
		bool first = rest.p == header.p;
		struct str line = str_line(&rest);
		enum header_line kind = header_line(line, first);

		if (kind == HEADER_END)
			break;
		fields += kind == HEADER_FIELD;
		if (kind == HEADER_FROM || fields == 0)
			continue;
		if (kind == HEADER_OTHER)
			buf_add_char(out, ' ');
		mend_line(line, charset, out);
		buf_add_char(out, '\n');
	}
}

/* The end of the line that s begins with, its folds included. */
static size_t
field_end(struct str s)
{
	const char *p = s.p, *end = s.p + s.n;

	do {
		p = memchr(p, '\n', (size_t)(end - p));
		if (p == NULL)
			return s.n;
		p++;
	} while (p < end && ascii_is_blank(*p));
	return (size_t)(p - s.p);
}

bool
mail_header_next(struct str *rest, struct str *name, struct str *value)
{
	size_t n;
	ptrdiff_t colon;
	struct str field;

	if (rest->n == 0 || rest->p[0] == '\n' || rest->p[0] == '\r')
		return false;
	n = field_end(*rest);
	field = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	colon = str_chr(field, ':');
	if (colon < 0)
		return false;
	*name = str_trim_right(str_sub(field, 0, (size_t)colon));
	*value = str_trim(str_sub(field, (size_t)colon + 1, field.n));
	return true;
}
