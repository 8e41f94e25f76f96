#ifndef KITH_SOURCE_TABLE_ROW_H
#define KITH_SOURCE_TABLE_ROW_H
/*
 * What the parts of a table share: the window on the file, and the row that is
 * being cut out of it.
 */
#include "core/arena.h"
#include "core/buf.h"
#include "source/table/table.h"

enum {
	TABLE_STEP = 32 << 10, /* bytes whose marks are held */
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
	size_t header; /* where in it the first row begins */
	size_t row; /* where in it the row in hand begins */
	size_t scanned; /* bytes of it whose marks are taken */
	size_t marked; /* where those that are held begin */
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
	char at[STR_COUNT];
};

enum cut { CUT_ROW, CUT_MORE, CUT_OPEN, CUT_NOTHING };

/* A row that begins at this byte of the window; marks are taken from it on
 * where they are not yet. */
void tablerow_begin(struct table *t, size_t at);
/* Takes the marks from this byte on anew. */
void tablerow_scan_from(struct table *t, size_t at);
/* The next row that is no empty line: 0 with how it ended, -1. */
int tablerow_find(struct table *t, enum cut *out, struct err *e);
/* What a row that does not end has swallowed, and on from behind it. */
enum table_result
tablerow_give_up(struct table *t, struct table_row *row, struct err *e);
/* More bytes into the window: 1, 0 at the end, -1. */
int tablerow_fill(struct table *t, struct err *e);

static inline bool
table_is_blank(const struct table *t, char c)
{
	return c == ' ' || (c == '\t' && t->separator != '\t');
}

#endif
