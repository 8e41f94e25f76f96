/*
 * ingest --why.
 */
#include <stdlib.h>
#include <string.h>

#include "core/text/ascii.h"
#include "core/text/terminal.h"
#include "source/peek.h"
#include "source/source.h"
#include "source/table/table.h"

enum {
	WHY_NAMES = 24, /* members and columns that are shown */
	WHY_BYTES = 72, /* of a first line */
};

struct guess {
	const struct source_format *format;
	int sure;
};

/* The surest first, else in the table's order. */
static int
by_sure(const void *a, const void *b)
{
	const struct guess *x = a, *y = b;

	return x->sure != y->sure      ? y->sure - x->sure
	       : x->format < y->format ? -1
				       : x->format > y->format;
}

struct members {
	struct buf *out;
	struct str within;
	size_t n;
};

static void
see(void *arg, const struct peeked *p)
{
	struct members *m = arg;

	if (++m->n > WHY_NAMES)
		return;
	if (!str_eq(p->within, m->within) && m->within.n > 0)
		buf_add_z(m->out, ")");
	if (m->n > 1)
		buf_add_z(m->out, " ");
	if (!str_eq(p->within, m->within) && p->within.n > 0) {
		terminal_line(m->out, p->within);
		buf_add_z(m->out, "(");
	}
	m->within = p->within;
	terminal_line(m->out, p->name);
}

static bool
say_members(struct buf *out, struct str head)
{
	struct members m = { .out = out };
	size_t from = out->n;

	buf_add_z(out, "an object of JSON with ");
	json_peek(head, see, &m);
	if (m.n == 0)
		buf_cut(out, from);
	else if (m.within.n > 0)
		buf_add_z(out, ")");
	if (m.n > WHY_NAMES)
		buf_add_z(out, " ...");
	return m.n > 0;
}

static bool
say_element(struct buf *out, struct str head)
{
	struct str root = xml_peek(head);

	if (root.p == NULL)
		return false;
	buf_add_z(out, "XML that begins with <");
	terminal_line(out, str_sub(root, 0, WHY_BYTES));
	buf_add_z(out, ">");
	return true;
}

static bool
say_columns(struct buf *out, const char *base, struct str head)
{
	const struct source_format *csv = source_format_named(STR("csv"));
	struct table *t =
	    csv->sniff(base, head) > 0 ? table_peek(head, NULL) : NULL;
	const struct str *names;
	size_t n;

	if (t == NULL)
		return false;
	n = table_columns(t, &names);
	if (n > 1) {
		buf_add_z(out, "a table with the columns ");
		for (size_t i = 0; i < n && i < WHY_NAMES; i++) {
			buf_add_z(out, i > 0 ? ", " : "");
			terminal_line(out, names[i]);
		}
		buf_add_z(out, n > WHY_NAMES ? " ..." : "");
	}
	table_close(t);
	return n > 1;
}

/* The tables of an SQLite database that stand at its beginning. */
static bool
say_tables(struct buf *out, struct str head)
{
	struct str mark = STR("CREATE TABLE ");
	ptrdiff_t at;
	size_t n = 0;

	if (!str_starts(head, str_make("SQLite format 3\0", 16)))
		return false;
	buf_add_z(out, "an SQLite database");
	while (n <= WHY_NAMES && (at = str_find(head, mark)) >= 0) {
		size_t end = 0;

		head = str_sub(head, (size_t)at + mark.n, head.n);
		while (end < head.n && end < WHY_BYTES &&
		       (ascii_is_alnum(head.p[end]) ||
			   ascii_is_in(head.p[end], "_\"")))
			end++;
		if (end == 0)
			continue;
		buf_add_z(out, n++ == 0 ? " with the tables " : ", ");
		if (n > WHY_NAMES)
			buf_add_z(out, "...");
		else
			terminal_line(out, str_sub(head, 0, end));
	}
	buf_add_z(out, n == 0 ? ", whose tables stand further on" : "");
	return true;
}

static void
say_seen(struct buf *out, const char *base, struct str head)
{
	struct str first = str_trim(head);

	buf_add_z(out, "\tseen: ");
	if (say_tables(out, head)) {
		/* said */
	} else if (memchr(head.p, '\0', head.n) != NULL) {
		buf_add_z(out, "bytes that are no text");
	} else if (!say_members(out, head) && !say_element(out, head) &&
		   !say_columns(out, base, head)) {
		buf_add_z(out, "a first line \"");
		terminal_line(
		    out, str_sub(str_split(&first, '\n'), 0, WHY_BYTES));
		buf_add_z(out, "\"");
	}
	buf_add_char(out, '\n');
}

static void
say_guesses(struct buf *out, struct guess *v, size_t n)
{
	if (n > 1)
		qsort(v, n, sizeof(*v), by_sure);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "\t%3d  %-14s %s\n", v[i].sure,
		    v[i].format->name, v[i].format->about);
}

static void
say_taken(struct ingest *in, struct buf *out, const struct source_format *f)
{
	terminal_line(out, str_of(in->file == NULL ? "-" : in->file));
	buf_printf(out, ": %s%s\n",
	    f == NULL ? "of no format that is known for sure" : f->name,
	    f == NULL         ? ""
	    : in->forced == f ? ", as --format says"
			      : "");
	if (in->within[0] != '\0')
		buf_printf(out, "\titems stand in the list %s\n", in->within);
}

int
why_file(struct ingest *in, const struct source_format *f, struct str head,
    struct err *e)
{
	struct buf *out = sink_out(in->sink);
	struct guess v[256] = { 0 };
	const char *slash = in->file == NULL ? NULL : strrchr(in->file, '/');
	const char *base = slash != NULL      ? slash + 1
			   : in->file != NULL ? in->file
					      : "-";
	size_t n = 0;

	say_taken(in, out, f);
	for (size_t i = 0; source_formats[i] != NULL && n < 256; i++) {
		const struct source_format *g = source_formats[i];
		int sure = g->sniff == NULL ? 0 : g->sniff(base, head);

		if (sure > 0)
			v[n++] = (struct guess){ g, sure };
		else if (g->may_be != NULL && g->may_be(head))
			buf_printf(out,
			    "\t     %-14s may be it: -f %s reads it\n", g->name,
			    g->name);
	}
	say_guesses(out, v, n);
	say_seen(out, base, head);
	return sink_commit_text(in->sink, e);
}

int
why_tree(struct ingest *in, const struct source_format *f, char *const *names,
    size_t n, struct err *e)
{
	struct buf *out = sink_out(in->sink);
	const char *const *first = (const char *const *)names;
	struct guess v[256] = { 0 };
	size_t guesses = 0;

	for (size_t i = 0; source_formats[i] != NULL && guesses < 256; i++) {
		const struct source_format *g = source_formats[i];
		int sure = g->sniff_tree == NULL ? 0 : g->sniff_tree(first, n);

		if (sure > 0)
			v[guesses++] = (struct guess){ g, sure };
	}
	if (guesses == 0)
		return 0;
	say_taken(in, out, f);
	say_guesses(out, v, guesses);
	buf_printf(out, "\tseen: %zu files, as a whole: ", n);
	for (size_t i = 0; i < n && i < 8; i++) {
		buf_add_z(out, i > 0 ? ", " : "");
		terminal_line(out, str_of(names[i]));
	}
	buf_add_z(out, n > 8 ? " ...\n" : "\n");
	return sink_commit_text(in->sink, e);
}

int
why_sent(struct ingest *in, struct tree *t, const char *name, struct err *e)
{
	struct buf *out = sink_out(in->sink);

	terminal_line(out, str_of(tree_name(t)));
	buf_add_char(out, '/');
	terminal_line(out, str_of(name));
	buf_add_z(out, ": was sent in a message, and is not read\n");
	return sink_commit_text(in->sink, e);
}
