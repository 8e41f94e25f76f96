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

void
table_json(const struct table *t, struct buf *out)
{
	struct writer w;

	for (size_t r = 0; r < t->row_n; r++) {
		write_init(&w, out);
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
		buf_add_char(out, '\n');
	}
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
		quote = str_chr(STR(",\"\r\n"), s.p[i]) >= 0;
	if (quote)
		buf_add_char(out, '"');
	if (formula)
		buf_add_char(out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_add_char(out, '"');
		buf_add_char(out, s.p[i]);
	}
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
			buf_add_str(out, v->list[k]);
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
