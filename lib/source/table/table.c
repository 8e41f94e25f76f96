#include "source/table/row.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/text/ascii.h"
#include "core/map.h"
#include "core/text/utf8.h"
#include "json/escape.h"
#include "source/item.h"
#include "source/table/header.h"
#include "source/table/shape.h"
#include "text/unicode.h"

enum {
	PEEK_HEAD = 16 << 10, /* of a head, for the header alone */
};

/* Doubled quotes become one, in place. */
static struct str
undouble(char *p, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '"' && i + 1 < n && p[i + 1] == '"')
			i++;
		p[to++] = p[i];
	}
	return str_make(p, to);
}

/* keep: the window stays as it is, since the row is read again. */
static struct str
bytes_of(struct table *t, const struct cell *c, bool keep)
{
	char *p = t->window.p + t->row + c->from;
	size_t n = c->to - c->from;

	if (c->quoted && c->pairs && keep)
		p = (char *)(uintptr_t)arena_dup(&t->decoded, str_make(p, n)).p;
	if (c->quoted)
		return c->pairs ? undouble(p, n) : str_make(p, n);
	while (n > 0 && table_is_blank(t, p[n - 1]))
		n--;
	while (n > 0 && table_is_blank(t, p[0])) {
		p++;
		n--;
	}
	return str_make(p, n);
}

/* From the file's charset; where the file seemed to be UTF-8 all along, from
 * what the cell looks like. */
static struct str
decode(struct table *t, struct str s)
{
	const char *charset = t->charset;

	if (utf8_is_valid(s))
		return s;
	if (str_eq_nocase(str_of(charset), STR("UTF-8")))
		charset = charset_guess(s);
	buf_reset(&t->cell);
	if (charset_decode(s, str_of(charset), &t->cell) < 0)
		return s;
	return arena_dup(&t->decoded, buf_str(&t->cell));
}

static void
view_cells(struct table *t, bool keep)
{
	struct str all = str_make(t->window.p + t->row, t->row_end - t->row);
	bool utf8 = utf8_is_valid(all);

	arena_reset(&t->decoded);
	for (size_t i = 0; i < t->cell_n; i++) {
		struct str s = bytes_of(t, &t->cells[i], keep);

		t->views[i] = utf8 ? s : decode(t, s);
	}
	t->in_window = utf8;
}

enum table_result
table_next(struct table *t, struct table_row *row, struct err *e)
{
	enum cut cut;

	*row = (struct table_row){ .cells = t->views };
	if (t->lost)
		return TABLE_END;
	tablerow_begin(t, t->row_end);
	if (tablerow_find(t, &cut, e) < 0)
		return TABLE_FAIL;
	if (cut == CUT_NOTHING)
		return TABLE_END;
	t->rows++;
	row->at = str_count(t->at, '#', t->rows);
	if (cut == CUT_OPEN) {
		enum table_result rc = tablerow_give_up(t, row, e);

		t->row_end = t->row;
		return rc;
	}
	row->text = str_make(t->window.p + t->row, t->row_end - t->row);
	row->n = t->cell_n;
	if (t->too_many) {
		err_set(e, "a row of more than %d cells", (int)TABLE_CELLS);
		return TABLE_BAD;
	}
	if (row->text.n > t->max_item) {
		err_set(e, "a row larger than --max-item");
		return TABLE_BAD;
	}
	view_cells(t, false);
	return TABLE_ROW;
}

/* Columns without a name get "column 3", a name that came before " (2)". */
static void
name_columns(struct table *t)
{
	struct map seen = { 0 };
	bool fresh;

	t->columns = arena_calloc(&t->names, t->cell_n, sizeof(*t->columns));
	t->first = arena_calloc(&t->names, t->cell_n, sizeof(*t->first));
	for (size_t i = 0; i < t->cell_n; i++) {
		struct str name = arena_dup(&t->names, t->views[i]), own;
		uint64_t n;

		t->first[i] = name;
		if (name.n == 0)
			name = arena_printf(&t->names, "column %zu", i + 1);
		own = name;
		n = *map_put(&seen, name, &fresh);
		while (!fresh) {
			own = arena_printf(&t->names, "%.*s (%ju)",
			    STR_ARG(name), (uintmax_t)(++n + 1));
			map_put(&seen, own, &fresh);
			*map_get(&seen, name) = n;
		}
		t->columns[i] = own;
	}
	t->column_n = t->cell_n;
	map_release(&seen);
}

static void
make_keys(struct table *t)
{
	t->keys = arena_calloc(&t->names, t->column_n, sizeof(*t->keys));
	for (size_t i = 0; i < t->column_n; i++) {
		buf_reset(&t->cell);
		buf_add_char(&t->cell, '"');
		json_escape(&t->cell, t->columns[i]);
		buf_add_z(&t->cell, "\":\"");
		t->keys[i] = arena_dup(&t->names, buf_str(&t->cell));
	}
}

size_t
table_columns(const struct table *t, const struct str **names)
{
	*names = t->columns;
	return t->column_n;
}

struct str
table_remarks(const struct table *t)
{
	return str_trim(t->remarks);
}

size_t
table_first(const struct table *t, const struct str **cells)
{
	*cells = t->first;
	return t->column_n;
}

/* What a column without a header is called by what is in it. */
static struct str
told_name(const struct header_guess *g, size_t i)
{
	if (i >= HEADER_COLUMNS)
		return STR("");
	if (g->classes[i] == CELL_EMAIL)
		return STR("E-mail");
	if (g->classes[i] == CELL_TEL)
		return STR("Phone");
	if ((int)i == g->name)
		return g->surname < 0 ? STR("Name") : STR("First Name");
	return (int)i == g->surname ? STR("Last Name") : STR("");
}

bool
table_without_header(struct table *t)
{
	struct header_guess g;
	struct str head =
	    str_sub(buf_str(&t->window), t->row, SOURCE_HEAD - t->row);

	if (t->rows > 0 || t->cell_n == 0 || t->row_end == t->row)
		return false;
	header_guess(head, t->separator, &g);
	if (!g.missing)
		return false;
	for (size_t i = 0; i < t->cell_n; i++)
		t->views[i] = told_name(&g, i);
	name_columns(t);
	make_keys(t);
	t->row_end = t->row;
	tablerow_scan_from(t, t->row);
	return true;
}

/* A window that takes all that there is, bytes, has no more cells than that. */
static struct table *
make(struct input *in, size_t max_item, size_t bytes)
{
	struct table *t = xcalloc(1, sizeof(*t));
	size_t cells = bytes < TABLE_CELLS ? bytes + 1 : TABLE_CELLS;

	t->in = in;
	t->max_item = max_item;
	/* A row, the block that came with its end, and what decoding adds. */
	buf_init(&t->window, 4 * max_item + 2 * STREAM_BLOCK);
	buf_init(&t->cell, 8 * max_item + 256);
	t->marks =
	    xcalloc(bytes < TABLE_STEP ? bytes : TABLE_STEP, sizeof(*t->marks));
	t->cells = xcalloc(cells, sizeof(*t->cells));
	t->views = xcalloc(cells, sizeof(*t->views));
	tablerow_scan_from(t, 0);
	return t;
}

void
table_close(struct table *t)
{
	if (t == NULL)
		return;
	free(t->marks);
	free(t->cells);
	free(t->views);
	buf_release(&t->window);
	buf_release(&t->cell);
	arena_release(&t->names);
	arena_release(&t->decoded);
	free(t);
}

/* Charsets that do not extend ASCII: the file as a whole. */
static bool
needs_recoding(const char *charset)
{
	struct str s = str_of(charset);

	return str_starts_nocase(s, STR("UTF-32")) ||
	       str_starts_nocase(s, STR("ISO-2022"));
}

/* The window's bytes decoded, where a cut is at their end that is left out. */
static int
recode(struct table *t, struct err *e)
{
	struct buf utf8;

	buf_init(&utf8, t->window.max);
	if (t->window.n > t->max_item ||
	    charset_decode(buf_str(&t->window), str_of(t->charset), &utf8) <
		0 ||
	    utf8.over) {
		buf_release(&utf8);
		return err_set(e,
		    "a table in %s that is larger than --max-item", t->charset);
	}
	buf_release(&t->window);
	t->window = utf8;
	return 0;
}

static int
read_all(struct table *t, struct err *e)
{
	int got = 1;

	while (got > 0 && t->window.n <= t->max_item)
		got = tablerow_fill(t, e);
	t->ended = true;
	return got < 0 ? -1 : recode(t, e);
}

/* The first row; a table whose first row does not end has no columns. */
static int
read_header(struct table *t, size_t skip, struct err *e)
{
	enum cut cut;

	tablerow_begin(t, skip);
	tablerow_scan_from(t, skip);
	if (tablerow_find(t, &cut, e) < 0)
		return -1;
	if (cut != CUT_ROW) {
		t->row_end = t->row;
		tablerow_scan_from(t, t->row);
		return 0;
	}
	view_cells(t, true);
	name_columns(t);
	make_keys(t);
	return 0;
}

/* What the first bytes of a file were taken for, which a dozen formats ask one
 * after the other: the last ones are kept. */
struct guess {
	size_t n;
	bool whole, shaped;
	const char *charset;
	struct csv_shape shape;
	char head[PEEK_HEAD];
};

static struct guess *
guess_of(struct str head, bool whole)
{
	static _Thread_local struct guess last;

	if (last.n == head.n && last.whole == whole &&
	    memcmp(last.head, head.p, head.n) == 0)
		return &last;
	last = (struct guess){
		.n = head.n, .whole = whole, .charset = charset_guess(head)
	};
	memcpy(last.head, head.p, head.n);
	return &last;
}

/* head may be recoded: then it is of the guessed charset. */
static struct csv_shape
shape_of(struct guess *g, struct str head, bool whole)
{
	if (g == NULL)
		return csv_shape(head, whole);
	if (!g->shaped)
		g->shape = csv_shape(head, whole);
	g->shaped = true;
	return g->shape;
}

/* skip is in the window's first bytes already, or comes with the first. */
static int
start(struct table *t, struct str head, bool whole, struct err *e)
{
	struct guess *guess = head.n > PEEK_HEAD || t->charset != NULL
				  ? NULL
				  : guess_of(head, whole);
	struct csv_shape shape;

	if (t->charset == NULL)
		t->charset =
		    guess != NULL ? guess->charset : charset_guess(head);
	if (needs_recoding(t->charset)) {
		if ((t->in == NULL ? recode(t, e) : read_all(t, e)) < 0)
			return -1;
		head = str_sub(buf_str(&t->window), 0, SOURCE_HEAD);
		whole = head.n == t->window.n;
	}
	shape = shape_of(guess, head, whole);
	t->separator = shape.separator;
	while (t->window.n < shape.skip && !t->ended)
		if (tablerow_fill(t, e) < 0)
			return -1;
	t->remarks = arena_dup(
	    &t->names, str_sub(buf_str(&t->window), shape.skip - shape.preamble,
			   shape.preamble));
	t->header = shape.skip;
	return read_header(t, t->header, e);
}

struct table *
table_open(
    struct input *in, const char *charset, size_t max_item, struct err *e)
{
	struct table *t = make(in, max_item, SIZE_MAX);
	struct str head;
	int more = input_peek(in, SOURCE_HEAD, &head, e);

	t->charset = charset;
	if (more < 0 ||
	    start(t, head, more == 0 && head.n < SOURCE_HEAD, e) < 0) {
		table_close(t);
		return NULL;
	}
	return t;
}

struct table *
table_peek(struct str head, const char *charset)
{
	struct table *t;
	struct err e;
	bool whole = head.n <= PEEK_HEAD;

	head = str_sub(head, 0, PEEK_HEAD);
	if (head.n == 0 || ascii_is_in(head.p[0], "{[<"))
		return NULL;
	/* A byte of no charset becomes more than three of UTF-8. */
	t = make(NULL, SOURCE_HEAD, 3 * head.n);
	buf_add_str(&t->window, head);
	t->ended = true;
	t->charset = charset;
	if (start(t, head, whole, &e) < 0 || t->column_n == 0) {
		table_close(t);
		return NULL;
	}
	return t;
}

void
table_look_as(struct table *t, const char *charset)
{
	struct err e;

	/* What it gave is given again. */
	t->charset = charset;
	(void)read_header(t, t->header, &e);
}
