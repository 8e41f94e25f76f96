#include "identify/verify/canon.h"

#include "core/text/ascii.h"

/* Line ends as CRLF, all else as it is. */
static void
add_simple(struct str s, struct buf *out)
{
	while (s.p != NULL) {
		struct str line = str_line(&s);

		buf_add_str(out, line);
		if (s.p != NULL)
			buf_add(out, "\r\n", 2);
	}
}

/* Blanks and line ends in a row are one space, none at either end. */
static void
add_relaxed(struct str value, struct buf *out)
{
	bool gap = false, begun = false;

	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (ascii_is_blank(c) || c == '\r' || c == '\n') {
			gap = begun;
			continue;
		}
		if (gap)
			buf_add_char(out, ' ');
		buf_add_char(out, c);
		begun = true;
		gap = false;
	}
}

static void
add_field(const struct rawfield *f, struct str whole, struct str value,
    enum canon how, struct buf *out)
{
	if (how == CANON_SIMPLE) {
		add_simple(whole, out);
		return;
	}
	for (size_t i = 0; i < f->name.n; i++)
		buf_add_char(out, ascii_lower(f->name.p[i]));
	buf_add_char(out, ':');
	add_relaxed(value, out);
}

void
canon_field(const struct rawfield *f, enum canon how, struct buf *out)
{
	add_field(f, f->whole, f->value, how, out);
}

/* The value of the tag b= within a tag list; its length 0 where it has none. */
static struct str
signature_of(struct str value)
{
	size_t at = 0;

	while (at < value.n) {
		struct str tag = str_sub(value, at, value.n);
		ptrdiff_t end = str_chr(tag, ';'), equals;

		tag = end < 0 ? tag : str_sub(tag, 0, (size_t)end);
		equals = str_chr(tag, '=');
		if (equals > 0 &&
		    str_is(str_trim(str_sub(tag, 0, (size_t)equals)), "b"))
			return str_sub(tag, (size_t)equals + 1, tag.n);
		at += tag.n + 1;
	}
	return str_sub(value, value.n, 0);
}

void
canon_unsigned(const struct rawfield *f, enum canon how, struct buf *out)
{
	struct str b = signature_of(f->value);
	struct buf cut;
	size_t before = (size_t)(b.p - f->whole.p);
	size_t head = (size_t)(f->value.p - f->whole.p);
	struct str whole;

	buf_init(&cut, f->whole.n + 1);
	buf_add(&cut, f->whole.p, before);
	buf_add(&cut, b.p + b.n, f->whole.n - before - b.n);
	whole = buf_str(&cut);
	add_field(f, whole, str_sub(whole, head, whole.n), how, out);
	buf_release(&cut);
}

/* A line, its blanks in a row one space. */
static void
add_relaxed_line(struct str line, struct buf *out)
{
	size_t i = 0;

	while (i < line.n) {
		size_t from = i;

		while (i < line.n && !ascii_is_blank(line.p[i]))
			i++;
		buf_add(out, line.p + from, i - from);
		if (i == line.n)
			break;
		buf_add_char(out, ' ');
		while (i < line.n && ascii_is_blank(line.p[i]))
			i++;
	}
}

void
canon_body(struct str body, enum canon how, struct buf *out)
{
	size_t empty = 0, before = out->n;

	while (body.n > 0) {
		struct str line = str_line(&body);

		while (how == CANON_RELAXED && line.n > 0 &&
		       ascii_is_blank(line.p[line.n - 1]))
			line.n--;
		if (line.n == 0) {
			empty++;
			continue;
		}
		/* Empty lines count once something stands behind them. */
		for (; empty > 0; empty--)
			buf_add(out, "\r\n", 2);
		if (how == CANON_RELAXED)
			add_relaxed_line(line, out);
		else
			buf_add_str(out, line);
		buf_add(out, "\r\n", 2);
	}
	if (how == CANON_SIMPLE && out->n == before)
		buf_add(out, "\r\n", 2);
}
