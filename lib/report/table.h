#ifndef KITH_REPORT_TABLE_H
#define KITH_REPORT_TABLE_H
/*
 * A report's figures as tables: built once, written as text with bars for a
 * terminal, JSON lines, CSV, or a page with charts.  A cell is typed, so every
 * writer shows a duration or a time in its own proper way and no figure is
 * formatted twice.
 */
#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/time.h"

enum cell_kind {
	CELL_TEXT, /* what people wrote: cut to fit, escaped */
	CELL_NAME, /* ids, keys, channel names: never cut */
	CELL_COUNT, /* a whole number */
	CELL_DURATION, /* microseconds; JSON and CSV: seconds */
	CELL_HOURS, /* business time: the same, for people in hours and never
		       in days, which would be read as eight hours or as 24 */
	CELL_TIME, /* an instant */
	CELL_LIST, /* ids behind a figure: JSON a list, text one a line */
};

/* The value of a CELL_COUNT or CELL_DURATION that there is not. */
#define CELL_NONE INT64_MIN

enum column_flags {
	COLUMN_BAR = 1, /* drawn as a bar too */
	COLUMN_TICK =
	    2, /* a mark on the chart's bar: a p90 beside its median */
	COLUMN_WARN = 4, /* shown as something to act on */
	COLUMN_HIDDEN = 8, /* not in text and pages: JSON and CSV only */
};

struct column {
	const char *key; /* JSON and CSV name: "firstReplyMedian" */
	const char *title; /* for people: "first reply" */
	enum cell_kind kind;
	unsigned flags;
};

struct cell {
	int64_t n; /* count, duration, instant */
	struct str s; /* text, name */
	const struct str *list; /* CELL_LIST: ids */
	const struct str *notes; /* for people, one behind each id; or NULL */
	size_t list_n;
};

enum { TABLE_COLUMNS = 32 };

/* What a page draws above a table. */
enum chart {
	CHART_NONE,
	CHART_TILES, /* one row: each cell as a headline figure */
	CHART_BARS, /* the first column against the bar column, ticks on it */
	CHART_LANES, /* times along lanes: see table.lane, table.side */
};

struct table {
	const char *name; /* "channels" */
	const char *title; /* "How each channel answers" */
	const char *about; /* the definition, one paragraph */
	const char *empty; /* said when there are no rows */
	enum chart chart;
	size_t lane, side; /* CHART_LANES: the columns that tell the lane, and
			      the side ("in", "out") */
	bool list; /* text: its first column, a cell a line, and nothing else */
	struct column columns[TABLE_COLUMNS];
	size_t column_n;
	struct cell *cells; /* row by row */
	size_t row_n, cell_cap;
	struct arena arena; /* memory of the cells' texts */
};

/* The table's strings are borrowed for ever. */
struct table *table_new(
    const char *name, const char *title, const char *about, const char *empty);
void table_free(struct table *t);
/* Adds a column; before the first row. */
void table_column(struct table *t, const char *key, const char *title,
    enum cell_kind kind, unsigned flags);
/* Starts a row and returns its cells, all absent; column order. */
struct cell *table_row(struct table *t);
/* A cell for what is there. */
struct cell cell_count(int64_t n);
struct cell cell_text(struct table *t, struct str s);
/* Numbers: counts, durations, hours. */
bool cell_is_number(enum cell_kind kind);
/* A number for people: "12", "3d 4h", "187h 10m"; nothing where absent. */
void cell_number(enum cell_kind kind, int64_t n, struct buf *out);

struct table_style {
	bool color; /* escape sequences */
	bool define; /* the definitions below each table */
	int width; /* columns of the terminal; 0: no terminal */
};

/*
 * On a terminal a table that is too wide for it loses its empty columns, then
 * its bars, then ends of its texts; where that is not enough, each row stands
 * upright.  Without one texts are cut at 48 columns.
 */
void
table_text(const struct table *t, const struct table_style *s, struct buf *out);
/* One JSON object a row, with "report" first. */
void table_json(const struct table *t, struct buf *out);
/* RFC 4180, with a header; cells that a spreadsheet would run as a formula
 * get an apostrophe, numbers and E.164 excepted. */
void table_csv(const struct table *t, struct buf *out);
/*
 * Prometheus text exposition (0.0.4): a gauge for each number, named
 * kith_TABLE_COLUMN (durations in _seconds), the names as labels.  Tables of
 * people or messages are refused: a label must not be somebody's text.
 */
int table_prometheus(const struct table *t, struct buf *out, struct err *e);

#endif
