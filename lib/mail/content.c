/* What a part holds: its transfer encoding and its charset undone. */
#include "core/text/ascii.h"
#include "core/text/base64.h"
#include "core/text/utf8.h"
#include "mail/mime.h"
#include "text/unicode.h"

enum {
	BASE64_LEAST = 24, /* bytes in one that are no word */
	HEAD_MAX = 2048, /* bytes of a gateway's words in front of it */
};

static bool
has_blank(struct str line)
{
	return str_chr(line, ' ') >= 0 || str_chr(line, '\t') >= 0;
}

/* "Thanks", "thanks", "THANKS": base64 has capitals anywhere. */
static bool
is_word(struct str s)
{
	size_t capitals = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!ascii_is_letter(s.p[i]))
			return false;
		capitals += ascii_is_upper(s.p[i]);
	}
	return capitals == 0 || capitals == s.n ||
	       (capitals == 1 && ascii_is_upper(s.p[0]));
}

/* Words and nothing else, or a blank where base64 has none. */
static bool
is_words(struct str s)
{
	bool words = true;

	while (s.p != NULL) {
		struct str line = str_trim(str_line(&s));

		while (line.p != NULL) {
			struct str word = str_split(&line, ' ');

			words = words && is_word(word);
			if (line.p != NULL && word.n % 4 != 0)
				return true;
		}
	}
	return words;
}

/* Does a short text in base64 give one that somebody may have written? */
static bool
gives_text(struct str s, struct str charset)
{
	char bytes[BASE64_DECODED(BASE64_LEAST)];
	struct str text = str_make(bytes, base64_decode(s, bytes));

	for (size_t i = 0; i < text.n; i++)
		if (ascii_is_control(text.p[i]) && !ascii_is_space(text.p[i]))
			return false;
	return utf8_is_valid(text) ||
	       (charset.p != NULL &&
		   !str_starts_nocase(charset, STR("utf-8")) &&
		   !str_eq_nocase(charset, STR("us-ascii")));
}

/*
 * Is that base64, as it is said?  Some programs say so and send plain text,
 * which may be all of base64's letters: "Thanks", "Call me back", "4711".
 */
static bool
is_coded(struct str s, struct str charset)
{
	struct str rest = str_trim(s), first = str_trim_right(str_line(&rest));

	if (!base64_is(s))
		return false;
	if (first.n >= BASE64_LEAST && !has_blank(first) && !is_word(first))
		return true;
	s = str_trim(s);
	return s.n == 0 || (!is_words(s) &&
			       (s.n >= BASE64_LEAST || gives_text(s, charset)));
}

/* Bytes of the lines of base64 that s begins with, before an empty line or one
 * of something else. */
static size_t
base64_lines(struct str s)
{
	struct str rest = s;
	size_t n = 0;

	while (rest.p != NULL && rest.n > 0) {
		struct str line = str_trim_right(str_line(&rest));

		if (line.n == 0 || line.n % 4 != 0 || !base64_is(line) ||
		    has_blank(line))
			break;
		n = (size_t)(line.p - s.p) + line.n;
	}
	return n;
}

/* Bytes of the words in plain text that s begins with, where base64 follows
 * them behind an empty line; 0. */
static size_t
head_of(struct str s)
{
	struct str rest = str_sub(s, 0, HEAD_MAX);
	bool words = false, empty = false;

	while (rest.p != NULL && rest.n > 0) {
		size_t at = (size_t)(rest.p - s.p);
		struct str line = str_trim(str_line(&rest));

		if (words && empty &&
		    base64_lines(str_sub(s, at, s.n)) >= BASE64_LEAST)
			return at;
		empty = line.n == 0;
		words |= has_blank(line);
	}
	return 0;
}

/*
 * Lists put a footer in plain text behind a text in base64, and gateways their
 * warning in front of it.  Decoded as a whole it would be noise, so what is
 * base64 is decoded and the rest stands above and below it.  False where it is
 * not so.
 */
static bool
with_words(struct str s, struct buf *out)
{
	struct str rest = s, behind, next;
	size_t n, head;

	while (rest.n > 0 && (rest.p[0] == '\n' || rest.p[0] == '\r'))
		rest = str_sub(rest, 1, rest.n);
	head = head_of(rest);
	n = head + base64_lines(str_sub(rest, head, rest.n));
	behind = str_trim(str_sub(rest, n, rest.n));
	if (n - head < BASE64_LEAST || (behind.n == 0 && head == 0))
		return false;
	/* Lines of odd lengths are base64 as well. */
	next = str_trim(str_line(&behind));
	if (next.n >= BASE64_LEAST && base64_is(next) && str_chr(next, ' ') < 0)
		return false;
	buf_reset(out);
	buf_add_str(out, str_sub(rest, 0, head));
	transfer_decode(str_sub(rest, head, n - head), TRANSFER_BASE64, out);
	if (!utf8_is_valid(buf_str(out)) &&
	    (head > 0 || n < 2 * (size_t)BASE64_LEAST))
		return false;
	buf_add_str(out, str_sub(rest, n, rest.n));
	return true;
}

struct str
mime_content(const struct mime_part *p, struct buf *scratch)
{
	struct str s = p->content;

	if (p->encoding == TRANSFER_NONE || p->multipart)
		return s;
	if (p->encoding == TRANSFER_BASE64 &&
	    (str_starts(p->type, STR("text/")) ||
		str_starts(p->type, STR("message/")))) {
		if (with_words(s, scratch))
			return buf_str(scratch);
		if (!is_coded(s, p->charset))
			return s;
	}
	buf_reset(scratch);
	transfer_decode(s, p->encoding, scratch);
	return buf_str(scratch);
}

/* True where some character beyond ASCII is well-formed UTF-8. */
static bool
has_utf8(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

		if (c >= 0xc2 && utf8_is_valid(str_sub(s, i, n)) &&
		    i + n <= s.n)
			return true;
	}
	return false;
}

/* One byte a character, in which two that are UTF-8 by chance are rare. */
static bool
is_single_byte(struct str charset)
{
	return str_starts_nocase(charset, STR("iso-8859-")) ||
	       str_starts_nocase(charset, STR("windows-125")) ||
	       str_eq_nocase(charset, STR("latin1"));
}

/* Valid UTF-8 with two characters beyond ASCII at least. */
static bool
is_surely_utf8(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < 2; i++)
		n += (unsigned char)s.p[i] >= 0xc2;
	return n == 2 && utf8_is_valid(s);
}

/* Seven bits that switch between sets of characters say so by escapes, and what
 * has an eighth is none of them, whatever the label says. */
static bool
is_mislabelled(struct str s, struct str charset, bool utf8)
{
	static const struct str escape = { "\x1b$", 2 };

	if (utf8)
		return str_find(s, escape) >= 0 &&
		       !str_eq(str_of(charset_guess(s)), STR("UTF-8"));
	return str_starts_nocase(charset, STR("iso-2022-")) && !str_is_ascii(s);
}

void
mime_decode(struct str s, struct str charset, struct buf *out)
{
	bool ascii = charset.p == NULL ||
		     str_eq_nocase(charset, STR("us-ascii")) ||
		     str_eq_nocase(charset, STR("ascii"));
	bool utf8 = str_eq_nocase(charset, STR("utf-8")) ||
		    str_eq_nocase(charset, STR("utf8"));

	if (is_mislabelled(s, charset, utf8) &&
	    charset_decode(s, str_of(charset_guess(s)), out) == 0)
		return;
	if (utf8 && utf8_is_valid(s) && str_chr(s, '\0') < 0) {
		buf_add_str(out, s);
		return;
	}
	if (utf8 && (utf8_is_valid(s) || has_utf8(s))) {
		utf8_clean(s, out);
		return;
	}
	if (is_single_byte(charset) && is_surely_utf8(s) &&
	    str_chr(s, '\0') < 0) {
		buf_add_str(out, s);
		return;
	}
	if (!ascii && !utf8 && charset_decode(s, charset, out) == 0)
		return;
	if (charset_decode(s, str_of(charset_guess(s)), out) < 0)
		utf8_clean(s, out);
}

/* CRLF to LF from byte `from` on, in place. */
static void
drop_returns(struct buf *b, size_t from)
{
	char *p = b->p + from, *end = b->p + b->n, *to;

	if (b->n == from || (p = memchr(p, '\r', (size_t)(end - p))) == NULL)
		return;
	for (to = p; p < end; p++)
		if (*p != '\r' || p + 1 == end || p[1] != '\n')
			*to++ = *p;
	buf_cut(b, (size_t)(to - b->p));
}

/* The charset that an HTML page says of itself; absent. */
static struct str
html_charset(struct str s)
{
	enum { HEAD = 1024 }; /* where HTML wants it */
	struct str head = str_sub(s, 0, HEAD);
	ptrdiff_t at = str_find_nocase(head, STR("charset="));
	size_t n = 0;

	if (at < 0 || str_find_nocase(head, STR("<meta")) < 0)
		return STR_NONE;
	s = str_sub(head, (size_t)at + 8, head.n);
	while (s.n > 0 && (s.p[0] == '"' || s.p[0] == '\''))
		s = str_sub(s, 1, s.n);
	while (n < s.n && !ascii_is_in(s.p[n], "\"'>; /"))
		n++;
	s = str_sub(s, 0, n);
	/* A page that could be read so far is in no such charset. */
	return n == 0 || str_starts_nocase(s, STR("utf-16")) ? STR_NONE : s;
}

void
mime_text_decode(const struct mime_part *p, struct str bytes, struct buf *out)
{
	size_t from = out->n;
	struct str charset = p->charset;

	if (charset.p == NULL && str_is(p->type, "text/html"))
		charset = html_charset(bytes);
	mime_decode(bytes, charset, out);
	drop_returns(out, from);
}
