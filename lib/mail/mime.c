#include "mail/mime.h"

#include <gmime/gmime.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/base64.h"
#include "mail/address.h"
#include "mail/encodedword.h"
#include "mail/repair.h"
#include "text/unicode.h"

struct field {
	struct str name, value;
};

struct mime {
	GMimeParser *parser;
	GMimeParserOptions *options;
	GMimeObject *root;
	GByteArray bytes; /* what the parser reads; not its own */
	struct buf header; /* mended */
	struct buf entity; /* Content- fields and body: what GMime sees */
	struct buf line;
	struct field fields[MIME_FIELDS];
	struct mime_part parts[MIME_PARTS];
	size_t field_count, count;
	bool cut;
};

static unsigned open_count;

struct mime *
mime_new(void)
{
	struct mime *m = xcalloc(1, sizeof(*m));

	if (open_count++ == 0)
		g_mime_init();
	m->parser = g_mime_parser_new();
	g_mime_parser_set_format(m->parser, GMIME_FORMAT_MESSAGE);
	g_mime_parser_set_persist_stream(m->parser, TRUE);
	m->options = g_mime_parser_options_new();
	buf_init(&m->header, (size_t)2 << 30);
	buf_init(&m->entity, (size_t)2 << 30);
	buf_init(&m->line, (size_t)2 << 30);
	return m;
}

static void
forget(struct mime *m)
{
	if (m->root != NULL)
		g_object_unref(m->root);
	m->root = NULL;
	m->field_count = m->count = 0;
	m->cut = false;
}

void
mime_free(struct mime *m)
{
	if (m == NULL)
		return;
	forget(m);
	g_object_unref(m->parser);
	g_mime_parser_options_free(m->options);
	buf_release(&m->header);
	buf_release(&m->entity);
	buf_release(&m->line);
	free(m);
	if (--open_count == 0)
		g_mime_shutdown();
}

/* How many fields the lines of s begin with, up to `most`, and where they
 * end. */
static size_t
count_fields(struct str s, size_t most, size_t *end)
{
	struct mail_header h;

	mail_header_scan(s, most, &h);
	*end = h.end;
	return h.fields;
}

/*
 * What a hostile mail could make GMime allocate is bounded before it starts:
 * every part begins behind a line of two dashes, every header ends.
 */
static int
check_bounds(struct str raw, size_t body, struct err *e)
{
	size_t sections = 0, end;
	ptrdiff_t at;

	raw = str_sub(raw, body, raw.n);
	if (raw.n < MIME_HARMLESS)
		return 0;
	if (count_fields(raw, MIME_FIELDS, &end) > MIME_FIELDS)
		return err_set(
		    e, "a part's header has more than %d fields", MIME_FIELDS);
	while ((at = str_find(raw, STR("\n--"))) >= 0) {
		if (++sections > MIME_SECTIONS)
			return err_set(e,
			    "more than %d lines could begin a part",
			    MIME_SECTIONS);
		raw = str_sub(raw, (size_t)at + 3, raw.n);
		(void)str_line(&raw);
		if (raw.p == NULL)
			break;
		if (count_fields(raw, MIME_FIELDS, &end) > MIME_FIELDS)
			return err_set(e,
			    "a part's header has more than %d fields",
			    MIME_FIELDS);
		/* Back to the newline, which may begin the next. */
		raw = str_sub(raw, end > 0 ? end - 1 : 0, raw.n);
	}
	return 0;
}

/*
 * GMime looks for the end of each encoded word behind it again and again: a
 * field of words that never end would take it the square of its length.
 */
static int
check_words(struct str s, struct err *e)
{
	static const struct str open = { "=?", 2 };
	ptrdiff_t found;

	while (s.n >= MIME_WORDS && (found = str_find(s, open)) >= 0) {
		size_t i = (size_t)found, words = 0;

		/* To the end of the line and those that go on with it. */
		for (; i + 1 < s.n; i++) {
			if (s.p[i] == '\n' && s.p[i + 1] != ' ' &&
			    s.p[i + 1] != '\t')
				break;
			if (s.p[i] == '=' && s.p[i + 1] == '?')
				words++;
			else if (s.p[i] == '?' && s.p[i + 1] == '=')
				words = 0;
			if (words > MIME_WORDS)
				return err_set(e,
				    "a line of more than %d encoded words "
				    "that do not end",
				    MIME_WORDS);
		}
		s = str_sub(s, i, s.n);
	}
	return 0;
}

/* A field of a part, the first of its name, as it stands; absent. */
static struct str
part_field(GMimeObject *o, const char *name)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(o);
	GMimeHeader *h = g_mime_header_list_get_header(list, name);

	return h == NULL ? STR_NONE : str_of(g_mime_header_get_raw_value(h));
}

static bool
is_token(char c)
{
	return c > ' ' && c < 127 && strchr("()<>@,;:\\\"/[]?=", c) == NULL;
}

/* "text/plain" of a Content-Type, in lower case; what is none says nothing
 * (RFC 2045, 5.2). */
static struct str
type_name(struct str field, struct arena *a)
{
	size_t n = 0, slash = 0;
	struct str s;
	char *p;

	field = str_trim(field);
	if (str_starts_nocase(field, STR("text/plain")) && field.n == 10)
		return STR("text/plain");
	while (n < field.n &&
	       (is_token(field.p[n]) || (field.p[n] == '/' && slash == 0))) {
		if (field.p[n] == '/')
			slash = n;
		n++;
	}
	if (slash == 0 || slash + 1 == n)
		return STR("text/plain");
	s = arena_dup(a, str_sub(field, 0, n));
	p = (char *)s.p;
	for (size_t i = 0; i < n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] - 'A' + 'a');
	/* Some programs have them the wrong way round. */
	return str_is(s, "plain/text")  ? STR("text/plain")
	       : str_is(s, "html/text") ? STR("text/html")
					: s;
}

/* Up to the first blank or comment. */
static struct str
first_word(struct str s)
{
	size_t n = 0;

	while (n < s.n && strchr(" \t(;,", s.p[n]) == NULL)
		n++;
	return n == 0 ? STR_NONE : str_sub(s, 0, n);
}

static enum mime_disposition
disposition(struct str field)
{
	field = str_trim(field);
	if (field.n == 0)
		return MIME_NO_DISPOSITION;
	return str_starts_nocase(field, STR("attachment")) ? MIME_ATTACHMENT
							   : MIME_INLINE;
}

/* Of two Content-Types the one that can be: GMime took no multipart. */
static struct str
type_field(GMimeObject *o)
{
	struct str first = part_field(o, "Content-Type");
	GMimeHeaderList *list = g_mime_object_get_header_list(o);

	if (!GMIME_IS_PART(o) ||
	    !str_starts_nocase(str_trim(first), STR("multipart/")))
		return first;
	for (int i = g_mime_header_list_get_count(list) - 1; i >= 0; i--) {
		GMimeHeader *h = g_mime_header_list_get_header_at(list, i);

		if (str_eq_nocase(
			str_of(g_mime_header_get_name(h)), STR("Content-Type")))
			return str_of(g_mime_header_get_raw_value(h));
	}
	return first;
}

static void
describe(struct mime_part *p, GMimeObject *o, struct arena *a)
{
	struct str type = type_field(o);
	struct str place = part_field(o, "Content-Disposition");

	p->type = type.p != NULL             ? type_name(type, a)
		  : GMIME_IS_MESSAGE_PART(o) ? STR("message/rfc822")
					     : STR("text/plain");
	p->disposition = disposition(place);
	p->encoding = transfer_of(part_field(o, "Content-Transfer-Encoding"));
	p->charset = first_word(words_parameter(type, "charset", a));
	if (str_is(p->type, "text/plain")) {
		p->flowed = str_eq_nocase(
		    words_parameter(type, "format", a), STR("flowed"));
		p->delsp = str_eq_nocase(
		    words_parameter(type, "delsp", a), STR("yes"));
	}
	p->name = words_parameter(place, "filename", a);
	if (p->name.p == NULL)
		p->name = words_parameter(type, "name", a);
}

static void
walk(struct mime *m, GMimeObject *o, unsigned index, unsigned depth,
    struct arena *a)
{
	struct mime_part *p = &m->parts[m->count];
	int children = 0;

	if (o == NULL)
		return;
	if (m->count == MIME_PARTS || depth > MIME_DEPTH) {
		m->cut = true;
		return;
	}
	m->count++;
	*p = (struct mime_part){ .index = index, .object = o };
	describe(p, o, a);
	if (GMIME_IS_MULTIPART(o)) {
		children = g_mime_multipart_get_count(GMIME_MULTIPART(o));
		p->multipart = children > 0;
		/* No boundary was found: all of it is text before the first. */
		if (children == 0)
			p->type = STR("text/plain");
	}
	for (int i = 0; i < children && !m->cut; i++)
		walk(m, g_mime_multipart_get_part(GMIME_MULTIPART(o), i),
		    (unsigned)i, depth + 1, a);
	p->end = m->count;
}

static bool
seen_before(const struct mime *m, struct str name)
{
	for (size_t i = 0; i < m->field_count; i++)
		if (str_eq_nocase(m->fields[i].name, name))
			return true;
	return false;
}

/*
 * The boundary that a multipart's body shows, where its header names none or
 * one that is not there: the first line of two dashes with a field behind it.
 */
static struct str
shown_boundary(struct str body)
{
	enum { LINES = 1000, LONGEST = 200 };

	for (int i = 0; i < LINES && body.p != NULL; i++) {
		struct str line = str_line(&body), name, value, rest = body;

		if (str_starts(line, STR("--")) && line.n > 2 &&
		    line.n <= LONGEST &&
		    mail_header_next(&rest, &name, &value) &&
		    str_starts_nocase(name, STR("Content-")))
			return str_trim_right(str_sub(line, 2, line.n));
	}
	return STR_NONE;
}

/* Adds the Content-Type of a multipart with the boundary that it has. */
static void
mend_boundary(struct mime *m, struct str body, struct arena *a)
{
	struct str type = STR_NONE, boundary, mark;

	for (size_t i = 0; i < m->field_count && type.p == NULL; i++)
		if (str_eq_nocase(m->fields[i].name, STR("Content-Type")))
			type = m->fields[i].value;
	if (!str_starts_nocase(type, STR("multipart/")))
		return;
	boundary = words_parameter(type, "boundary", a);
	mark = arena_printf(a, "--%.*s", STR_ARG(boundary));
	if (boundary.n > 0 && str_find(body, mark) >= 0)
		return;
	boundary = shown_boundary(body);
	if (boundary.n == 0 || str_chr(boundary, '"') >= 0)
		return;
	mark = str_split(&type, ';');
	buf_reset(&m->entity);
	buf_printf(&m->entity, "Content-Type: %.*s; boundary=\"%.*s\"\n",
	    STR_ARG(mark), STR_ARG(boundary));
}

/* The header into fields; those of the body go to the entity too, the first
 * of each name. */
static void
take_header(struct mime *m, struct str header)
{
	struct field *f = m->fields;
	const char *from = header.p;

	while (m->field_count < MIME_FIELDS &&
	       mail_header_next(&header, &f->name, &f->value)) {
		if (str_starts_nocase(f->name, STR("Content-")) &&
		    !seen_before(m, f->name))
			buf_add(&m->entity, from, (size_t)(header.p - from));
		from = header.p;
		m->field_count++;
		f++;
	}
}

/*
 * GMime gets the Content- fields and the body.  The other fields it would
 * decode one by one, into objects; here only those are decoded that are asked
 * for.
 */
static int
parse_entity(struct mime *m, struct err *e)
{
	GMimeStream *stream;

	/* A memory stream that does not own its array only reads data and len;
	 * it never writes to it. */
	m->bytes = (GByteArray){ (guint8 *)m->entity.p, (guint)m->entity.n };
	stream = g_mime_stream_mem_new_with_byte_array(&m->bytes);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	g_mime_parser_init_with_stream(m->parser, stream);
	g_object_unref(stream);
	m->root = g_mime_parser_construct_part(m->parser, m->options);
	return m->root == NULL ? err_set(e, "not a mail") : 0;
}

int
mime_parse(struct mime *m, struct str raw, struct arena *a, struct err *e)
{
	struct mail_header h;
	struct str header;

	forget(m);
	mail_header_scan(raw, MIME_FIELDS, &h);
	if (h.fields == 0)
		return err_set(e, "not a mail: no header fields");
	if (h.fields > MIME_FIELDS)
		return err_set(
		    e, "the header has more than %d fields", MIME_FIELDS);
	if (check_bounds(raw, h.end, e) < 0 || check_words(raw, e) < 0)
		return -1;
	header = str_sub(raw, 0, h.end);
	if (!h.sound) {
		buf_reset(&m->header);
		mail_header_mend(raw, &h, &m->header);
		header = buf_str(&m->header);
	}
	buf_reset(&m->entity);
	take_header(m, header);
	mend_boundary(m, str_sub(raw, h.end, raw.n), a);
	buf_add_char(&m->entity, '\n');
	buf_add_str(&m->entity, str_sub(raw, h.end, raw.n));
	if (parse_entity(m, e) < 0)
		return -1;
	walk(m, m->root, 0, 0, a);
	return 0;
}

bool
mime_is_cut(const struct mime *m)
{
	return m->cut;
}

size_t
mime_field_count(const struct mime *m)
{
	return m->field_count;
}

void
mime_field(const struct mime *m, size_t i, struct str *name, struct str *value)
{
	*name = m->fields[i].name;
	*value = m->fields[i].value;
}

/* Where the quotation that begins at i ends; the end where it does not. */
static size_t
quotation_end(struct str s, size_t i)
{
	for (i++; i < s.n && s.p[i] != '"'; i++)
		if (s.p[i] == '\\')
			i++;
	return i < s.n ? i : s.n;
}

/*
 * One quote too many would swallow addresses: where their number is odd, one
 * that opens a quotation with an address in it, or none, goes.
 */
static void
drop_stray_quotes(struct buf *b)
{
	struct str s = buf_str(b);
	size_t to = 0, quotes = 0;
	bool open = false; /* one did not close: none does */

	for (size_t i = 0; i < s.n; i++)
		quotes += s.p[i] == '"' && (i == 0 || s.p[i - 1] != '\\');
	if (quotes % 2 == 0)
		return;
	for (size_t i = 0; i < s.n; i++) {
		size_t end;

		if (s.p[i] != '"') {
			b->p[to++] = s.p[i];
			continue;
		}
		end = open ? s.n : quotation_end(s, i);
		open = end == s.n;
		if (end == s.n || memchr(s.p + i, '<', end - i) != NULL)
			continue;
		memmove(b->p + to, s.p + i, end - i + 1);
		to += end - i + 1;
		i = end;
	}
	buf_cut(b, to);
}

void
mime_address_list(
    struct mime *m, struct str value, struct arena *a, struct address_list *out)
{
	struct mailaddr_list list, inner;
	struct mailaddr one, coded;

	buf_reset(&m->line);
	buf_add_str(&m->line, value);
	drop_stray_quotes(&m->line);
	value = arena_dup(a, buf_str(&m->line));
	mailaddr_init(&list, value);
	while (mailaddr_next(&list, a, &one)) {
		if (str_find(one.name, STR("=?")) >= 0)
			one.name = words_decode(one.name, a);
		/* Some programs encode the address with the name. */
		if (one.email.p == NULL && str_chr(one.name, '@') > 0) {
			mailaddr_init(&inner, one.name);
			if (mailaddr_next(&inner, a, &coded))
				one = coded;
		}
		address_list_add(out,
		    (struct address){ .name = one.name, .email = one.email },
		    a);
	}
}

size_t
mime_part_count(const struct mime *m)
{
	return m->count;
}

const struct mime_part *
mime_part(const struct mime *m, size_t i)
{
	return &m->parts[i];
}

/* A message in a message, or a multipart without parts: written out again. */
static struct str
written(GMimeObject *o, struct buf *scratch)
{
	GMimeStream *s = g_mime_stream_mem_new();
	GByteArray *bytes;

	g_mime_object_write_to_stream(o, NULL, s);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(s));
	buf_reset(scratch);
	buf_add(scratch, bytes->data, bytes->len);
	g_object_unref(s);
	return buf_str(scratch);
}

/* The content as it is transferred: a part of raw. */
static struct str
transferred(GMimeDataWrapper *content)
{
	GMimeStream *s =
	    content == NULL ? NULL : g_mime_data_wrapper_get_stream(content);
	GByteArray *bytes;
	int64_t end;

	if (s == NULL || !GMIME_IS_STREAM_MEM(s))
		return STR("");
	bytes = ((GMimeStreamMem *)s)->buffer;
	end = s->bound_end < 0 ? (int64_t)bytes->len : s->bound_end;
	if (end > (int64_t)bytes->len)
		end = bytes->len;
	/* Where the line before a boundary ends in LF and the boundary's own in
	 * CRLF, one byte too many was taken for the line's end. */
	if (end + 1 < (int64_t)bytes->len && bytes->data[end] != '\n' &&
	    bytes->data[end] != '\r' && bytes->data[end + 1] == '\n')
		end++;
	if (s->bound_start >= end)
		return STR("");
	return str_make((const char *)bytes->data + s->bound_start,
	    (size_t)(end - s->bound_start));
}

struct str
mime_content(
    const struct mime *m, const struct mime_part *p, struct buf *scratch)
{
	GMimeObject *o = p->object;
	struct str text;

	(void)m;
	if (GMIME_IS_MULTIPART(o)) {
		text =
		    str_of(g_mime_multipart_get_prologue(GMIME_MULTIPART(o)));
		return text.p == NULL ? STR("") : text;
	}
	if (GMIME_IS_MESSAGE_PART(o)) {
		GMimeMessage *inner =
		    g_mime_message_part_get_message(GMIME_MESSAGE_PART(o));

		return inner == NULL ? STR("")
				     : written(GMIME_OBJECT(inner), scratch);
	}
	if (!GMIME_IS_PART(o))
		return STR("");
	text = transferred(g_mime_part_get_content(GMIME_PART(o)));
	/* Some programs say base64 and send plain text. */
	if (p->encoding == TRANSFER_NONE ||
	    (p->encoding == TRANSFER_BASE64 &&
		str_starts(p->type, STR("text/")) && !base64_is(text)))
		return text;
	buf_reset(scratch);
	transfer_decode(text, p->encoding, scratch);
	return buf_str(scratch);
}

/* True where some character beyond ASCII is well-formed UTF-8. */
static bool
has_utf8(struct str s)
{
	for (size_t i = 0; i + 1 < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;

		if (c >= 0xc2 && str_is_utf8(str_sub(s, i, n)) && i + n <= s.n)
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

	if (utf8 && str_is_utf8(s) && str_chr(s, '\0') < 0) {
		buf_add_str(out, s);
		return;
	}
	if (utf8 && (str_is_utf8(s) || has_utf8(s))) {
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
