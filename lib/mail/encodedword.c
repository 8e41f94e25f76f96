#include "mail/encodedword.h"

#include "core/buf.h"
#include "core/text/ascii.h"
#include "core/text/base64.h"
#include "core/text/utf8.h"
#include "text/unicode.h"

enum {
	PIECES = 1000, /* of one parameter (RFC 2231, 3) */
	NAME_MAX_ = 64,
};

static bool
is_blank(char c)
{
	return ascii_is_blank(c) || c == '\r' || c == '\n';
}

/* "=C3" or "%C3" at i. */
static int
escaped(struct str s, size_t i)
{
	int high = i + 2 < s.n ? ascii_hex(s.p[i + 1]) : -1;
	int low = high < 0 ? -1 : ascii_hex(s.p[i + 2]);

	return low < 0 ? -1 : high * 16 + low;
}

struct word {
	struct str charset, text;
	char encoding; /* 'b' or 'q' */
	size_t n; /* bytes from "=?" to "?=" */
};

/* The end of a word's text.  In Q "?=3D" is no end where another follows. */
static ptrdiff_t
text_end(struct str s, char encoding)
{
	ptrdiff_t end = str_find(s, STR("?="));
	struct str rest;

	if (end < 0 || encoding != 'q' || escaped(s, (size_t)end + 1) < 0)
		return end;
	rest = str_sub(s, (size_t)end + 4, s.n);
	for (size_t i = 0; i + 1 < rest.n && !is_blank(rest.p[i]); i++)
		if (rest.p[i] == '?' && rest.p[i + 1] == '=')
			return end + 4 + (ptrdiff_t)i;
	return end;
}

/* Whether s begins with an encoded word; the last "?=" is at `last`. */
static bool
take_word(struct str s, const char *last, struct word *w)
{
	struct str rest = str_sub(s, 2, s.n);
	size_t n = 0;
	ptrdiff_t end;

	if (s.p > last || !str_starts(s, STR("=?")))
		return false;
	while (n < rest.n && n < NAME_MAX_ && rest.p[n] != '?' &&
	       !is_blank(rest.p[n]))
		n++;
	if (n + 3 > rest.n || rest.p[n] != '?' || rest.p[n + 2] != '?')
		return false;
	w->encoding = (char)(rest.p[n + 1] | 0x20);
	if (w->encoding != 'b' && w->encoding != 'q')
		return false;
	w->charset = str_sub(rest, 0, n);
	/* RFC 2231, 5: the language stands behind the charset. */
	if ((end = str_chr(w->charset, '*')) >= 0)
		w->charset.n = (size_t)end;
	rest = str_sub(rest, n + 3, rest.n);
	end = text_end(rest, w->encoding);
	if (end < 0)
		return false;
	w->text = str_sub(rest, 0, (size_t)end);
	w->n = (size_t)(w->text.p + end + 2 - s.p);
	return true;
}

/* The "=" that quoted-printable ends a line with, where a program folded the
 * field by its rules: with the fold's blanks it stands for nothing. */
static bool
is_soft_break(struct str s, size_t i)
{
	return s.p[i] == '=' && (i + 1 == s.n || is_blank(s.p[i + 1]));
}

/* The bytes that a word stands for. */
static void
word_bytes(const struct word *w, struct buf *out)
{
	char *to = buf_room(out, BASE64_DECODED(w->text.n) + w->text.n + 4);
	size_t n = 0;

	if (to == NULL)
		return;
	if (w->encoding == 'b') {
		out->n += base64_decode(w->text, to);
		return;
	}
	for (size_t i = 0; i < w->text.n; i++) {
		int c = w->text.p[i] == '=' ? escaped(w->text, i) : -1;

		if (c >= 0) {
			to[n++] = (char)c;
			i += 2;
		} else if (is_soft_break(w->text, i)) {
			while (i + 1 < w->text.n && is_blank(w->text.p[i + 1]))
				i++;
		} else if (w->text.p[i] == '_')
			to[n++] = ' ';
		else if (w->text.p[i] != '\r' && w->text.p[i] != '\n')
			to[n++] = w->text.p[i];
	}
	out->n += n;
}

/* Bytes in a charset, whatever it is called, as UTF-8. */
static void
decode(struct str bytes, struct str charset, struct buf *out)
{
	if (charset.n > 0 && charset_decode(bytes, charset, out) == 0)
		return;
	if (charset_decode(bytes, str_of(charset_guess(bytes)), out) < 0)
		utf8_clean(bytes, out);
}

/* Words that follow each other, of one charset, are decoded as one: some cut
 * between the bytes of a character.  Returns what is left of s. */
static struct str
put_words(struct str s, const char *last, struct word *w, struct buf *bytes,
    struct buf *out)
{
	struct word next;
	struct str charset = w->charset;
	size_t from, i;

	buf_reset(bytes);
	for (;;) {
		word_bytes(w, bytes);
		s = str_sub(s, w->n, s.n);
		for (i = 0; i < s.n && is_blank(s.p[i]);)
			i++;
		if (!take_word(str_sub(s, i, s.n), last, &next))
			break;
		/* Blanks between two words are none. */
		s = str_sub(s, i, s.n);
		if (!str_eq_nocase(next.charset, charset))
			break;
		*w = next;
	}
	from = out->n;
	decode(buf_str(bytes), charset, out);
	/* A field is one line, whatever is encoded in it. */
	for (i = from; i < out->n; i++)
		if (out->p[i] == '\n' || out->p[i] == '\r')
			out->p[i] = ' ';
	return s;
}

/* As words_decode, for text that is unfolded. */
static void
put_text(struct str s, struct buf *bytes, struct buf *out)
{
	const char *last = s.p + s.n;

	while (last > s.p &&
	       (last[-1] != '=' || last - 1 == s.p || last[-2] != '?'))
		last--;
	while (s.n > 0) {
		ptrdiff_t at = str_find(s, STR("=?"));
		struct word w;

		if (at < 0)
			at = (ptrdiff_t)s.n;
		buf_add(out, s.p, (size_t)at);
		s = str_sub(s, (size_t)at, s.n);
		if (s.n == 0)
			break;
		if (take_word(s, last, &w)) {
			s = put_words(s, last, &w, bytes, out);
			continue;
		}
		buf_add(out, s.p, 2);
		s = str_sub(s, 2, s.n);
	}
}

/* RFC 5322, 2.2.3: the line breaks go, the blanks behind them stay. */
static struct str
unfolded(struct str s, struct arena *a)
{
	char *to;
	size_t n = 0;

	s = str_trim(s);
	if (s.n == 0 ||
	    (memchr(s.p, '\n', s.n) == NULL && memchr(s.p, '\r', s.n) == NULL))
		return s;
	to = arena_alloc(a, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r' && s.p[i] != '\n')
			to[n++] = s.p[i];
	return str_make(to, n);
}

struct str
words_decode(struct str value, struct arena *a)
{
	struct buf bytes, out;
	struct str s = unfolded(value, a);

	if (str_find(s, STR("=?")) < 0)
		return arena_dup(a, s);
	buf_init(&bytes, 8 * s.n + 1024);
	buf_init(&out, 8 * s.n + 1024);
	put_text(s, &bytes, &out);
	s = arena_dup(a, str_trim(buf_str(&out)));
	buf_release(&bytes);
	buf_release(&out);
	return s;
}

/* Parameters */

/* The value at the beginning of *rest, which goes behind it. */
static struct str
take_value(struct str *rest, struct arena *a)
{
	struct str s = *rest = str_trim(*rest);
	size_t i = 1, n = 0;
	char *to;

	if (s.n == 0 || s.p[0] != '"') {
		for (i = 0; i < s.n && s.p[i] != ';';)
			i++;
		*rest = str_sub(s, i, s.n);
		return str_trim(str_sub(s, 0, i));
	}
	to = arena_alloc(a, s.n);
	for (; i < s.n && s.p[i] != '"'; i++) {
		/* Only what must be escaped is: the rest are paths. */
		if (s.p[i] == '\\' && i + 1 < s.n &&
		    (s.p[i + 1] == '"' || s.p[i + 1] == '\\'))
			i++;
		to[n++] = s.p[i];
	}
	*rest = str_sub(s, i + 1, s.n);
	/* What never closes ends where the field does. */
	return str_make(to, n);
}

/* "charset" of "text/plain charset": a semicolon was forgotten. */
static struct str
last_of(struct str s)
{
	size_t n = s.n;

	while (n > 0 && !is_blank(s.p[n - 1]))
		n--;
	return str_sub(s, n, s.n);
}

/* Takes "; name = value" off *rest. */
static bool
take_parameter(
    struct str *rest, struct str *name, struct str *value, struct arena *a)
{
	size_t n = 0;

	while (rest->n > 0) {
		while (
		    rest->n > 0 && (rest->p[0] == ';' || is_blank(rest->p[0])))
			*rest = str_sub(*rest, 1, rest->n);
		for (n = 0; n < rest->n && rest->p[n] != '=' &&
			    rest->p[n] != ';' && rest->p[n] != '"';)
			n++;
		*name = last_of(str_trim(str_sub(*rest, 0, n)));
		if (n < rest->n && rest->p[n] == '=') {
			*rest = str_sub(*rest, n + 1, rest->n);
			*value = take_value(rest, a);
			return true;
		}
		/* The value of the field itself, or words in a wrong place. */
		*rest = str_sub(*rest,
		    n < rest->n && rest->p[n] == '"' ? n + 1 : n, rest->n);
	}
	return false;
}

/* The bytes of "%C3%BC". */
static void
put_escaped(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.n; i++) {
		int c = s.p[i] == '%' ? escaped(s, i) : -1;

		buf_add_char(out, c < 0 ? s.p[i] : (char)c);
		i += c < 0 ? 0 : 2;
	}
}

/* What all parameters of one name say: plain, extended, or in pieces. */
struct parameter {
	struct str plain;
	struct buf extended; /* "name*" */
	struct str charset;
	struct {
		struct str value;
		bool coded;
	} * pieces;
	size_t count;
};

/* Takes "charset'language'" off an extended value. */
static struct str
take_charset(struct str *s)
{
	ptrdiff_t first = str_chr(*s, '\''), second;
	struct str charset = str_sub(*s, 0, first < 0 ? 0 : (size_t)first);
	struct str rest = str_sub(*s, (size_t)(first + 1), s->n);

	if (first < 0 || (second = str_chr(rest, '\'')) < 0)
		return STR_NONE;
	*s = str_sub(rest, (size_t)second + 1, rest.n);
	return charset;
}

static void
take_piece(
    struct parameter *p, struct str suffix, struct str value, struct arena *a)
{
	bool coded = suffix.p[suffix.n - 1] == '*';
	int64_t i;

	if (suffix.n == 1) {
		if (p->extended.n == 0) {
			p->charset = take_charset(&value);
			put_escaped(value, &p->extended);
		}
		return;
	}
	suffix = str_sub(suffix, 1, suffix.n - 1 - (size_t)coded);
	if (str_to_int(suffix, &i) < 0 || i < 0 || i >= PIECES)
		return;
	if (p->pieces == NULL)
		p->pieces = arena_calloc(a, PIECES, sizeof(*p->pieces));
	if (p->pieces[i].value.p != NULL)
		return;
	p->pieces[i].value = value;
	p->pieces[i].coded = coded;
	if ((size_t)i >= p->count)
		p->count = (size_t)i + 1;
}

static void
join_pieces(struct parameter *p, struct buf *out)
{
	for (size_t i = 0; i < p->count && p->pieces[i].value.p != NULL; i++) {
		struct str value = p->pieces[i].value;

		if (i == 0 && p->pieces[0].coded)
			p->charset = take_charset(&value);
		if (p->pieces[i].coded)
			put_escaped(value, out);
		else
			buf_add_str(out, value);
	}
}

/* What was gathered, decoded or not; releases it. */
static struct str
settle(struct parameter *p, bool raw, struct arena *a)
{
	struct buf joined, out;
	struct str s = p->plain, bytes;

	buf_init(&joined, 64 << 20);
	buf_init(&out, 256 << 20);
	bytes = buf_str(&p->extended);
	if (bytes.n == 0 && p->pieces != NULL) {
		join_pieces(p, &joined);
		bytes = buf_str(&joined);
	}
	if (bytes.n > 0 && raw)
		s = arena_dup(a, bytes);
	else if (bytes.n > 0) {
		decode(
		    bytes, p->charset.n > 0 ? p->charset : STR("utf-8"), &out);
		s = buf_str(&out);
	}
	if (s.n > 0 && !raw)
		s = words_decode(s, a);
	buf_release(&joined);
	buf_release(&out);
	buf_release(&p->extended);
	return s.n == 0 ? STR_NONE : s;
}

/* In UTF-8, also where the field is not. */
static struct str
cleaned(struct str s, struct arena *a)
{
	struct buf out;

	if (utf8_is_valid(s) && memchr(s.p, '\033', s.n) == NULL)
		return s;
	buf_init(&out, 8 * s.n + 1024);
	decode(s, STR_NONE, &out);
	s = arena_dup(a, buf_str(&out));
	buf_release(&out);
	return s;
}

/* What value, unfolded, says of the parameter of that name. */
static void
gather(struct parameter *p, struct str value, const char *name, struct arena *a)
{
	size_t n = strlen(name);
	struct str key, v;

	*p = (struct parameter){ 0 };
	buf_init(&p->extended, 64 << 20);
	while (take_parameter(&value, &key, &v, a)) {
		if (!str_starts_nocase(key, str_of(name)))
			continue;
		if (key.n == n && p->plain.p == NULL)
			p->plain = v;
		else if (key.n > n && key.p[n] == '*')
			take_piece(p, str_sub(key, n, key.n), v, a);
	}
}

/* Whether s may have that parameter: its name before an equals sign. */
static bool
may_have(struct str s, struct str name)
{
	ptrdiff_t equals;

	while ((equals = str_chr(s, '=')) >= 0) {
		size_t i = (size_t)equals;

		while (i > 0 && (is_blank(s.p[i - 1]) || s.p[i - 1] == '*' ||
				    ascii_is_digit(s.p[i - 1])))
			i--;
		if (i >= name.n &&
		    str_eq_nocase(str_sub(s, i - name.n, name.n), name))
			return true;
		s = str_sub(s, (size_t)equals + 1, s.n);
	}
	return false;
}

struct str
words_parameter(struct str value, const char *name, struct arena *a)
{
	struct parameter p;

	if (!may_have(value, str_of(name)))
		return STR_NONE;
	gather(&p, cleaned(unfolded(value, a), a), name, a);
	return settle(&p, false, a);
}

struct str
words_raw_parameter(struct str value, const char *name, struct arena *a)
{
	struct parameter p;

	gather(&p, unfolded(value, a), name, a);
	return settle(&p, true, a);
}
