#include "mail/mime.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "mail/encodedword.h"
#include "mail/entity.h"
#include "mail/repair.h"

enum {
	NAMING = 1024, /* bytes of a Content-Type that may name a boundary */
	LOOKS = 4, /* times a mail may be read again for boundaries */
};

struct field {
	struct str name, value;
};

struct mime {
	struct buf header; /* mended */
	struct field fields[MIME_FIELDS];
	struct mime_part parts[MIME_PARTS];
	size_t field_count, count;
	bool cut;
	size_t looks; /* bytes that may be read again */
	const char *end; /* of the mail */
	struct arena *arena;
};

struct mime *
mime_new(void)
{
	struct mime *m = xcalloc(1, sizeof(*m));

	buf_init(&m->header, (size_t)2 << 30);
	return m;
}

void
mime_free(struct mime *m)
{
	if (m == NULL)
		return;
	buf_release(&m->header);
	free(m);
}

/* Boundaries */

/* The multiparts around a place, the innermost first. */
struct level {
	struct str boundary;
	const struct level *outer;
};

/* A line that ends a part. */
struct delimiter {
	const struct level *level; /* whose it is; NULL at the mail's end */
	bool closing;
	const char *line, *next; /* where it begins, and what follows it */
};

/* Where the line ends that begins at p: behind its newline. */
static const char *
line_end(const char *p, const char *end)
{
	const char *newline = memchr(p, '\n', (size_t)(end - p));

	return newline == NULL ? end : newline + 1;
}

static bool
is_blank(struct str s)
{
	return str_trim_right(s).n == 0;
}

/* Whether the line from p to next is a boundary of one of the levels
 * (RFC 2046, 5.1.1): blanks behind it do not count. */
static bool
is_delimiter(const struct level *open, const char *p, const char *next,
    struct delimiter *out)
{
	struct str line = str_make(p, (size_t)(next - p)), rest;

	if (open == NULL || line.n < 3 || line.p[0] != '-' || line.p[1] != '-')
		return false;
	line = str_sub(line, 2, line.n);
	for (; open != NULL; open = open->outer) {
		size_t n = open->boundary.n;
		bool closing;

		if (n == 0 || line.p[0] != open->boundary.p[0] ||
		    !str_starts(line, open->boundary))
			continue;
		rest = str_sub(line, n, line.n);
		closing = str_starts(rest, STR("--"));
		if (!is_blank(closing ? str_sub(rest, 2, rest.n) : rest))
			continue;
		*out = (struct delimiter){ open, closing, p, next };
		return true;
	}
	return false;
}

/* The first delimiter at or behind the line that begins at p. */
static void
find_delimiter(const struct mime *m, const struct level *open, const char *p,
    struct delimiter *out)
{
	const char *end = m->end;

	while (open != NULL && p < end) {
		if (*p == '-' && is_delimiter(open, p, line_end(p, end), out))
			return;
		p = line_end(p, end);
	}
	*out = (struct delimiter){ .line = end, .next = end };
}

/* What stands before a delimiter; the line end before it is its own. */
static struct str
before(const char *from, const struct delimiter *d)
{
	size_t n = (size_t)(d->line - from);

	if (d->level != NULL && n > 0 && from[n - 1] == '\n')
		n -= n > 1 && from[n - 2] == '\r' ? 2 : 1;
	return str_make(from, n);
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

/* Headers */

/* Whether behind p, a line that is no field, the header goes on. */
static bool
goes_on(const struct mime *m, const struct level *open, const struct entity *e,
    struct str line, const char *next)
{
	struct delimiter d;

	return !is_delimiter(open, next, line_end(next, m->end), &d) &&
	       header_goes_on(str_sub(e->type, 0, NAMING), line,
		   str_make(next, (size_t)(m->end - next)));
}

/*
 * The header of the part that begins at p.  Returns where its content begins;
 * NULL where a delimiter, in *d, ends it before.
 */
static const char *
part_header(const struct mime *m, const struct level *open, const char *p,
    struct entity *e, struct delimiter *d)
{
	struct str *value = NULL;
	size_t fields = 0;
	bool bare = false; /* a field without a value, so far */

	for (bool first = true; p < m->end; first = false) {
		const char *next = line_end(p, m->end);
		struct str rest = str_make(p, (size_t)(next - p));
		struct str line = str_line(&rest);

		if (is_delimiter(open, p, next, d))
			return NULL;
		switch (header_line(line, first)) {
		case HEADER_END:
			return next;
		case HEADER_FIELD:
			if (fields++ == MIME_FIELDS)
				return p;
			rest = str_sub(line, 0, (size_t)str_chr(line, ':'));
			value = entity_value(e, str_trim_right(rest));
			rest = str_sub(line, rest.n + 1, line.n);
			bare = is_blank(rest);
			if (value != NULL)
				*value = rest;
			break;
		case HEADER_OTHER:
			/* Some lose the blanks of their folds. */
			if (!bare && !goes_on(m, open, e, line, next))
				return p;
			/* Fallthrough. */
		case HEADER_FOLD:
			bare = false;
			if (value != NULL)
				value->n = (size_t)(p + line.n - value->p);
			break;
		case HEADER_FROM:
			break;
		}
		p = next;
	}
	*d = (struct delimiter){ .line = m->end, .next = m->end };
	return NULL;
}

/* Parts in parts */

/* Where a part stands. */
struct place {
	const struct level *open;
	unsigned index, depth;
	bool digest; /* right within a multipart/digest */
};

static void take_part(
    struct mime *m, const struct place *at, const char *p, struct delimiter *d);

/*
 * What a multipart holds, from `body` on; false where that are no parts.  In
 * both cases *d is what ended it.
 */
static bool
take_parts(struct mime *m, struct level *own, const char *body,
    struct mime_part *p, unsigned depth, struct delimiter *d)
{
	struct place child = { own, 0, depth + 1,
		str_is(p->type, "multipart/digest") };

	find_delimiter(m, own, body, d);
	p->content = before(body, d);
	if (d->level != own && p->content.n <= m->looks) {
		m->looks -= p->content.n;
		own->boundary = shown_boundary(p->content);
		find_delimiter(m, own, body, d);
		p->content = before(body, d);
	}
	for (; d->level == own && !d->closing && !m->cut && d->next < m->end;
	     child.index++)
		take_part(m, &child, d->next, d);
	if (d->level == own)
		find_delimiter(m, own->outer, d->next, d);
	return child.index > 0;
}

/* A part without a type: in a digest it is a mail (RFC 2046, 5.1.5), where it
 * reads as one. */
static struct str
default_type(const struct place *at, struct str content)
{
	bool mail =
	    at->digest && header_line(str_line(&content), true) == HEADER_FIELD;

	return mail ? STR("message/rfc822") : STR("text/plain");
}

/* The part whose header, *e, was read; content is NULL where *d ended it
 * there. */
static void
take_entity(struct mime *m, const struct place *at, const struct entity *e,
    const char *content, struct delimiter *d)
{
	struct level own = { .outer = at->open };
	struct mime_part *p = &m->parts[m->count++];

	*p = (struct mime_part){ .index = at->index, .content = STR("") };
	if (e->type.p != NULL)
		p->type = entity_type(e->type, m->arena);
	p->multipart = content != NULL && entity_is_multipart(p->type);
	if (p->multipart) {
		own.boundary =
		    words_raw_parameter(e->type, "boundary", m->arena);
		p->multipart = take_parts(m, &own, content, p, at->depth, d);
	} else if (content != NULL) {
		find_delimiter(m, at->open, content, d);
		p->content = before(content, d);
	}
	if (p->type.p == NULL)
		p->type = default_type(at, p->content);
	/* No boundary was found: all of it is text before the first. */
	if (!p->multipart && entity_is_multipart(p->type))
		p->type = STR("text/plain");
	if (!p->multipart)
		entity_describe(p, e, m->arena);
	p->end = m->count;
}

static void
take_part(
    struct mime *m, const struct place *at, const char *p, struct delimiter *d)
{
	struct entity e = { 0 };

	if (m->count == MIME_PARTS || at->depth > MIME_DEPTH) {
		m->cut = true;
		return;
	}
	p = part_header(m, at->open, p, &e, d);
	take_entity(m, at, &e, p, d);
}

/* The header into fields, and what it says of the body. */
static void
take_header(struct mime *m, struct str header, struct entity *e)
{
	struct field *f = m->fields;

	while (m->field_count < MIME_FIELDS &&
	       mail_header_next(&header, &f->name, &f->value)) {
		struct str *value = entity_value(e, f->name);

		/* Of the mail's own, the first counts. */
		if (value != NULL && value->p == NULL)
			*value = f->value;
		m->field_count++;
		f++;
	}
}

int
mime_parse(struct mime *m, struct str raw, struct arena *a, struct err *e)
{
	const struct place whole = { 0 };
	struct entity entity = { 0 };
	struct mail_header h;
	struct delimiter d;
	struct str header;

	m->field_count = m->count = 0;
	m->cut = false;
	m->looks = LOOKS * raw.n;
	m->arena = a;
	m->end = raw.p + raw.n;
	mail_header_scan(raw, MIME_FIELDS, &h);
	if (h.fields == 0)
		return err_set(e, "not a mail: no header fields");
	if (h.fields > MIME_FIELDS)
		return err_set(
		    e, "the header has more than %d fields", MIME_FIELDS);
	header = str_sub(raw, 0, h.end);
	if (!h.sound) {
		buf_reset(&m->header);
		mail_header_mend(raw, &h, &m->header);
		header = buf_str(&m->header);
	}
	take_header(m, header, &entity);
	take_entity(m, &whole, &entity, raw.p + h.end, &d);
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
