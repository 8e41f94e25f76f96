/*
 * Rows of a table, cut by the marks (separators, quotes, line ends) in a window
 * on its file.
 */
#include "source/table/row.h"

#include "source/table/scan.h"

enum {
	SYNC_ROW = 64 << 10, /* bytes of a row that may follow a broken one */
	SYNC_LONG = 4 << 10,
	SYNC_TRIES = 1000, /* long ones of them that are looked at */
};

void
tablerow_begin(struct table *t, size_t at)
{
	t->row = at;
	t->cell_n = 0;
	t->cell_from = 0;
	t->in_quotes = t->closed = t->pairs = false;
	t->too_many = t->broken = false;
}

void
tablerow_scan_from(struct table *t, size_t at)
{
	t->scanned = t->marked = at;
	t->mark = t->mark_n = 0;
	t->skip_at = SIZE_MAX;
}

/* The same where those that are held may reach so far back: rows that are
 * looked at one after the other need no new look at all behind each. */
static void
scan_again_from(struct table *t, size_t at)
{
	size_t low = 0, high = t->mark_n;

	if (at < t->marked || at > t->scanned) {
		tablerow_scan_from(t, at);
		return;
	}
	while (low < high) {
		size_t i = low + (high - low) / 2;

		if (t->marks[i] < at)
			low = i + 1;
		else
			high = i;
	}
	t->mark = low;
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
		if (n > TABLE_STEP)
			n = TABLE_STEP;
		t->mark = 0;
		t->marked = t->scanned;
		t->mark_n = tablescan(t->window.p + t->scanned, n, t->separator,
		    (uint32_t)t->scanned, t->marks);
		t->scanned += n;
	}
	return t->marks[t->mark++];
}

static bool
blank_between(const struct table *t, size_t from, size_t to)
{
	while (from < to && table_is_blank(t, t->window.p[from]))
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
	while (i < n && table_is_blank(t, p[i]))
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
			tablerow_scan_from(t, at);
			return CUT_MORE;
		}
	}
	return t->ended ? meet_end(t) : CUT_MORE;
}

int
tablerow_fill(struct table *t, struct err *e)
{
	struct str block;
	int got;

	if (t->row > 0) {
		t->window.n -= t->row;
		memmove(t->window.p, t->window.p + t->row, t->window.n);
		tablerow_scan_from(t, t->scanned - t->row);
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

int
tablerow_find(struct table *t, enum cut *out, struct err *e)
{
	for (;;) {
		enum cut cut = cut_row(t);

		if (cut == CUT_MORE && t->window.n - t->row > t->max_item)
			cut = CUT_OPEN;
		*out = cut;
		if (cut == CUT_MORE) {
			if (tablerow_fill(t, e) < 0)
				return -1;
		} else if (cut == CUT_ROW && is_empty_line(t)) {
			tablerow_begin(t, t->row_end);
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
		tablerow_begin(t, at);
		scan_again_from(t, at);
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
		tablerow_begin(t, start);
		from -= start;
		if (tablerow_fill(t, e) < 0)
			return -1;
		start = t->row;
	}
	*row = start;
	return 0;
}

enum table_result
tablerow_give_up(struct table *t, struct table_row *row, struct err *e)
{
	bool large = t->window.n - t->row > t->max_item;
	size_t from, to;

	if (seek_sync(t, &from, &to, e) < 0)
		return TABLE_FAIL;
	t->lost = to == 0;
	if (t->lost)
		to = t->window.n;
	row->text = str_make(t->window.p + from, to - from);
	tablerow_begin(t, to);
	tablerow_scan_from(t, to);
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
