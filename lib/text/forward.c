#include "text/forward.h"

#include "core/buf.h"
#include "text/lines.h"
#include "text/phrase.h"

enum { HEADER_LINES = 40 };

/* Without the marks of a quote in front. */
static struct str
unquoted(struct str s)
{
	if (s.n > 0 && s.p[0] == '>')
		s = str_sub(s, s.n > 1 && s.p[1] == ' ' ? 2 : 1, s.n);
	return s;
}

static struct str
stripped(struct str s)
{
	s = str_trim(s);
	while (s.n > 0 && (s.p[0] == '*' || s.p[0] == '_'))
		s = str_trim(str_sub(s, 1, s.n));
	while (s.n > 0 && s.p[s.n - 1] == '*')
		s = str_trim(str_sub(s, 0, s.n - 1));
	return s;
}

/* What stands behind the label's colon, which East Asia writes wide. */
static struct str
value_of(struct str line)
{
	static const struct str wide = { "：", 3 };
	ptrdiff_t colon = str_chr(line, ':'), other = str_find(line, wide);

	if (other >= 0 && (colon < 0 || other < colon))
		return stripped(str_sub(line, (size_t)other + wide.n, line.n));
	return colon < 0 ? STR_NONE
			 : stripped(str_sub(line, (size_t)colon + 1, line.n));
}

static void
set_once(struct str *to, struct str value)
{
	if (to->p == NULL && value.n > 0)
		*to = value;
}

static bool
is_empty(struct lines *l, size_t i)
{
	return str_trim(unquoted(lines_at(l, i))).n == 0;
}

/* The label of line i, also where all of the mail is quoted. */
static enum label
label_at(struct lines *l, size_t i)
{
	return lines_at(l, i).n < LINE_LONG ? phrase_label(lines_folded(l, i))
					    : LABEL_NONE;
}

/* The header's fields from line i on; where its text begins. */
static size_t
read_header(struct lines *l, size_t i, struct forward *out)
{
	size_t last = i + HEADER_LINES, labels = 0;

	for (; i < l->n && i < last; i++) {
		enum label label = label_at(l, i);
		struct str value = value_of(unquoted(lines_at(l, i)));

		if (is_empty(l, i)) {
			/* Some programs put empty lines between the fields. */
			if (i + 1 < l->n && label_at(l, i + 1) != LABEL_NONE &&
			    (labels < 3 || label_at(l, i + 1) != LABEL_OTHER))
				continue;
			break;
		}
		labels += label != LABEL_NONE;
		if (label == LABEL_FROM)
			set_once(&out->from, value);
		else if (label == LABEL_DATE)
			set_once(&out->date, value);
		else if (label == LABEL_SUBJECT)
			set_once(&out->subject, value);
	}
	return i;
}

/* The lines from i on, without one mark of a quote where all have it. */
static struct str
rest_of(struct lines *l, size_t i, struct arena *a)
{
	bool all = true;
	struct buf b;
	size_t total = 0;

	i = lines_next(l, i);
	if (i >= l->n)
		return STR("");
	for (size_t k = i; k < l->n; k++) {
		total += l->v[k].n + 1;
		all =
		    all && (lines_at(l, k).n == 0 || *lines_at(l, k).p == '>');
	}
	if (!all)
		return str_sub(l->body, l->v[i].at, l->body.n);
	b = (struct buf){
		.p = arena_alloc(a, total + BUF_PAD), .cap = total, .max = total
	};
	for (; i < l->n; i++) {
		buf_add_str(&b, unquoted(lines_at(l, i)));
		buf_add_char(&b, '\n');
	}
	return buf_str(&b);
}

/* The first line of the header that begins at or under line i. */
static size_t
header_under(struct lines *l, size_t i)
{
	size_t next = i;

	while (next < l->n && next < i + 4 && label_at(l, next) == LABEL_NONE)
		next++;
	return next;
}

bool
text_forward(struct str body, struct arena *a, struct forward *out)
{
	struct lines l;
	size_t i = 0;

	*out = (struct forward){ 0 };
	body = lines_plain(body, a);
	if (body.n == 0 || body.n > UINT32_MAX)
		return false;
	lines_init(&l, body, a);
	while (i < l.n && !lines_original(&l, i))
		i++;
	if (i < l.n) {
		size_t under = read_header(&l, header_under(&l, i), out);

		out->note = str_trim(str_sub(body, 0, l.v[i].at));
		out->header = str_trim(str_sub(body, l.v[i].at,
		    (under < l.n ? l.v[under].at : body.n) - l.v[i].at));
		out->body = rest_of(&l, under, a);
	}
	lines_release(&l);
	return out->from.p != NULL;
}
