#include "source/ticket/tables.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/io/utf16.h"
#include "core/text/ascii.h"
#include "source/json/side.h"
#include "source/table/table.h"

enum {
	PATH_BYTES = 64 << 10,
	ID_BYTES = 64,
};

/* What a pass over a folder is for. */
enum pass { PASS_PEOPLE, PASS_PARTS, PASS_ROWS };

struct reader {
	struct ingest *in;
	const struct tickets_form *form;
	enum pass pass;
	struct arena arena;
	struct side people, tickets;
	struct map words; /* a ticket's first words, by its id */
	struct map told; /* tickets whose first words a part has */
	struct buf path, row;
	uint64_t turn;
};

bool
tickets_column(const struct str *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(names[i], str_of(name)))
			return true;
	return false;
}

static size_t
place(const struct table *t, const char *name)
{
	const struct str *names;
	size_t n = table_columns(t, &names);

	for (size_t i = 0; name != NULL && i < n; i++)
		if (str_eq_nocase(names[i], str_of(name)))
			return i;
	return SIZE_MAX;
}

static struct str
cell(const struct table_row *row, size_t i)
{
	return i < row->n ? row->cells[i] : STR("");
}

static enum tickets_table
tell(const struct tickets_form *f, const struct table *t)
{
	const struct str *names;
	size_t n = table_columns(t, &names);

	return f->tell(names, n);
}

enum tickets_table
tickets_sniff(const struct tickets_form *f, struct str head)
{
	struct table *t = table_peek(head, NULL);
	enum tickets_table is = TICKETS_FOREIGN;

	if (t == NULL)
		return is;
	is = tell(f, t);
	table_close(t);
	return is;
}

/* Equal but for white space. */
static bool
same_words(struct str a, struct str b)
{
	return a.n > 0 && str_eq(str_trim(a), str_trim(b));
}

/* The first passes: what rows will have beside them. */
static void
learn(struct reader *r, struct table *t, enum tickets_table is,
    const struct table_row *row)
{
	struct str id = cell(row, place(t, "id"));
	struct side *side = is == TICKETS_PEOPLE ? &r->people : &r->tickets;
	struct str ticket, words;
	struct writer w;
	bool fresh;

	if (is == TICKETS_PARTS && r->form->words != NULL) {
		ticket = cell(row, place(t, r->form->ticket_id));
		words = STR_NONE;
		if (map_get(&r->words, ticket) != NULL)
			words = str_of((const char *)(uintptr_t)*map_get(
			    &r->words, ticket));
		if (words.p != NULL &&
		    (words.n == 0 ||
			same_words(words, cell(row, place(t, r->form->says)))))
			(void)map_put(&r->told, ticket, &fresh);
		return;
	}
	buf_reset(&r->row);
	write_init(&w, &r->row);
	table_write(t, row, &w, false);
	side_add(side, id, buf_str(&r->row));
	if (is == TICKETS_TICKETS && r->form->words != NULL)
		*map_put(&r->words, id, NULL) = (uintptr_t)arena_cstr(
		    &r->arena, str_trim(cell(row, place(t, r->form->words))));
}

static void
write_beside(
    struct reader *r, struct writer *w, struct str ticket, struct str row)
{
	bool any;

	r->turn++;
	any = side_named(&r->people, row, r->turn);
	if (ticket.n > 0)
		any |= side_named(&r->people, ticket, r->turn);
	if (!any && ticket.n == 0)
		return;
	write_key(w, "beside");
	write_object(w);
	write_member_raw(w, r->form->ticket, ticket);
	if (any)
		side_write(&r->people, w, r->turn);
	write_object_end(w);
}

static bool
is_empty(const struct table_row *row)
{
	size_t i = 0;

	while (i < row->n && row->cells[i].n == 0)
		i++;
	return i == row->n;
}

static int
emit(struct reader *r, struct table *t, enum tickets_table is,
    const struct table_row *row, struct err *e)
{
	struct writer *w, one;
	struct str ticket = STR_NONE;

	if (is_empty(row)) {
		sink_sum(r->in->sink, "empty rows", 1);
		return 0;
	}
	if (is == TICKETS_TICKETS &&
	    map_get(&r->told, cell(row, place(t, "id"))) != NULL) {
		sink_sum(r->in->sink,
		    "tickets whose first words a part of theirs has", 1);
		return 0;
	}
	if (is == TICKETS_PARTS)
		ticket = side_get(
		    &r->tickets, cell(row, place(t, r->form->ticket_id)));
	buf_reset(&r->row);
	write_init(&one, &r->row);
	table_write(t, row, &one, false);
	w = ingest_item(r->in, row->at);
	write_raw(w, buf_str(&r->row));
	if (is != TICKETS_PEOPLE)
		write_beside(r, w, ticket, buf_str(&r->row));
	return ingest_item_end(r->in, e);
}

static bool
is_learned(enum pass pass, enum tickets_table is)
{
	return pass == PASS_PEOPLE
		   ? is == TICKETS_PEOPLE || is == TICKETS_TICKETS
		   : is == TICKETS_PARTS;
}

static int
take_rows(
    struct reader *r, struct table *t, enum tickets_table is, struct err *e)
{
	struct table_row row;
	enum table_result got = TABLE_END;
	struct err why;
	int rc = 0;

	while (rc == 0 && (got = table_next(t, &row, &why)) > 0) {
		if (r->pass != PASS_ROWS && got == TABLE_ROW)
			learn(r, t, is, &row);
		else if (r->pass != PASS_ROWS)
			continue;
		else if (got == TABLE_BAD)
			rc = ingest_reject(r->in, row.at, why.msg, row.text, e);
		else if (is == TICKETS_SILENT)
			sink_sum(r->in->sink, "rows without a message", 1);
		else
			rc = emit(r, t, is, &row, e);
	}
	if (rc == 0 && got == TABLE_FAIL && r->pass == PASS_ROWS)
		rc = ingest_reject(r->in, STR(""), why.msg, STR(""), e);
	return rc;
}

/* 0; TREE_SOURCE where the file is none of these tables; -1. */
static int
take_table(struct reader *r, struct input *file, bool alone, struct err *e)
{
	enum tickets_table is;
	struct err why;
	struct table *t = table_open(file, NULL, r->in->max_item, &why);
	int rc = 0;

	if (t == NULL)
		return r->pass != PASS_ROWS ? 0
					    : ingest_reject(r->in, STR("0"),
						  why.msg, STR(""), e);
	is = tell(r->form, t);
	/* Further tables of the same pipeline. */
	if (is == TICKETS_FOREIGN && !alone &&
	    place(t, "_fivetran_synced") != SIZE_MAX)
		is = TICKETS_SILENT;
	if (r->pass != PASS_ROWS && !is_learned(r->pass, is))
		rc = 0;
	else if (is == TICKETS_FOREIGN && !alone)
		rc = TREE_SOURCE;
	else
		rc = take_rows(r, t, is, e);
	table_close(t);
	return rc;
}

static void
reader_init(struct reader *r, struct ingest *in, const struct tickets_form *f)
{
	*r = (struct reader){ .in = in, .form = f, .pass = PASS_ROWS };
	r->people.name = str_of(f->people);
	r->people.arena = r->tickets.arena = &r->arena;
	buf_init(&r->path, PATH_BYTES);
	buf_init(&r->row, in->max_item);
}

static void
reader_release(struct reader *r)
{
	side_release(&r->people);
	side_release(&r->tickets);
	map_release(&r->words);
	map_release(&r->told);
	buf_release(&r->path);
	buf_release(&r->row);
	arena_release(&r->arena);
}

int
tickets_read(struct ingest *in, struct input *file,
    const struct tickets_form *f, struct err *e)
{
	struct reader r;
	int rc;

	reader_init(&r, in, f);
	rc = take_table(&r, file, true, e);
	reader_release(&r);
	return rc;
}

/* "dir/Ticket_Comment_data.csv" is "ticket_comment". */
static struct str
table_name(const char *path, char out[ID_BYTES])
{
	struct str s = str_of(path);
	ptrdiff_t at = str_rchr(s, '/');
	static const char *const ends[] = { "_data", "_history", NULL };
	size_t n = 0;

	s = str_sub(s, (size_t)(at + 1), s.n);
	at = str_rchr(s, '.');
	if (at <= 0 || (!str_ends_nocase(s, STR(".csv")) &&
			   !str_ends_nocase(s, STR(".tsv"))))
		return STR_NONE;
	s = str_sub(s, 0, (size_t)at);
	for (size_t i = 0; ends[i] != NULL; i++)
		if (str_ends_nocase(s, str_of(ends[i])))
			s.n -= strlen(ends[i]);
	for (; n < s.n && n < ID_BYTES; n++)
		out[n] = ascii_lower(s.p[n]);
	return str_make(out, n);
}

int
tickets_sniff_tree(
    const struct tickets_form *f, const char *const *names, size_t n)
{
	char name[ID_BYTES];

	for (size_t i = 0; i < n; i++) {
		struct str s = table_name(names[i], name);

		for (size_t k = 0; s.n > 0 && f->parts[k] != NULL; k++)
			if (str_is(s, f->parts[k]))
				return 85;
	}
	return 0;
}

static int
take_file(struct reader *r, struct tree *tree, const char *name, struct err *e)
{
	const char *outer = r->in->file;
	struct input *input;
	struct utf16 text;
	struct err why;
	char as[ID_BYTES];
	int rc = 0;

	if (table_name(name, as).n == 0)
		return r->pass == PASS_ROWS ? TREE_SOURCE : 0;
	buf_reset(&r->path);
	buf_printf(&r->path, "%s/%s", tree_name(tree), name);
	r->in->file = buf_cstr(&r->path);
	input = tree_input(tree, r->in->max_item, &why);
	if (input != NULL &&
	    utf16_open(&text, input, r->in->max_item, &why) == 0) {
		r->in->input = input;
		rc = take_table(r, text.input, false, e);
		r->in->input = NULL;
		utf16_close(&text);
	} else if (r->pass == PASS_ROWS) {
		rc = ingest_reject(r->in, STR("0"), why.msg, STR(""), e);
	}
	input_close(input);
	r->in->file = outer;
	return rc;
}

static int
walk(struct reader *r, struct tree *tree, const char **other, struct err *e)
{
	int rc = 0;

	while (rc == 0 && (rc = ingest_tree_next(r->in, tree,
			       r->pass != PASS_ROWS, other, e)) > 0)
		rc = take_file(r, tree, *other, e);
	return rc;
}

int
tickets_read_tree(struct ingest *in, struct tree *tree,
    const struct tickets_form *f, void **kept, const char **other,
    struct err *e)
{
	struct reader *r = *kept;

	if (r == NULL) {
		*kept = r = xcalloc(1, sizeof(*r));
		reader_init(r, in, f);
		for (r->pass = PASS_PEOPLE; r->pass < PASS_ROWS; r->pass++)
			if (walk(r, tree, other, e) < 0 ||
			    tree_rewind(tree, e) < 0)
				return -1;
	}
	return walk(r, tree, other, e);
}

void
tickets_release_tree(void *kept)
{
	if (kept == NULL)
		return;
	reader_release(kept);
	free(kept);
}
