/*
 * Separated values with a header, by libcsv, which no other file names: a row
 * is an object whose keys are the columns.  Blanks around an unquoted cell
 * are not part of it; empty lines are no rows.
 */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/map.h"
#include "source/csvshape.h"
#include "source/source.h"
#include "text/unicode.h"

enum {
	CSV_CELLS = 16384, /* of a row, and columns of a header */
	CSV_GROW = 4096, /* libcsv's step for a long cell */
	CSV_IN_CELL = 2, /* libcsv's pstate within a cell */
};

struct table {
	struct ingest *in;
	struct arena arena; /* the columns' names */
	struct str *columns;
	size_t column_count;
	struct buf row, cell;
	size_t *ends; /* of each cell in row */
	size_t cells;
	const char *charset; /* of what is no UTF-8 */
	uint64_t rows;
	bool over; /* the row is past a ceiling */
	int rc;
	struct err *e;
};

/* Ceiling of one cell, for the allocator that libcsv calls. */
static _Thread_local size_t cell_max;

static void *
grow_cell(void *p, size_t n)
{
	return n > cell_max ? NULL : realloc(p, n);
}

static struct str
cell_at(const struct table *t, size_t i)
{
	size_t from = i == 0 ? 0 : t->ends[i - 1];

	return str_sub(buf_str(&t->row), from, t->ends[i] - from);
}

/* The cell in UTF-8: as it is, or decoded from the file's charset. */
static struct str
decode(struct table *t, struct str s)
{
	if (str_is_utf8(s))
		return s;
	buf_reset(&t->cell);
	if (charset_decode(s, str_of(t->charset), &t->cell) < 0)
		return s;
	return buf_str(&t->cell);
}

/* Columns without a name get "column 3", a name that came before " (2)". */
static void
read_header(struct table *t)
{
	struct map seen = { 0 };
	bool fresh;

	t->columns = arena_calloc(&t->arena, t->cells, sizeof(*t->columns));
	for (size_t i = 0; i < t->cells; i++) {
		struct str name =
		    arena_dup(&t->arena, decode(t, cell_at(t, i)));
		struct str own;
		uint64_t n;

		if (name.n == 0)
			name = arena_printf(&t->arena, "column %zu", i + 1);
		own = name;
		n = *map_put(&seen, name, &fresh);
		while (!fresh) {
			own = arena_printf(&t->arena, "%.*s (%ju)",
			    STR_ARG(name), (uintmax_t)(++n + 1));
			map_put(&seen, own, &fresh);
			*map_get(&seen, name) = n;
		}
		t->columns[t->column_count++] = own;
	}
	map_release(&seen);
}

static void
write_cell(struct table *t, struct writer *w, size_t i)
{
	char name[32];

	if (i < t->column_count) {
		write_key_str(w, t->columns[i]);
	} else {
		snprintf(name, sizeof(name), "column %zu", i + 1);
		write_key(w, name);
	}
	write_str(w, decode(t, cell_at(t, i)));
}

/* Rows wider or narrower than the header are kept, and say so. */
static int
emit_row(struct table *t, struct str at)
{
	struct writer *w = ingest_item(t->in, at);

	write_object(w);
	for (size_t i = 0; i < t->cells; i++)
		write_cell(t, w, i);
	write_object_end(w);
	if (t->cells != t->column_count) {
		run_sum(t->in->run, "ragged rows", 1);
		write_key(w, "ragged");
		write_object(w);
		write_member_int(w, "cells", (int64_t)t->cells);
		write_member_int(w, "columns", (int64_t)t->column_count);
		write_object_end(w);
	}
	return ingest_item_end(t->in, t->e);
}

static void
take_cell(void *p, size_t n, void *arg)
{
	struct table *t = arg;

	if (t->cells == CSV_CELLS || buf_add(&t->row, p, n) < 0) {
		t->over = true;
		return;
	}
	t->ends[t->cells++] = t->row.n;
}

static void
take_row(int end, void *arg)
{
	struct table *t = arg;
	char at[32];

	(void)end;
	if (t->rc != 0)
		return;
	if (t->columns == NULL && !t->over) {
		read_header(t);
	} else {
		snprintf(at, sizeof(at), "#%ju", (uintmax_t)++t->rows);
		t->rc = t->over
			    ? ingest_reject(t->in, str_of(at),
				  "a row of too many cells or bytes: raise the "
				  "ceiling with --max-item",
				  buf_str(&t->row), t->e)
			    : emit_row(t, str_of(at));
	}
	t->cells = 0;
	t->over = false;
	buf_reset(&t->row);
}

/* What libcsv could not finish: the rest of the file. */
static int
reject_rest(struct table *t, struct csv_parser *p)
{
	char at[32];
	bool large = csv_error(p) == CSV_ENOMEM;
	struct str cell = { (const char *)p->entry_buf, p->entry_pos };

	if (cell.p != NULL)
		buf_add_str(&t->row, str_sub(cell, 0, 512));
	snprintf(at, sizeof(at), "#%ju", (uintmax_t)t->rows + 1);
	return ingest_reject(t->in, str_of(at),
	    large ? "a cell larger than --max-item, maybe by a quote that is "
		    "not closed: the rest of the file is not read"
		  : "a quote in this row is not closed: the file ends in it",
	    buf_str(&t->row), t->e);
}

static int
parse(struct table *t, struct csv_parser *p, struct str bytes)
{
	if (csv_parse(p, bytes.p, bytes.n, take_cell, take_row, t) != bytes.n)
		return t->rc != 0 ? t->rc : reject_rest(t, p) < 0 ? -1 : 1;
	return t->rc;
}

/* The last row.  A quote still open has swallowed rows: they are not one. */
static int
finish(struct table *t, struct csv_parser *p)
{
	if (p->pstate == CSV_IN_CELL && p->quoted)
		return reject_rest(t, p);
	if (csv_fini(p, take_cell, take_row, t) < 0)
		return reject_rest(t, p);
	return t->rc;
}

/* Blocks of the file through the parser; `skip` bytes of it go first. */
static int
parse_file(
    struct table *t, struct csv_parser *p, struct input *file, size_t skip)
{
	struct str block;
	struct err why;
	int got, rc = 0;

	while (rc == 0 && (got = input_block(file, &block, &why)) != 0) {
		size_t n = got > 0 && skip < block.n ? skip : block.n;

		if (got < 0)
			return ingest_reject(
			    t->in, STR(""), why.msg, STR(""), t->e);
		skip -= n;
		rc = parse(t, p, str_sub(block, n, block.n));
	}
	if (rc == 0)
		rc = finish(t, p);
	return rc < 0 ? -1 : 0;
}

/* UTF-16 and charsets that do not extend ASCII: the file as a whole. */
static bool
needs_recoding(const char *charset)
{
	struct str s = str_of(charset);

	return str_starts_nocase(s, STR("UTF-16")) ||
	       str_starts_nocase(s, STR("UTF-32")) ||
	       str_starts_nocase(s, STR("ISO-2022"));
}

static int
parse_recoded(struct table *t, struct csv_parser *p, struct input *file)
{
	struct buf raw, utf8;
	struct str block;
	struct csv_shape shape;
	int rc;

	buf_init(&raw, t->in->max_item);
	buf_init(&utf8, 2 * t->in->max_item + BUF_PAD);
	while ((rc = input_block(file, &block, t->e)) > 0)
		buf_add_str(&raw, block);
	if (rc == 0 && (raw.over || charset_decode(buf_str(&raw),
					str_of(t->charset), &utf8) < 0)) {
		rc = ingest_reject(t->in, STR("0"),
		    "a table in UTF-16 or ISO-2022 that is larger than "
		    "--max-item",
		    buf_str(&raw), t->e);
	} else if (rc == 0) {
		shape = csv_shape(buf_str(&utf8), true);
		csv_set_delim(p, (unsigned char)shape.separator);
		rc = parse(t, p, str_sub(buf_str(&utf8), shape.skip, utf8.n));
		if (rc == 0)
			rc = finish(t, p);
	}
	buf_release(&raw);
	buf_release(&utf8);
	return rc < 0 || t->rc < 0 ? -1 : 0;
}

static int
csv_read(struct ingest *in, struct input *file, struct err *e)
{
	struct table t = { .in = in, .e = e };
	struct csv_parser p;
	struct csv_shape shape;
	struct str head;
	int rc;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	t.charset = charset_guess(head);
	shape = csv_shape(head, head.n < SOURCE_HEAD);
	if (csv_init(&p, 0) != 0)
		return err_set(e, "libcsv does not start");
	cell_max = in->max_item;
	csv_set_realloc_func(&p, grow_cell);
	csv_set_blk_size(&p, CSV_GROW);
	csv_set_delim(&p, (unsigned char)shape.separator);
	buf_init(&t.row, in->max_item);
	buf_init(&t.cell, 4 * in->max_item);
	t.ends = xcalloc(CSV_CELLS, sizeof(*t.ends));
	rc = needs_recoding(t.charset) ? parse_recoded(&t, &p, file)
				       : parse_file(&t, &p, file, shape.skip);
	csv_free(&p);
	free(t.ends);
	buf_release(&t.row);
	buf_release(&t.cell);
	arena_release(&t.arena);
	return rc;
}

/* A header's cells are short and mostly not empty. */
static bool
header_fits(struct str head, const struct csv_shape *shape)
{
	struct str rest = str_sub(head, shape->skip, head.n);
	struct str line = str_line(&rest);

	return str_trim(line).n > 0 && line.n / shape->columns < 100 &&
	       line.p[0] != '{' && line.p[0] != '[' && line.p[0] != '<';
}

static int
csv_sniff(const char *base_name, struct str head)
{
	struct str base = str_of(base_name);
	bool named = str_ends_nocase(base, STR(".csv")) ||
		     str_ends_nocase(base, STR(".tsv")) ||
		     str_ends_nocase(base, STR(".tab"));
	struct csv_shape shape;

	if (head.n >= 2 && (memcmp(head.p, "\xff\xfe", 2) == 0 ||
			       memcmp(head.p, "\xfe\xff", 2) == 0))
		return named ? 70 : str_ends_nocase(base, STR(".txt")) ? 30 : 0;
	if (memchr(head.p, '\0', head.n) != NULL)
		return 0;
	shape = csv_shape(head, head.n < SOURCE_HEAD);
	if (!header_fits(head, &shape))
		return 0;
	if (named)
		return shape.columns > 1 ? 70 : 30;
	/* Without a name that says so every row has to agree. */
	return shape.columns > 2 && shape.rows > 1 && shape.agree == shape.rows
		   ? 30
		   : 0;
}

const struct source_format source_csv = {
	.name = "csv",
	.about = "any table with a header, separated by , ; | or tab",
	.sniff = csv_sniff,
	.read = csv_read,
};
