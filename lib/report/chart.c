#include "report/chart.h"

#include "core/text/terminal.h"
#include "json/escape.h"

enum {
	WIDTH = 720,
	LABEL = 130, /* room for names at the left */
	VALUE = 150, /* room for figures at the right */
	ROW = 30,
	BARS_MAX = 40,
	DOTS_MAX = 2000,
	LANES_MAX = 24,
};

void
html_cell(const struct column *c, const struct cell *v, struct buf *out)
{
	char text[TIME_SIZE];

	if (c->kind == CELL_TEXT || c->kind == CELL_NAME) {
		struct buf line;

		buf_init(&line, 1 << 20);
		terminal_line(&line, v->s);
		html_escape(out, buf_str(&line));
		buf_release(&line);
	} else if (cell_is_number(c->kind)) {
		cell_number(c->kind, v->n, out);
	} else if (v->n == CELL_NONE) {
		return;
	} else if (c->kind == CELL_TIME) {
		time_format(v->n, text);
		buf_printf(out, "<time datetime=\"%s\">%.10s %.5s</time>", text,
		    text, text + 11);
	}
}

static void
svg_open(struct buf *out, int height, const char *what)
{
	buf_printf(out,
	    "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
	    WIDTH, height, what);
}

static void
svg_text(struct buf *out, double x, double y, const char *class, struct str s)
{
	buf_printf(
	    out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">", x, y, class);
	html_escape(out, s);
	buf_add_z(out, "</text>\n");
}

/* The greatest value of the bar and tick columns. */
static int64_t
scale(const struct table *t)
{
	int64_t most = 0;

	for (size_t r = 0; r < t->row_n; r++) {
		for (size_t i = 0; i < t->column_n; i++) {
			int64_t n = t->cells[r * t->column_n + i].n;

			if (((t->columns[i].flags & COLUMN_BAR) ||
				(t->columns[i].flags & COLUMN_TICK)) &&
			    n > most)
				most = n;
		}
	}
	return most;
}

static void
bar_row(const struct table *t, size_t r, int64_t most, struct buf *out)
{
	const struct cell *row = &t->cells[r * t->column_n];
	double room = WIDTH - LABEL - VALUE, y = (double)r * ROW, end = LABEL;
	struct buf label;

	buf_init(&label, 4096);
	for (size_t i = 0; i < t->column_n && t->columns[i].kind == CELL_NAME;
	     i++) {
		if (i > 0)
			buf_add_char(&label, ' ');
		terminal_line(&label, row[i].s);
	}
	svg_text(out, LABEL - 10, y + 19, "name", buf_str(&label));
	buf_reset(&label);
	for (size_t i = 0; i < t->column_n; i++) {
		double w = most == 0 || row[i].n < 0
			       ? 0
			       : (double)row[i].n / (double)most * room;

		if (!(t->columns[i].flags & COLUMN_BAR) &&
		    !(t->columns[i].flags & COLUMN_TICK))
			continue;
		if (row[i].n == CELL_NONE)
			continue;
		if ((t->columns[i].flags & COLUMN_BAR))
			buf_printf(out,
			    "<rect class=\"bar\" x=\"%d\" y=\"%.1f\" "
			    "width=\"%.1f\" height=\"16\" rx=\"3\"/>\n",
			    LABEL, y + 6, w < 2 ? 2 : w);
		else
			buf_printf(out,
			    "<path class=\"tick\" d=\"M%.1f %.1fv16M%d "
			    "%.1fH%.1f\"/>\n",
			    LABEL + w, y + 6, LABEL, y + 14, LABEL + w);
		if (LABEL + w > end)
			end = LABEL + w;
		if (label.n > 0)
			buf_add_z(&label, " \xc2\xb7 ");
		html_cell(&t->columns[i], &row[i], &label);
	}
	buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"value\">", end + 8,
	    y + 19);
	buf_add_str(out, buf_str(&label));
	buf_add_z(out, "</text>\n");
	buf_release(&label);
}

static void
bars(const struct table *t, struct buf *out)
{
	size_t n = t->row_n < BARS_MAX ? t->row_n : BARS_MAX;
	int64_t most = scale(t);
	const char *comma = "";

	svg_open(out, (int)n * ROW + 4, t->title);
	for (size_t r = 0; r < n; r++)
		bar_row(t, r, most, out);
	buf_add_z(out, "</svg>\n<p class=\"key\">");
	for (size_t i = 0; i < t->column_n; i++) {
		const struct column *c = &t->columns[i];

		if ((c->flags & (COLUMN_BAR | COLUMN_TICK)) == 0)
			continue;
		buf_printf(out, "%s%s: %s", comma,
		    (c->flags & COLUMN_BAR) != 0 ? "bar" : "mark", c->title);
		comma = ", ";
	}
	buf_add_z(out, "</p>\n");
}

/* The lanes' names, in the order of their first row. */
static size_t
lanes_of(const struct table *t, struct str *names)
{
	size_t n = 0;

	for (size_t r = 0; r < t->row_n; r++) {
		struct str s = t->cells[r * t->column_n + t->lane].s;
		size_t i = 0;

		while (i < n && !str_eq(names[i], s))
			i++;
		if (i == n && n < LANES_MAX)
			names[n++] = s;
	}
	return n;
}

static void
lanes(const struct table *t, struct buf *out)
{
	struct str names[LANES_MAX];
	size_t n = lanes_of(t, names);
	size_t dots = t->row_n < DOTS_MAX ? t->row_n : DOTS_MAX;
	int64_t from = t->cells[0].n;
	int64_t to = t->cells[(t->row_n - 1) * t->column_n].n;
	double room = WIDTH - LABEL - 30;
	char text[TIME_SIZE];

	svg_open(out, (int)n * ROW + 30, t->title);
	for (size_t i = 0; i < n; i++) {
		svg_text(
		    out, LABEL - 10, (double)i * ROW + 19, "name", names[i]);
		buf_printf(out, "<path class=\"lane\" d=\"M%d %dH%d\"/>\n",
		    LABEL, (int)i * ROW + 14, WIDTH - 20);
	}
	for (size_t r = t->row_n - dots; r < t->row_n; r++) {
		const struct cell *row = &t->cells[r * t->column_n];
		double x = to == from ? 0.5
				      : (double)(row[0].n - from) /
					    (double)(to - from);
		size_t lane = 0;

		while (lane < n && !str_eq(names[lane], row[t->lane].s))
			lane++;
		if (lane == n)
			continue;
		buf_printf(out,
		    "<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"6\"/>\n",
		    str_is(row[t->side].s, "in") ? "in" : "out",
		    LABEL + 10 + x * room, (int)lane * ROW + 14);
	}
	time_format(from, text);
	svg_text(out, LABEL, (double)n * ROW + 22, "axis", str_make(text, 10));
	time_format(to, text);
	svg_text(
	    out, WIDTH - 90, (double)n * ROW + 22, "axis", str_make(text, 10));
	buf_add_z(out, "</svg>\n");
}

static void
tiles(const struct table *t, struct buf *out)
{
	buf_add_z(out, "<dl class=\"tiles\">\n");
	for (size_t i = 0; i < t->column_n; i++) {
		const struct column *c = &t->columns[i];
		bool warn = (c->flags & COLUMN_WARN) && t->cells[i].n > 0;

		if ((c->flags & COLUMN_HIDDEN) || c->kind == CELL_LIST)
			continue;
		buf_printf(out, "<div%s><dt>%s</dt><dd>",
		    warn ? " class=\"warn\"" : "", c->title);
		html_cell(c, &t->cells[i], out);
		buf_add_z(out, "</dd></div>\n");
	}
	buf_add_z(out, "</dl>\n");
}

void
chart_write(const struct table *t, struct buf *out)
{
	if (t->row_n == 0)
		return;
	if (t->chart == CHART_TILES)
		tiles(t, out);
	else if (t->chart == CHART_BARS)
		bars(t, out);
	else if (t->chart == CHART_LANES)
		lanes(t, out);
}
