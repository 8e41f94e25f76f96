#include "source/table.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/escape.h"
#include "core/map.h"
#include "source/csvshape.h"
#include "source/source.h"
#include "source/tablescan.h"
#include "text/unicode.h"

enum {
	SCAN_STEP = 32 << 10, /* bytes whose marks are held */
	PEEK_HEAD = 16 << 10, /* of a head, for the header alone */
	SYNC_ROW = 64 << 10, /* bytes of a row that may follow a broken one */
	SYNC_LONG = 4 << 10,
	SYNC_TRIES = 1000, /* long ones of them that are looked at */
};

/* A cell as it is cut; offsets from the row's first byte. */
struct cell {
	uint32_t from, to;
	bool quoted, pairs; /* quotes in it are doubled */
};

struct table {
	struct input *in; /* NULL: the window is all there is */
	size_t max_item;
	char separator;
	const char *charset; /* of what is no UTF-8 */
	bool ended; /* no more bytes behind the window */

	struct buf window;
	size_t row; /* where in it the row in hand begins */
	size_t scanned; /* bytes of it whose marks are taken */
	uint32_t *marks;
	size_t mark, mark_n;
	size_t skip_at; /* a mark that belongs to the one before */

	/* The row in hand. */
	struct cell *cells;
	size_t cell_n, cell_from, quote_to;
	bool in_quotes, closed, pairs, too_many, broken;
	size_t row_end;

	struct str *columns, *keys; /* keys: as JSON, with quotes and colon */
	struct str *first; /* the header's cells as they are written */
	struct str remarks; /* remarks before it */
	size_t column_n;
	struct str *views;
	bool in_window; /* views are of the window, which is UTF-8 */
	struct arena names, decoded;
	struct buf cell;
	uint64_t rows;
	bool lost; /* no row was found behind a broken one */
	unsigned tries; /* at finding a row behind a broken one */
	char at[32];
};

enum cut { CUT_ROW, CUT_MORE, CUT_OPEN, CUT_NOTHING };

static void
begin_row(struct table *t, size_t at)
{
	t->row = at;
	t->cell_n = 0;
	t->cell_from = 0;
	t->in_quotes = t->closed = t->pairs = false;
	t->too_many = t->broken = false;
}

/* Takes the marks from this byte on anew. */
static void
scan_from(struct table *t, size_t at)
{
	t->scanned = at;
	t->mark = t->mark_n = 0;
	t->skip_at = SIZE_MAX;
}

/* The next mark's place, SIZE_MAX where the window has no more. */
static size_t
next_mark(struct table *t)
{
	while (t->mark == t->mark_n) {
		size_t n = t->window.n - t->scanned;

		if (n == 0)
			return SIZE_MAX;
		if (n > SCAN_STEP)
			n = SCAN_STEP;
		t->mark = 0;
		t->mark_n = tablescan(t->window.p + t->scanned, n, t->separator,
		    (uint32_t)t->scanned, t->marks);
		t->scanned += n;
	}
	return t->marks[t->mark++];
}

static bool
is_blank(const struct table *t, char c)
{
	return c == ' ' || (c == '\t' && t->separator != '\t');
}

static bool
blank_between(const struct table *t, size_t from, size_t to)
{
	while (from < to && is_blank(t, t->window.p[from]))
		from++;
	return from == to;
}

static void
end_cell(struct table *t, size_t at)
{
	struct cell *c = &t->cells[t->cell_n];

	if (t->cell_n == TABLE_CELLS) {
		t->too_many = true;
	} else {
		*c = (struct cell){
			.from = (uint32_t)t->cell_from,
			.to = (uint32_t)(t->closed ? t->quote_to : at - t->row),
			.quoted = t->closed,
			.pairs = t->pairs,
		};
		t->cell_n++;
	}
	t->cell_from = at + 1 - t->row;
	t->closed = t->pairs = false;
}

/*
 * A quote within quotes: doubled, their end, or one of the text's.  One that
 * looks as if it opened a cell tells that these were never closed.  False
 * where what is behind it has to be read first.
 */
static bool
meet_quote(struct table *t, size_t at)
{
	const char *p = t->window.p;
	size_t n = t->window.n, i = at + 1;

	if (i < n && p[i] == '"') {
		t->pairs = true;
		t->skip_at = i;
		return true;
	}
	while (i < n && is_blank(t, p[i]))
		i++;
	if (i == n && !t->ended)
		return false;
	if (i == n || p[i] == t->separator || p[i] == '\n' || p[i] == '\r') {
		t->in_quotes = false;
		t->closed = true;
		t->quote_to = at - t->row;
	} else if (p[at - 1] == t->separator || p[at - 1] == '\n') {
		t->broken = true;
	}
	return true;
}

/* A line's end: the row's, unless the LF behind a CR is to be read first. */
static bool
meet_newline(struct table *t, size_t at)
{
	if (t->window.p[at] == '\r' && at + 1 == t->window.n && !t->ended)
		return false;
	end_cell(t, at);
	t->row_end = at + 1;
	if (t->window.p[at] == '\r' && at + 1 < t->window.n &&
	    t->window.p[at + 1] == '\n') {
		t->skip_at = at + 1;
		t->row_end++;
	}
	return true;
}

/* The end of the file: of a row without a newline, or of an open quote. */
static enum cut
meet_end(struct table *t)
{
	size_t n = t->window.n;

	if (t->in_quotes)
		return CUT_OPEN;
	if (t->row == n)
		return CUT_NOTHING;
	end_cell(t, n);
	t->row_end = n;
	return CUT_ROW;
}

/* Goes on with the row in hand as far as the window reaches. */
static enum cut
cut_row(struct table *t)
{
	size_t at;

	while ((at = next_mark(t)) != SIZE_MAX) {
		char c = t->window.p[at];
		bool enough = true;

		if (at == t->skip_at)
			continue;
		if (t->in_quotes) {
			if (c == '"')
				enough = meet_quote(t, at);
			if (t->broken)
				return CUT_OPEN;
		} else if (c == t->separator) {
			end_cell(t, at);
		} else if (c == '"') {
			if (!t->closed &&
			    blank_between(t, t->row + t->cell_from, at)) {
				t->in_quotes = true;
				t->cell_from = at + 1 - t->row;
			}
		} else if (meet_newline(t, at)) {
			return CUT_ROW;
		} else {
			enough = false;
		}
		if (!enough) {
			scan_from(t, at);
			return CUT_MORE;
		}
	}
	return t->ended ? meet_end(t) : CUT_MORE;
}

/* More bytes into the window: 1, 0 at the end, -1. */
static int
fill(struct table *t, struct err *e)
{
	struct str block;
	int got;

	if (t->row > 0) {
		t->window.n -= t->row;
		memmove(t->window.p, t->window.p + t->row, t->window.n);
		scan_from(t, t->scanned - t->row);
		t->row = 0;
	}
	got = input_block(t->in, &block, e);
	if (got > 0)
		buf_add_str(&t->window, block);
	if (got == 0)
		t->ended = true;
	return got;
}

/* Is the row nothing but a line's end and blanks? */
static bool
is_empty_line(const struct table *t)
{
	const struct cell *c = &t->cells[0];

	return t->cell_n == 1 && !c->quoted &&
	       blank_between(t, t->row + c->from, t->row + c->to);
}

/* The next row that is no empty line. */
static int
find_row(struct table *t, enum cut *out, struct err *e)
{
	for (;;) {
		enum cut cut = cut_row(t);

		if (cut == CUT_MORE && t->window.n - t->row > t->max_item)
			cut = CUT_OPEN;
		*out = cut;
		if (cut == CUT_MORE) {
			if (fill(t, e) < 0)
				return -1;
		} else if (cut == CUT_ROW && is_empty_line(t)) {
			begin_row(t, t->row_end);
		} else {
			return 0;
		}
	}
}

/* Behind the next newline from at on; 0 where there is none. */
static size_t
line_behind(const struct table *t, size_t at)
{
	const char *p = t->window.p + at;
	const char *lf = memchr(p, '\n', t->window.n - at);

	return lf == NULL ? 0 : at + (size_t)(lf - p) + 1;
}

/*
 * Where behind *from, the line that was looked at last, reading may go on: at
 * the first line that is a row as wide as the header.  0 where none is.
 */
static size_t
find_sync(struct table *t, size_t *from)
{
	size_t at = *from, end = t->window.n;
	bool ended = t->ended;

	while ((at = line_behind(t, at)) != 0 && t->tries < SYNC_TRIES) {
		enum cut cut;

		if (t->window.n > at + SYNC_ROW) {
			t->window.n = at + SYNC_ROW;
			t->ended = false;
		}
		begin_row(t, at);
		scan_from(t, at);
		cut = cut_row(t);
		t->window.n = end;
		t->ended = ended;
		if (cut == CUT_ROW && t->cell_n == t->column_n && !t->too_many)
			return at;
		if (cut == CUT_MORE && end < at + SYNC_ROW && !ended)
			return 0;
		if (cut != CUT_ROW || t->row_end - at > SYNC_LONG)
			t->tries++;
		*from = at;
	}
	return 0;
}

/* The same with as many bytes as a row may have.  0, or -1. */
static int
seek_sync(struct table *t, size_t *row, size_t *to, struct err *e)
{
	size_t from = t->row, start = t->row;

	while ((*to = find_sync(t, &from)) == 0 && !t->ended &&
	       t->tries < SYNC_TRIES && t->window.n - start <= t->max_item) {
		begin_row(t, start);
		from -= start;
		if (fill(t, e) < 0)
			return -1;
		start = t->row;
	}
	*row = start;
	return 0;
}

/* What a row that does not end has swallowed, and on from behind it. */
static enum table_result
give_up_row(struct table *t, struct table_row *row, struct err *e)
{
	bool large = t->window.n - t->row > t->max_item;
	size_t from, to;

	if (seek_sync(t, &from, &to, e) < 0)
		return TABLE_FAIL;
	t->lost = to == 0;
	if (t->lost)
		to = t->window.n;
	row->text = str_make(t->window.p + from, to - from);
	begin_row(t, to);
	scan_from(t, to);
	if (t->lost && !t->ended)
		err_set(e, "a row larger than --max-item, or a quote in it is "
			   "not closed: the rest of the file is not read");
	else if (t->lost)
		err_set(e, "a quote in this row is not closed: the file ends "
			   "in it");
	else if (large)
		err_set(e, "a row larger than --max-item, or a quote in it is "
			   "not closed: on with the next line that is as wide "
			   "as the header");
	else
		err_set(e, "a quote in this row is not closed: on with the "
			   "next line that is as wide as the header");
	return TABLE_BAD;
}

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

static struct str
bytes_of(struct table *t, const struct cell *c)
{
	char *p = t->window.p + t->row + c->from;
	size_t n = c->to - c->from;

	if (c->quoted)
		return c->pairs ? undouble(p, n) : str_make(p, n);
	while (n > 0 && is_blank(t, p[n - 1]))
		n--;
	while (n > 0 && is_blank(t, p[0])) {
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

	if (str_is_utf8(s))
		return s;
	if (str_eq_nocase(str_of(charset), STR("UTF-8")))
		charset = charset_guess(s);
	buf_reset(&t->cell);
	if (charset_decode(s, str_of(charset), &t->cell) < 0)
		return s;
	return arena_dup(&t->decoded, buf_str(&t->cell));
}

static void
view_cells(struct table *t)
{
	struct str all = str_make(t->window.p + t->row, t->row_end - t->row);
	bool utf8 = str_is_utf8(all);

	arena_reset(&t->decoded);
	for (size_t i = 0; i < t->cell_n; i++) {
		struct str s = bytes_of(t, &t->cells[i]);

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
	begin_row(t, t->row_end);
	if (find_row(t, &cut, e) < 0)
		return TABLE_FAIL;
	if (cut == CUT_NOTHING)
		return TABLE_END;
	t->rows++;
	row->at = str_make(t->at,
	    (size_t)snprintf(t->at, sizeof(t->at), "#%ju", (uintmax_t)t->rows));
	if (cut == CUT_OPEN) {
		enum table_result rc = give_up_row(t, row, e);

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
	view_cells(t);
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

/* Does one of eight bytes need an escape?  May say so of none where one does
 * before it; UTF-8 is taken as it is. */
static inline bool
any_special(uint64_t w)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t quote = w ^ ones * '"', back = w ^ ones * '\\';

	return ((((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) |
		    ((back - ones) & ~back)) &
		   (ones * 0x80)) != 0;
}

/*
 * Copies what needs no escape, with up to 7 bytes behind it read and written
 * besides; false where something does.
 */
static inline bool
copy_plain(char *to, const char *p, size_t n)
{
	const uint64_t blanks = UINT64_C(0x2020202020202020);
	uint64_t w;

	for (; n >= 8; n -= 8, p += 8, to += 8) {
		memcpy(&w, p, 8);
		if (any_special(w))
			return false;
		memcpy(to, &w, 8);
	}
	if (n == 0)
		return true;
	memcpy(&w, p, 8);
	memcpy(to, &w, 8);
	/* What stands behind it may be anything. */
	w = (w & ((UINT64_C(1) << 8 * n) - 1)) | blanks << 8 * n;
	return !any_special(w);
}

/* "name":"value", with a comma behind it. */
static void
put_cell(struct table *t, struct buf *out, size_t i, struct str s)
{
	struct str key = i < t->column_n ? t->keys[i] : STR("");
	char *to = buf_room(out, key.n + s.n + 40), *from = to;

	if (to == NULL)
		return;
	if (i < t->column_n) {
		memcpy(to, key.p, key.n);
		to += key.n;
	} else {
		to += snprintf(to, 32, "\"column %zu\":\"", i + 1);
	}
	if (t->in_window && copy_plain(to, s.p, s.n)) {
		to += s.n;
		*to++ = '"';
		*to++ = ',';
		out->n += (size_t)(to - from);
		return;
	}
	out->n += (size_t)(to - from);
	json_escape(out, s);
	buf_add(out, "\",", 2);
}

void
table_write(
    struct table *t, const struct table_row *row, struct writer *w, bool all)
{
	struct buf *out = w->out;

	write_raw(w, STR("{"));
	for (size_t i = 0; i < row->n; i++)
		if (all || row->cells[i].n > 0)
			put_cell(t, out, i, row->cells[i]);
	/* The last comma goes, where there is one. */
	if (!out->over && out->p[out->n - 1] == ',')
		buf_cut(out, out->n - 1);
	buf_add_char(out, '}');
}

static struct table *
make(struct input *in, size_t max_item)
{
	struct table *t = xcalloc(1, sizeof(*t));

	t->in = in;
	t->max_item = max_item;
	/* A row, the block that came with its end, and what decoding adds. */
	buf_init(&t->window, 4 * max_item + 2 * STREAM_BLOCK);
	buf_init(&t->cell, 8 * max_item + 256);
	t->marks = xcalloc(SCAN_STEP, sizeof(*t->marks));
	t->cells = xcalloc(TABLE_CELLS, sizeof(*t->cells));
	t->views = xcalloc(TABLE_CELLS, sizeof(*t->views));
	scan_from(t, 0);
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
		got = fill(t, e);
	t->ended = true;
	return got < 0 ? -1 : recode(t, e);
}

/* The first row; a table whose first row does not end has no columns. */
static int
read_header(struct table *t, size_t skip, struct err *e)
{
	enum cut cut;

	begin_row(t, skip);
	scan_from(t, skip);
	if (find_row(t, &cut, e) < 0)
		return -1;
	if (cut != CUT_ROW) {
		t->row_end = t->row;
		scan_from(t, t->row);
		return 0;
	}
	view_cells(t);
	name_columns(t);
	make_keys(t);
	return 0;
}

/* skip is in the window's first bytes already, or comes with the first. */
static int
start(struct table *t, struct str head, bool whole, struct err *e)
{
	struct csv_shape shape;

	if (t->charset == NULL)
		t->charset = charset_guess(head);
	if (needs_recoding(t->charset)) {
		if ((t->in == NULL ? recode(t, e) : read_all(t, e)) < 0)
			return -1;
		head = str_sub(buf_str(&t->window), 0, SOURCE_HEAD);
		whole = head.n == t->window.n;
	}
	shape = csv_shape(head, whole);
	t->separator = shape.separator;
	while (t->window.n < shape.skip && !t->ended)
		if (fill(t, e) < 0)
			return -1;
	t->remarks = arena_dup(
	    &t->names, str_sub(buf_str(&t->window), shape.skip - shape.preamble,
			   shape.preamble));
	return read_header(t, shape.skip, e);
}

struct table *
table_open(
    struct input *in, const char *charset, size_t max_item, struct err *e)
{
	struct table *t = make(in, max_item);
	struct str head;

	t->charset = charset;
	if (input_peek(in, SOURCE_HEAD, &head, e) < 0 ||
	    start(t, head, head.n < SOURCE_HEAD, e) < 0) {
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
	if (head.n == 0 || strchr("{[<", head.p[0]) != NULL)
		return NULL;
	t = make(NULL, SOURCE_HEAD);
	buf_add_str(&t->window, head);
	t->ended = true;
	t->charset = charset;
	if (start(t, head, whole, &e) < 0 || t->column_n == 0) {
		table_close(t);
		return NULL;
	}
	return t;
}
