/* Tables for programs: JSON lines, CSV, Prometheus text. */
#include "report/table.h"

#include "json/write.h"

static bool
absent(const struct column *c, const struct cell *cell)
{
	if (c->kind == CELL_TEXT || c->kind == CELL_NAME)
		return cell->s.p == NULL;
	return c->kind == CELL_LIST ? cell->list == NULL : cell->n == CELL_NONE;
}

/*
 * Bytes at s[i] of a character that would write on a terminal or turn the text
 * of a line round: C0 but for tab and line ends, DEL, C1, bidi controls.  0 for
 * any other.  Who looks at a report may do so on a terminal.
 */
static size_t
unshown(struct str s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.p + i;
	size_t left = s.n - i;

	if ((p[0] < 0x20 && p[0] != '\t' && p[0] != '\n' && p[0] != '\r') ||
	    p[0] == 0x7f)
		return 1;
	if (left > 1 && p[0] == 0xc2 && p[1] < 0xa0)
		return 2;
	if (left > 1 && p[0] == 0xd8 && p[1] == 0x9c)
		return 2;
	if (left < 3 || p[0] != 0xe2)
		return 0;
	if (p[1] == 0x80 &&
	    (p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xaa && p[2] <= 0xae)))
		return 3;
	return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9 ? 3 : 0;
}

static unsigned
code_of(struct str s, size_t i, size_t n)
{
	const unsigned char *p = (const unsigned char *)s.p + i;

	return n == 1 ? p[0]
	       : n == 2
		   ? (p[0] & 0x1fU) << 6 | (p[1] & 0x3fU)
		   : (p[0] & 0xfU) << 12 | (p[1] & 0x3fU) << 6 | (p[2] & 0x3fU);
}

/* A row of JSON, in which such characters stand in strings alone. */
static void
add_json(struct buf *out, struct str row)
{
	for (size_t i = 0, n; i < row.n; i += n == 0 ? 1 : n) {
		n = unshown(row, i);
		if (n == 0)
			buf_add_char(out, row.p[i]);
		else
			buf_printf(out, "\\u%04x", code_of(row, i, n));
	}
}

/* Text of a cell: such a character is one that cannot be shown, and a line end,
 * which begins a row for who reads lines, is a blank. */
static void
add_shown(struct buf *out, struct str s)
{
	for (size_t i = 0, n; i < s.n; i += n == 0 ? 1 : n) {
		n = unshown(s, i);
		if (n > 0) {
			buf_add_z(out, "\xef\xbf\xbd");
			continue;
		}
		if (s.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(
		    out, s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t'
			     ? ' '
			     : s.p[i]);
	}
}

void
table_json(const struct table *t, struct buf *out)
{
	struct buf row;
	struct writer w;

	buf_init(&row, (size_t)1 << 30);
	for (size_t r = 0; r < t->row_n; r++) {
		buf_reset(&row);
		write_init(&w, &row);
		write_object(&w);
		write_member(&w, "report", str_of(t->name));
		for (size_t i = 0; i < t->column_n; i++) {
			const struct column *c = &t->columns[i];
			const struct cell *v = &t->cells[r * t->column_n + i];

			if (absent(c, v))
				continue;
			write_key(&w, c->key);
			if (c->kind == CELL_TEXT || c->kind == CELL_NAME)
				write_str(&w, v->s);
			else if (c->kind == CELL_COUNT)
				write_int(&w, v->n);
			else if (cell_is_number(c->kind))
				write_int(&w, v->n / TIME_SECOND);
			else if (c->kind == CELL_TIME)
				write_time(&w, v->n);
			if (c->kind != CELL_LIST)
				continue;
			write_list(&w);
			for (size_t k = 0; k < v->list_n; k++)
				write_str(&w, v->list[k]);
			write_list_end(&w);
		}
		write_object_end(&w);
		add_json(out, buf_str(&row));
		buf_add_char(out, '\n');
	}
	buf_release(&row);
}

/* A telephone number or another number may begin with a sign. */
static bool
is_number(struct str s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			digits++;
		else if (!(i == 0 && (s.p[i] == '+' || s.p[i] == '-')))
			return false;
	}
	return digits > 0;
}

static void
csv_cell(struct buf *out, struct str s)
{
	bool quote = false;
	bool formula =
	    s.n > 0 && str_chr(STR("=+-@\t\r"), s.p[0]) >= 0 && !is_number(s);

	for (size_t i = 0; i < s.n && !quote; i++)
		quote = str_chr(STR(",\""), s.p[i]) >= 0;
	if (quote)
		buf_add_char(out, '"');
	if (formula)
		buf_add_char(out, '\'');
	add_shown(out, s);
	if (quote)
		buf_add_char(out, '"');
}

static void
csv_value(struct buf *out, const struct column *c, const struct cell *v)
{
	char text[TIME_SIZE];

	if (absent(c, v))
		return;
	switch (c->kind) {
	case CELL_TEXT:
	case CELL_NAME:
		csv_cell(out, v->s);
		return;
	case CELL_COUNT:
		buf_printf(out, "%lld", (long long)v->n);
		return;
	case CELL_DURATION:
	case CELL_HOURS:
		buf_printf(out, "%lld", (long long)(v->n / TIME_SECOND));
		return;
	case CELL_TIME:
		buf_add(out, text, time_format(v->n, text));
		return;
	case CELL_LIST:
		for (size_t k = 0; k < v->list_n; k++) {
			if (k > 0)
				buf_add_char(out, ' ');
			add_shown(out, v->list[k]);
		}
		return;
	}
}

void
table_csv(const struct table *t, struct buf *out)
{
	for (size_t i = 0; i < t->column_n; i++)
		buf_printf(out, "%s%s", i > 0 ? "," : "", t->columns[i].key);
	buf_add_z(out, "\r\n");
	for (size_t r = 0; r < t->row_n; r++) {
		for (size_t i = 0; i < t->column_n; i++) {
			if (i > 0)
				buf_add_char(out, ',');
			csv_value(out, &t->columns[i],
			    &t->cells[r * t->column_n + i]);
		}
		buf_add_z(out, "\r\n");
	}
}

/* "firstReplyMedian" as "first_reply_median". */
static void
snake(struct buf *out, const char *key)
{
	for (; *key != '\0'; key++) {
		if (*key >= 'A' && *key <= 'Z') {
			buf_add_char(out, '_');
			buf_add_char(out, (char)(*key + 32));
		} else {
			buf_add_char(out, *key);
		}
	}
}

static void
labels(const struct table *t, const struct cell *row, struct buf *out)
{
	char comma = '{';

	for (size_t i = 0; i < t->column_n; i++) {
		if (t->columns[i].kind != CELL_NAME)
			continue;
		buf_add_char(out, comma);
		comma = ',';
		snake(out, t->columns[i].key);
		buf_add_z(out, "=\"");
		for (size_t k = 0; k < row[i].s.n; k++) {
			char c = row[i].s.p[k];

			if (c == '\\' || c == '"')
				buf_add_char(out, '\\');
			if (c == '\n')
				buf_add_z(out, "\\n");
			else
				buf_add_char(out, c);
		}
		buf_add_char(out, '"');
	}
	if (comma == ',')
		buf_add_char(out, '}');
}

static void
gauge(const struct table *t, size_t column, struct buf *out)
{
	const struct column *c = &t->columns[column];
	bool time = c->kind != CELL_COUNT, begun = false;
	struct buf name;

	buf_init(&name, 256);
	buf_printf(&name, "kith_%s_", t->name);
	snake(&name, c->key);
	buf_add_z(&name, time ? "_seconds" : "");
	for (size_t r = 0; r < t->row_n; r++) {
		const struct cell *row = &t->cells[r * t->column_n];

		if (absent(c, &row[column]))
			continue;
		if (!begun)
			buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n",
			    buf_cstr(&name), c->title, buf_cstr(&name));
		begun = true;
		buf_add_str(out, buf_str(&name));
		labels(t, row, out);
		buf_printf(out, " %lld\n",
		    (long long)(time ? row[column].n / TIME_SECOND
				     : row[column].n));
	}
	buf_release(&name);
}

int
table_prometheus(const struct table *t, struct buf *out, struct err *e)
{
	for (size_t i = 0; i < t->column_n; i++)
		if (t->columns[i].kind == CELL_TEXT)
			return err_set(e,
			    "%s has no Prometheus text: its rows are people; "
			    "take a report of figures, such as summary or "
			    "channels",
			    t->name);
	for (size_t i = 0; i < t->column_n; i++)
		if (cell_is_number(t->columns[i].kind))
			gauge(t, i, out);
	return 0;
}
