#ifndef KITH_SOURCE_TABLE_TABLE_H
#define KITH_SOURCE_TABLE_TABLE_H
/*
 * Separated values with a header (RFC 4180 and what programs make of it): the
 * separator and the charset are told by content, quotes may hold newlines,
 * blanks around an unquoted cell are not part of it, empty lines are no rows.
 * A quote inside of quotes ends them only before a separator or a line's end.
 *
 * A row whose quote is never closed costs itself: reading goes on at the next
 * line that has as many cells as the header.
 *
 * Memory: one row, at most max_item bytes.  It is written here and not taken
 * from libcsv because ingest read 62 MB/s of contacts with that and reads 165
 * with this (37 columns, 170 bytes a row, all cells written).
 */
#include "core/io/stream.h"
#include "json/write.h"

enum { TABLE_CELLS = 16384 }; /* of a row, and columns of a header */

enum table_result {
	TABLE_END = 0,
	TABLE_ROW = 1,
	TABLE_BAD = 2, /* e says why, row->text has its (first) bytes */
	TABLE_FAIL = -1, /* reading failed */
};

struct table;

/* All slices live until the next call. */
struct table_row {
	const struct str *cells; /* in UTF-8 */
	size_t n;
	struct str at; /* "#3" */
	struct str text;
};

/*
 * in is borrowed; charset (borrowed for ever) is that of bytes that are no
 * UTF-8, NULL: it is guessed.  NULL on error.
 */
struct table *table_open(
    struct input *in, const char *charset, size_t max_item, struct err *e);
/* The header alone, of a file's first bytes; NULL where they are none. */
struct table *table_peek(struct str head, const char *charset);
/* The same table's header in another charset, which extends ASCII. */
void table_look_as(struct table *t, const char *charset);
void table_close(struct table *t);
/* The header's cells; what has no name is "column 3", what came before has
 * " (2)" behind it. */
size_t table_columns(const struct table *t, const struct str **names);
/* The same row as it is written: a table without a header begins with it. */
size_t table_first(const struct table *t, const struct str **cells);
/*
 * Before the first table_next: is the first row no header but data?  Then it
 * comes out as a row, and the columns are called "column 1" and so on, but for
 * those of mail addresses, telephone numbers and the names beside addresses.
 */
bool table_without_header(struct table *t);
/* A title or remarks that stand before the header and are no part of it. */
struct str table_remarks(const struct table *t);
enum table_result
table_next(struct table *t, struct table_row *row, struct err *e);
/* Writes the row as an object with the columns as names, without the cells
 * that are empty unless all is set. */
void table_write(
    struct table *t, const struct table_row *row, struct writer *w, bool all);

struct ingest;
/* Rejects the remarks, where there are any. */
int table_say_remarks(struct ingest *in, const struct table *t, struct err *e);
/*
 * A format's read: every row an item, {"column":"cell"}; wider and narrower
 * ones say so beside it.  Unless all is set, empty cells are left out, and
 * rows of nothing else.
 */
int table_ingest(struct ingest *in, struct input *file, const char *charset,
    bool all, struct err *e);

#endif
