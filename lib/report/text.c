/* Tables for people at a terminal. */
#include "report/table.h"

#include "core/text/terminal.h"
#include "text/unicode.h"

enum {
	BAR = 16,
	CUT = 48, /* of a text, without a terminal */
	CUT_FEW = 16, /* of a text, on a narrow one */
	CUT_LEAST = 8, /* the same, where gaps are narrow already */
	GAP = 2,
	FILL = 78,
};

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define RED "\033[31m"
#define BLUE "\033[34m"
#define OFF "\033[0m"

/* The cell's text as people read it, on one line. */
static void
cell_plain(const struct column *c, const struct cell *cell, struct buf *out)
{
	char text[TIME_SIZE];

	switch (c->kind) {
	case CELL_TEXT:
	case CELL_NAME:
		terminal_line(out, cell->s);
		return;
	case CELL_COUNT:
	case CELL_DURATION:
	case CELL_HOURS:
		cell_number(c->kind, cell->n, out);
		return;
	case CELL_TIME:
		if (cell->n == TIME_NONE)
			return;
		time_format(cell->n, text);
		text[10] = ' ';
		buf_add(out, text, 16);
		return;
	case CELL_LIST:
		if (cell->list_n > 0)
			buf_printf(out, "%zu", cell->list_n);
		return;
	}
}

/* What one table needs while it is laid out. */
struct layout {
	const struct table *t;
	const struct table_style *style;
	struct buf *out;
	struct buf cell;
	int width[TABLE_COLUMNS];
	int64_t most[TABLE_COLUMNS];
	bool filled[TABLE_COLUMNS]; /* some row has something in it */
	bool bars, all; /* the empty columns too */
	int gap;
};

static bool
shown(const struct layout *l, size_t column)
{
	const struct column *c = &l->t->columns[column];

	return !(c->flags & COLUMN_HIDDEN) && c->kind != CELL_LIST &&
	       (l->all || l->filled[column]);
}

static bool
has_bar(const struct layout *l, size_t column)
{
	return l->bars && (l->t->columns[column].flags & COLUMN_BAR);
}

/* The cell's text, cut to so many columns where it may be; its width. */
static int
cell_cut(struct layout *l, size_t column, const struct cell *cell, int most)
{
	const struct column *c = &l->t->columns[column];
	int width;

	buf_reset(&l->cell);
	cell_plain(c, cell, &l->cell);
	width = unicode_width(buf_str(&l->cell));
	if (c->kind != CELL_TEXT || width <= most)
		return width;
	buf_cut(&l->cell, unicode_fit(buf_str(&l->cell), most - 1));
	width = unicode_width(buf_str(&l->cell)) + 1;
	buf_add_z(&l->cell, "\xe2\x80\xa6");
	return width;
}

static int
cell_fit(struct layout *l, size_t column, const struct cell *cell)
{
	return cell_cut(l, column, cell, l->width[column]);
}

static void
measure(struct layout *l)
{
	const struct table *t = l->t;
	int cut = l->style->width == 0 ? CUT : l->style->width;

	for (size_t i = 0; i < t->column_n; i++) {
		l->width[i] = unicode_width(str_of(t->columns[i].title));
		for (size_t r = 0; r < t->row_n; r++) {
			const struct cell *cell =
			    &t->cells[r * t->column_n + i];
			int w = cell_cut(l, i, cell, cut);

			if (w > 0)
				l->filled[i] = true;
			if (w > l->width[i])
				l->width[i] = w;
			if (cell->n > l->most[i])
				l->most[i] = cell->n;
		}
	}
}

/* Columns of the terminal that a row takes. */
static int
row_width(const struct layout *l)
{
	int sum = -l->gap;

	for (size_t i = 0; i < l->t->column_n; i++)
		if (shown(l, i))
			sum += l->width[i] + l->gap +
			       (has_bar(l, i) ? BAR + l->gap : 0);
	return sum;
}

/* The widest column that can become narrower; column_n without one. */
static size_t
widest_text(const struct layout *l, int least)
{
	size_t widest = l->t->column_n;

	for (size_t i = 0; i < l->t->column_n; i++) {
		const struct column *c = &l->t->columns[i];

		if (c->kind == CELL_TEXT && shown(l, i) &&
		    l->width[i] > least &&
		    l->width[i] > unicode_width(str_of(c->title)) &&
		    (widest == l->t->column_n ||
			l->width[i] > l->width[widest]))
			widest = i;
	}
	return widest;
}

static void
cut_texts(struct layout *l, int least)
{
	size_t i;

	while (row_width(l) > l->style->width &&
	       (i = widest_text(l, least)) < l->t->column_n)
		l->width[i]--;
}

/* Makes the rows as narrow as the terminal; false where that cannot be. */
static bool
narrow(struct layout *l)
{
	int room = l->style->width;

	if (room == 0)
		return true;
	if (row_width(l) > room)
		l->all = false;
	if (row_width(l) > room)
		l->bars = false;
	cut_texts(l, CUT_FEW);
	if (row_width(l) > room)
		l->gap = 1;
	cut_texts(l, CUT_LEAST);
	return row_width(l) <= room;
}

static void
spaces(struct buf *out, int n)
{
	for (; n > 0; n--)
		buf_add_char(out, ' ');
}

/* A bar of eighths: value against the column's greatest. */
static void
bar(struct layout *l, int64_t value, int64_t most)
{
	static const char *const eighths[] = { "", "\xe2\x96\x8f",
		"\xe2\x96\x8e", "\xe2\x96\x8d", "\xe2\x96\x8c", "\xe2\x96\x8b",
		"\xe2\x96\x8a", "\xe2\x96\x89" };
	int64_t parts = 0;
	int drawn;

	if (value > 0 && most > 0)
		parts = (int64_t)((double)value / (double)most * BAR * 8 + 0.5);
	if (value > 0 && parts == 0)
		parts = 1;
	drawn = (int)(parts / 8);
	if (l->style->color)
		buf_add_z(l->out, BLUE);
	for (int i = 0; i < drawn; i++)
		buf_add_z(l->out, "\xe2\x96\x88");
	buf_add_z(l->out, eighths[parts % 8]);
	if (l->style->color)
		buf_add_z(l->out, OFF);
	spaces(l->out, BAR - drawn - (parts % 8 != 0));
}

static void
head(struct layout *l)
{
	const struct table *t = l->t;

	for (size_t i = 0; i < t->column_n; i++) {
		const struct column *c = &t->columns[i];
		int pad = l->width[i] - unicode_width(str_of(c->title));

		if (!shown(l, i))
			continue;
		if (l->style->color)
			buf_add_z(l->out, DIM);
		if (cell_is_number(c->kind))
			spaces(l->out, pad);
		buf_add_z(l->out, c->title);
		if (!cell_is_number(c->kind))
			spaces(l->out, pad);
		if (l->style->color)
			buf_add_z(l->out, OFF);
		spaces(l->out, l->gap + (has_bar(l, i) ? BAR + l->gap : 0));
	}
}

static void
row_cell(struct layout *l, size_t column, const struct cell *cell)
{
	const struct column *c = &l->t->columns[column];
	int pad = l->width[column] - cell_fit(l, column, cell);
	bool warn = (c->flags & COLUMN_WARN) && l->style->color &&
		    l->cell.n > 0 && (c->kind != CELL_COUNT || cell->n > 0);

	if (cell_is_number(c->kind))
		spaces(l->out, pad);
	if (warn)
		buf_add_z(l->out, RED);
	buf_add_str(l->out, buf_str(&l->cell));
	if (warn)
		buf_add_z(l->out, OFF);
	if (!cell_is_number(c->kind))
		spaces(l->out, pad);
	spaces(l->out, l->gap);
	if (has_bar(l, column)) {
		bar(l, cell->n, l->most[column]);
		spaces(l->out, l->gap);
	}
}

/* Takes off the spaces that stand behind the line's last text. */
static void
end_line(struct buf *out)
{
	while (out->n > 0 && out->p[out->n - 1] == ' ')
		buf_cut(out, out->n - 1);
	buf_add_char(out, '\n');
}

/* The ids behind a row's figures, one a line. */
static void
row_lists(struct layout *l, const struct cell *row)
{
	for (size_t i = 0; i < l->t->column_n; i++) {
		if (l->t->columns[i].kind != CELL_LIST ||
		    (l->t->columns[i].flags & COLUMN_HIDDEN))
			continue;
		for (size_t k = 0; k < row[i].list_n; k++) {
			buf_add_z(l->out, "    ");
			terminal_line(l->out, row[i].list[k]);
			if (row[i].notes != NULL)
				buf_printf(
				    l->out, "  %.*s", STR_ARG(row[i].notes[k]));
			buf_add_char(l->out, '\n');
		}
	}
}

/* A row that stands upright: a figure a line. */
static void
upright(struct layout *l, const struct cell *row, int title_width)
{
	const struct table *t = l->t;
	int room = l->style->width - title_width - GAP;

	for (size_t i = 0; i < t->column_n; i++) {
		const char *title = t->columns[i].title;
		int width;

		if (!shown(l, i))
			continue;
		width = cell_cut(l, i, &row[i],
		    l->style->width == 0 ? CUT
		    : room < CUT_LEAST   ? CUT_LEAST
					 : room);
		if (width == 0)
			continue;
		buf_add_z(l->out, title);
		spaces(
		    l->out, title_width - unicode_width(str_of(title)) + GAP);
		l->width[i] = width;
		row_cell(l, i, &row[i]);
		end_line(l->out);
	}
}

static int
title_width(const struct layout *l)
{
	int widest = 0;

	for (size_t i = 0; i < l->t->column_n; i++) {
		int w = unicode_width(str_of(l->t->columns[i].title));

		if (shown(l, i) && w > widest)
			widest = w;
	}
	return widest;
}

/* All rows upright, with empty lines between. */
static void
blocks(struct layout *l)
{
	int width = title_width(l);

	for (size_t r = 0; r < l->t->row_n; r++) {
		const struct cell *row = &l->t->cells[r * l->t->column_n];

		if (r > 0)
			buf_add_char(l->out, '\n');
		upright(l, row, width);
		row_lists(l, row);
	}
}

static void
rows(struct layout *l)
{
	const struct table *t = l->t;

	head(l);
	end_line(l->out);
	for (size_t r = 0; r < t->row_n; r++) {
		const struct cell *row = &t->cells[r * t->column_n];

		for (size_t i = 0; i < t->column_n; i++)
			if (shown(l, i))
				row_cell(l, i, &row[i]);
		end_line(l->out);
		row_lists(l, row);
	}
}

/* A paragraph, its lines filled. */
static void
fill(struct buf *out, const char *text, int width)
{
	struct str rest = str_of(text);
	int at = 0;

	while (rest.p != NULL) {
		struct str word = str_split(&rest, ' ');
		int w = unicode_width(word);

		if (at > 0 && at + 1 + w > width) {
			buf_add_char(out, '\n');
			at = 0;
		}
		if (at > 0)
			buf_add_char(out, ' ');
		buf_add_str(out, word);
		at += w + (at > 0);
	}
	buf_add_char(out, '\n');
}

static void
lines(struct layout *l)
{
	for (size_t r = 0; r < l->t->row_n; r++) {
		cell_plain(&l->t->columns[0], &l->t->cells[r * l->t->column_n],
		    l->out);
		buf_add_char(l->out, '\n');
	}
}

static void
laid_out(struct layout *l)
{
	bool color = l->style->color;

	buf_printf(l->out, "%s%s%s\n", color ? BOLD : "", l->t->title,
	    color ? OFF : "");
	measure(l);
	if (l->t->row_n == 0)
		buf_printf(l->out, "%s\n", l->t->empty);
	else if (l->t->chart == CHART_TILES || !narrow(l))
		blocks(l);
	else
		rows(l);
}

void
table_text(
    const struct table *t, const struct table_style *style, struct buf *out)
{
	struct layout l = { .t = t,
		.style = style,
		.out = out,
		.bars = true,
		.all = true,
		.gap = GAP };
	int room = style->width;

	buf_init(&l.cell, 1 << 20);
	if (t->list)
		lines(&l);
	else
		laid_out(&l);
	if (style->define) {
		buf_add_char(out, '\n');
		fill(out, t->about, room > 0 && room < FILL ? room : FILL);
	}
	buf_release(&l.cell);
}
