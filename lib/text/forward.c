#include "text/forward.h"

#include "core/buf.h"
#include "core/text/ascii.h"
#include "text/lines.h"
#include "text/phrase.h"
#include "text/unicode.h"

enum { HEADER_LINES = 40, CELL_MAX = 48 /* bytes of a table's label */ };

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

/* "From<TAB>Nora", a row of a table: where its second cell begins, or 0. */
static size_t
second_cell(struct str line)
{
	ptrdiff_t tab = str_chr(str_sub(line, 0, CELL_MAX), '\t');

	return tab > 0 && str_chr(str_sub(line, 0, (size_t)tab), ':') < 0
		   ? (size_t)tab + 1
		   : 0;
}

/* What stands behind the label's colon, which East Asia writes wide. */
static struct str
value_of(struct str line)
{
	static const struct str wide = { "：", 3 };
	ptrdiff_t colon = str_chr(line, ':'), other = str_find(line, wide);

	if (second_cell(line) > 0)
		return stripped(str_sub(line, second_cell(line), line.n));
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
	struct str line = lines_at(l, i);
	size_t cell = second_cell(line);
	enum label label;
	char head[CELL_MAX + 2];

	if (line.n >= LINE_LONG)
		return LABEL_NONE;
	label = phrase_label(lines_folded(l, i));
	if (label != LABEL_NONE || cell == 0)
		return label;
	memcpy(head, line.p, cell - 1);
	head[cell - 1] = ':';
	arena_reset(&l->scratch);
	return phrase_label(unicode_fold(str_make(head, cell), &l->scratch));
}

/* The header's fields from line i on; where its text begins. */
static size_t
read_header(struct lines *l, size_t i, struct forward *out)
{
	size_t last = i + HEADER_LINES, labels = 0;
	enum label before = LABEL_NONE;

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
		/* Where no empty line parts them the words follow the subject. */
		if (label == LABEL_NONE && before == LABEL_SUBJECT &&
		    labels >= 3)
			break;
		before = label;
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

/* Sets the parts of body around the header, lines [i, under). */
static void
set_parts(
    struct lines *l, size_t i, size_t under, struct arena *a, struct forward *f)
{
	size_t at = l->v[i].at, end = under < l->n ? l->v[under].at : l->body.n;

	f->note = str_trim(str_sub(l->body, 0, at));
	f->header = str_trim(str_sub(l->body, at, end - at));
	f->body = rest_of(l, under, a);
}

/* The '<' or what else stands before the address around the '@'. */
static size_t
address_start(struct str s, size_t at)
{
	while (at > 0 && !ascii_is_in(s.p[at - 1], " \t\n<([\"';:,"))
		at--;
	return at;
}

/* "Nora Lind <nora@lind.example>" out of "On ..., Nora Lind <...> wrote:", and
 * what stands before it, which is the date. */
static void
take_intro(struct str s, struct arena *a, struct forward *out)
{
	ptrdiff_t sign = str_chr(s, '@');
	size_t from, to, name;
	struct str who, first;

	if (sign <= 0)
		return;
	from = address_start(s, (size_t)sign);
	for (to = (size_t)sign;
	     to < s.n && !ascii_is_in(s.p[to], " \t\n>)];,");)
		to++;
	while (to > (size_t)sign && ascii_is_in(s.p[to - 1], ":.*"))
		to--;
	name = from;
	while (name > 0 && ascii_is_in(s.p[name - 1], " \t\n<([*"))
		name--;
	who = str_sub(s, 0, name);
	while (name > 0 && !ascii_is_digit(s.p[name - 1]) &&
	       !ascii_is_in(s.p[name - 1], ",:>"))
		name--;
	who = str_trim(str_sub(who, name, who.n));
	/* "schrieb Nora Lind" */
	first = who;
	first = str_split(&first, ' ');
	if (first.n < who.n && phrase_wrote(unicode_fold(first, a)))
		who = str_trim(str_sub(who, first.n, who.n));
	out->from = arena_printf(
	    a, "%.*s <%.*s>", STR_ARG(who), (int)(to - from), s.p + from);
	out->date = str_trim(str_sub(s, 0, name));
}

/* Lines [i, *under) that introduce what follows; false where line i does not
 * begin such. */
static bool
is_intro(struct lines *l, size_t i, size_t *under)
{
	size_t end = i;

	while (end < l->n && l->v[end].class == INTRO)
		end++;
	/* GroupWise's line looks like a quote. */
	if (end == i && l->v[i].class == QUOTE && lines_original(l, i))
		end++;
	*under = end;
	return end > i;
}

/* "----- Forwarded Message ----- From: Nora Lind <...>To: ...", as Yahoo
 * writes it where there is no HTML. */
static bool
is_in_line(struct lines *l, size_t i, struct forward *out)
{
	struct str s = str_trim(lines_at(l, i));
	ptrdiff_t colon = str_find(s, STR("- ")), end = str_chr(s, '>');

	if (l->v[i].class != TEXT || !str_starts(s, STR("--")) || colon < 0 ||
	    end < colon || !phrase_original(lines_folded(l, i)))
		return false;
	s = str_sub(s, (size_t)colon + 2, (size_t)(end - colon) - 1);
	colon = str_chr(s, ':');
	if (colon <= 0 || str_chr(s, '@') < colon)
		return false;
	out->from = str_trim(str_sub(s, (size_t)colon + 1, s.n));
	return true;
}

/* The first line from i on over which a mail is passed on without a header of
 * the usual kind. */
static bool
without_header(struct lines *l, size_t i, struct arena *a, struct forward *out)
{
	for (size_t under; i < l->n; i++) {
		*out = (struct forward){ 0 };
		if (is_intro(l, i, &under)) {
			take_intro(str_sub(l->body, l->v[i].at,
				       l->v[under - 1].at + l->v[under - 1].n -
					   l->v[i].at),
			    a, out);
		} else if (l->v[i].class == QUOTE &&
			   label_at(l, i) != LABEL_NONE) {
			under = read_header(l, i, out);
			if (out->date.p == NULL && out->subject.p == NULL)
				out->from = STR_NONE;
		} else if (is_in_line(l, i, out)) {
			under = i + 1;
		}
		if (out->from.p == NULL || str_chr(out->from, '@') < 0)
			continue;
		set_parts(l, i, under, a, out);
		return true;
	}
	*out = (struct forward){ 0 };
	return false;
}

bool
text_forward(struct str body, bool said, struct arena *a, struct forward *out)
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
	if (i < l.n)
		set_parts(
		    &l, i, read_header(&l, header_under(&l, i), out), a, out);
	if (out->from.p == NULL && (said || i < l.n))
		without_header(&l, said ? 0 : i, a, out);
	lines_release(&l);
	return out->from.p != NULL;
}
