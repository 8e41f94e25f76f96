/* What a part holds: its transfer encoding and its charset undone. */
#include "core/base64.h"
#include "core/utf8.h"
#include "mail/mime.h"
#include "text/unicode.h"

struct str
mime_content(const struct mime_part *p, struct buf *scratch)
{
	struct str s = p->content;

	if (p->encoding == TRANSFER_NONE || p->multipart)
		return s;
	/* Some programs say base64 and send plain text. */
	if (p->encoding == TRANSFER_BASE64 &&
	    (str_starts(p->type, STR("text/")) ||
		str_starts(p->type, STR("message/"))) &&
	    !base64_is(s))
		return s;
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

void
mime_decode(struct str s, struct str charset, struct buf *out)
{
	bool ascii = charset.p == NULL ||
		     str_eq_nocase(charset, STR("us-ascii")) ||
		     str_eq_nocase(charset, STR("ascii"));
	bool utf8 = str_eq_nocase(charset, STR("utf-8")) ||
		    str_eq_nocase(charset, STR("utf8"));

	if (utf8 && utf8_is_valid(s) && str_chr(s, '\0') < 0) {
		buf_add_str(out, s);
		return;
	}
	if (utf8 && (utf8_is_valid(s) || has_utf8(s))) {
		utf8_clean(s, out);
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
	while (n < s.n && strchr("\"'>; /", s.p[n]) == NULL)
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
