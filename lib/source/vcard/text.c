/*
 * A card's lines.  Two kinds of folding run through each other in the wild: a
 * line that begins with a blank goes on with the one before, and so does what
 * stands behind a quoted-printable line that ends in "=", whatever it begins
 * with.  Base64 goes on until an empty line or the next property.
 */
#include "core/buf.h"
#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/vcard/vcard.h"
#include "text/unicode.h"

enum {
	VALUE_BYTES = 64 << 20,
	BASE64_LEAST = 40, /* bytes of a line that may be of base64 */
};

/*
 * Some programs put the blank of a fold behind quoted-printable's soft breaks,
 * too.  It is theirs where it stands within a character, or behind all of two
 * or more.
 */
static void
tell_folds(struct vcard *c)
{
	struct vcard probe = *c;
	struct vcard_property p;

	while (vcard_next(&probe, &p))
		;
	c->fold_soft = probe.in_character ||
		       (probe.soft_blank > 1 && probe.soft_plain == 0);
}

void
vcard_begin(struct vcard *c, struct str text, struct arena *a)
{
	ptrdiff_t version = str_find_nocase(text, STR("\nVERSION"));
	struct str line;

	*c = (struct vcard){ .a = a };
	content_init(&c->lines, text, a, VALUE_BYTES);
	if (version >= 0) {
		line = str_sub(text, (size_t)version + 1, 40);
		c->old = str_find(str_line(&line), STR("2.1")) >= 0;
	}
	if (str_find(text, STR("=\n ")) >= 0 ||
	    str_find(text, STR("=\r\n ")) >= 0)
		tell_folds(c);
}

bool
vcard_is(const struct vcard_property *p, const char *name)
{
	return str_eq_nocase(p->name, str_of(name));
}

static struct str
param(const struct vcard_property *p, const char *name)
{
	for (size_t i = 0; i < p->param_n; i++)
		if (p->params[i].name.p != NULL &&
		    str_eq_nocase(p->params[i].name, str_of(name)))
			return p->params[i].value;
	return STR_NONE;
}

static bool
lists(struct str values, const char *word)
{
	while (values.p != NULL)
		if (str_eq_nocase(
			str_trim(str_split(&values, ',')), str_of(word)))
			return true;
	return false;
}

bool
vcard_has_type(const struct vcard_property *p, const char *type)
{
	for (size_t i = 0; i < p->param_n; i++) {
		const struct vcard_param *q = &p->params[i];

		if ((q->name.p == NULL ||
			str_eq_nocase(q->name, STR("TYPE"))) &&
		    lists(q->value, type))
			return true;
	}
	return false;
}

bool
vcard_preferred(const struct vcard_property *p)
{
	return vcard_has_type(p, "PREF") ||
	       str_is(str_trim(param(p, "PREF")), "1");
}

/* What a parameter may be without its name in 2.1. */
static bool
has_encoding(const struct vcard_property *p, const char *word)
{
	struct str e = param(p, "ENCODING");

	return str_eq_nocase(e, str_of(word)) || vcard_has_type(p, word);
}

static void
add_param(struct vcard_property *p, struct str s)
{
	ptrdiff_t eq = str_chr(s, '=');
	struct vcard_param q = { .value = str_trim(s) };

	if (eq >= 0) {
		q.name = str_trim(str_sub(s, 0, (size_t)eq));
		q.value = str_trim(str_sub(s, (size_t)eq + 1, s.n));
	}
	if (q.value.n >= 2 && q.value.p[0] == '"' &&
	    q.value.p[q.value.n - 1] == '"')
		q.value = str_sub(q.value, 1, q.value.n - 2);
	if (p->param_n < VCARD_PARAMS)
		p->params[p->param_n++] = q;
}

static void
read_params(struct vcard_property *p, struct str s)
{
	size_t from = 0;
	bool quoted = false;

	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] == '"')
			quoted = !quoted;
		if (i < s.n && (s.p[i] != ';' || quoted))
			continue;
		if (i > from)
			add_param(p, str_sub(s, from, i - from));
		from = i + 1;
	}
}

/* Lines of base64: to an empty one, or the next property. */
static void
skip_base64(struct vcard *c)
{
	while (c->lines.rest.p != NULL) {
		struct str rest = c->lines.rest;
		struct str line = str_trim(content_take(&c->lines));

		if (line.n > 0 && !ascii_is_blank(rest.p[0]) &&
		    str_chr(line, ':') >= 0) {
			c->lines.rest = rest;
			return;
		}
		if (line.n == 0)
			return;
	}
}

/* The byte that "=XX" at i says, or -1. */
static int
coded(struct str s, size_t i)
{
	int high, low;

	if (i + 2 >= s.n || s.p[i] != '=' ||
	    (high = ascii_hex(s.p[i + 1])) < 0 ||
	    (low = ascii_hex(s.p[i + 2])) < 0)
		return -1;
	return high * 16 + low;
}

/* What a soft break between these shows of the blank behind it. */
static void
note_soft(struct vcard *c, struct str before, struct str line, bool blank)
{
	int last = before.n < 3 ? -1 : coded(before, before.n - 3);
	int next = coded(line, 1);

	if (!blank)
		c->soft_plain++;
	else
		c->soft_blank++;
	/* UTF-8: a byte that begins one of several, and one that goes on. */
	if (blank && last >= 0x80 && next >= 0x80 && next < 0xc0 &&
	    (last >= 0xc2 || c->soft_blank > 1))
		c->in_character = true;
}

static bool
begins_blank(struct str s)
{
	return s.p != NULL && s.n > 0 && ascii_is_blank(s.p[0]);
}

/* What goes on with the line in hand, which is quoted-printable. */
static struct str
unfold_quoted(struct vcard *c, struct str line)
{
	struct str *rest = &c->lines.rest;
	struct buf b;

	if (rest->p == NULL ||
	    !(str_ends(line, STR("=")) || begins_blank(*rest)))
		return line;
	buf_init(&b, VALUE_BYTES);
	buf_add_str(&b, line);
	while (rest->p != NULL) {
		bool soft = b.n > 0 && b.p[b.n - 1] == '=';
		bool folded = begins_blank(*rest);

		if (!soft && !folded)
			break;
		if (soft)
			buf_cut(&b, b.n - 1);
		line = content_take(&c->lines);
		if (soft)
			note_soft(c, buf_str(&b), line, folded);
		if (folded && (!soft || c->fold_soft))
			line = str_sub(line, 1, line.n);
		buf_add_str(&b, line);
	}
	line = arena_dup(c->a, buf_str(&b));
	buf_release(&b);
	return line;
}

static struct str
unfold(struct vcard *c, struct str line, bool quoted)
{
	return quoted ? unfold_quoted(c, line)
		      : content_unfold(&c->lines, line, c->old);
}

/* parts: the value has some, with semicolons between. */
static struct str
unquote_printable(struct str s, bool parts, struct arena *a)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int byte = coded(s, i);

		if (byte >= 0) {
			out[n++] = (char)byte;
			i += 2;
		} else if (s.p[i] != '=' ||
			   (i + 1 < s.n && !(parts && s.p[i + 1] == ';'))) {
			/* A soft break at the end of a part is no sign. */
			out[n++] = s.p[i];
		}
	}
	return str_make(out, n);
}

/* UTF-8 with a byte too few, as where a program cut it to a length? */
static bool
is_nearly_utf8(struct str s)
{
	size_t wide = 0, wrong = 0;

	for (size_t i = 0; i < s.n;) {
		size_t n = utf8_length(str_sub(s, i, 4));

		wide += n > 1;
		wrong += n == 0;
		i += n == 0 ? 1 : n;
	}
	return wide > 2 * wrong;
}

/* The value in UTF-8, by its own charset or by what it looks like. */
static struct str
decode(struct vcard *c, struct str s, struct str charset)
{
	struct buf b;

	if (utf8_is_valid(s))
		return s;
	buf_init(&b, 4 * s.n + BUF_PAD);
	if (is_nearly_utf8(s))
		charset_decode(s, STR("UTF-8"), &b);
	else if (charset.n == 0 || str_eq_nocase(charset, STR("UTF-8")) ||
		 charset_decode(s, charset, &b) < 0)
		charset_decode(s, str_of(charset_guess(s)), &b);
	s = arena_dup(c->a, buf_str(&b));
	buf_release(&b);
	return s;
}

/* Does the line begin a property, or what comes of one that is folded? */
static bool
begins_property(struct str line)
{
	size_t n = content_name(line);

	return n > 0 && content_value(line, n) > 0;
}

/*
 * Lines that a program broke without folding them belong to the value before,
 * behind a part's semicolon without anything between.
 */
static struct str
go_on(struct vcard *c, struct str line, bool quoted)
{
	struct str rest, next, empty = STR("");
	struct buf b = { 0 };

	for (;;) {
		rest = c->lines.rest;
		if (rest.p == NULL)
			break;
		next = content_take(&c->lines);
		while (c->lines.rest.p != NULL && str_trim(next).n == 0) {
			empty = STR("\n");
			next = content_take(&c->lines);
		}
		if (str_trim(next).n == 0 || begins_property(next) ||
		    (begins_blank(c->lines.rest) && content_name(next) > 0))
			break;
		if (b.p == NULL) {
			buf_init(&b, VALUE_BYTES);
			buf_add_str(&b, line);
		}
		if (b.n == 0 || b.p[b.n - 1] != ';')
			buf_add_str(&b, STR("\n"));
		buf_add_str(&b, empty);
		buf_add_str(&b, unfold(c, next, quoted));
		empty = STR("");
	}
	c->lines.rest = rest;
	if (b.p == NULL)
		return line;
	line = arena_dup(c->a, buf_str(&b));
	buf_release(&b);
	return line;
}

static void
read_name(struct vcard_property *p, struct str name)
{
	ptrdiff_t dot = str_rchr(name, '.');

	p->name = name;
	if (dot > 0) {
		p->group = str_sub(name, 0, (size_t)dot);
		p->name = str_sub(name, (size_t)dot + 1, name.n);
	}
}

/* No empty line, and none of base64 that an empty one came before. */
static bool
is_words(struct str line)
{
	line = str_trim(line);
	for (size_t i = 0; i < line.n; i++)
		if (!ascii_is_alnum(line.p[i]) &&
		    !ascii_is_in(line.p[i], "+/=-_."))
			return true;
	return line.n > 0 && line.n < BASE64_LEAST;
}

bool
vcard_next(struct vcard *c, struct vcard_property *p)
{
	struct str line;
	size_t n, at;
	bool quoted;

	*p = (struct vcard_property){ .name = STR("LINE") };
	do {
		if (c->lines.rest.p == NULL)
			return false;
		line = content_take(&c->lines);
		n = content_name(line);
		at = n == 0 ? 0 : content_value(line, n);
		/* A property may be folded before its colon. */
		if (n > 0 && at == 0) {
			line = unfold(c, line, false);
			at = content_value(line, n);
		}
		if (at == 0 && is_words(line)) {
			p->value = decode(c, line, STR_NONE);
			return true;
		}
	} while (at == 0);
	*p = (struct vcard_property){ 0 };
	read_name(p, str_sub(line, 0, n));
	read_params(p, str_sub(line, n, at - 1 - n));
	p->binary = has_encoding(p, "BASE64") || has_encoding(p, "B");
	quoted = has_encoding(p, "QUOTED-PRINTABLE");
	if (p->binary) {
		p->value = str_sub(line, at, line.n);
		skip_base64(c);
		return true;
	}
	line = go_on(c, unfold(c, line, quoted), quoted);
	p->value = str_sub(line, at, line.n);
	if (quoted)
		p->value = unquote_printable(p->value,
		    vcard_is(p, "N") || vcard_is(p, "ADR") ||
			vcard_is(p, "ORG"),
		    c->a);
	p->value = decode(c, p->value, param(p, "CHARSET"));
	return true;
}

struct str
vcard_text(struct str value, struct arena *a)
{
	char *out;
	size_t n = 0;

	if (str_chr(value, '\\') < 0 && str_chr(value, '\r') < 0)
		return str_trim(value);
	out = arena_alloc(a, value.n);
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (c == '\r')
			continue;
		if (c == '\\' && i + 1 < value.n) {
			char d = value.p[i + 1];

			if (ascii_is_in(d, "nN"))
				c = '\n';
			else if (ascii_is_in(d, "\\,;:\""))
				c = d;
			i += c != '\\' || d == '\\';
		}
		out[n++] = c;
	}
	return str_trim(str_make(out, n));
}

size_t
vcard_split(
    struct str value, char sep, struct arena *a, struct str *out, size_t max)
{
	size_t from = 0, n = 0;

	for (size_t i = 0; i <= value.n && n < max; i++) {
		if (i < value.n && value.p[i] == '\\') {
			i++;
			continue;
		}
		if (i < value.n && value.p[i] != sep)
			continue;
		out[n++] = vcard_text(str_sub(value, from, i - from), a);
		from = i + 1;
	}
	return n;
}
