#include "source/table/shape.h"

enum {
	ROWS_SEEN = 200,
	PREAMBLE = 20, /* lines that may stand before a header */
	TABLE_LEAST = 3, /* columns of a table behind such lines */
};

/* How rows are read by one separator: what they are not read over. */
struct scan {
	char separator;
	bool stops[256];
};

static void
scan_by(struct scan *x, char separator)
{
	*x = (struct scan){ .separator = separator };
	x->stops['"'] = x->stops['\n'] = x->stops['\r'] = true;
	x->stops[(unsigned char)separator] = true;
}

/* Nothing but blanks: a quote there opens a cell. */
static bool
is_blank(const char *from, const char *to)
{
	while (from < to && *from == ' ')
		from++;
	return from == to;
}

/* One row's end behind i and its cells; quoted newlines are within. */
static size_t
scan_row(const struct scan *x, struct str s, size_t i, size_t *cells)
{
	size_t cell = i;
	bool quoted = false;

	*cells = 1;
	for (; i < s.n; i++) {
		char c = s.p[i];

		if (!x->stops[(unsigned char)c])
			continue;
		if (quoted) {
			quoted = c != '"';
		} else if (c == '"') {
			quoted = (i > cell && s.p[i - 1] == '"') ||
				 is_blank(&s.p[cell], &s.p[i]);
		} else if (c == '\n' ||
			   (c == '\r' &&
			       (i + 1 == s.n || s.p[i + 1] != '\n'))) {
			return i + 1;
		} else if (c == x->separator) {
			(*cells)++;
			cell = i + 1;
		}
	}
	return 0;
}

static struct csv_shape
measure(struct str s, char separator, bool whole)
{
	struct csv_shape shape = { .separator = separator };
	struct scan x;
	size_t i, cells;

	scan_by(&x, separator);
	i = scan_row(&x, s, 0, &shape.columns);
	while (i != 0 && i < s.n && shape.rows < ROWS_SEEN) {
		size_t next = scan_row(&x, s, i, &cells);

		if (next == 0 && !whole)
			break;
		/* An empty line is no row. */
		if (s.p[i] != '\n' && s.p[i] != '\r') {
			shape.rows++;
			shape.agree += cells == shape.columns;
		}
		i = next;
	}
	return shape;
}

/* More rows that agree, then more columns, make the better one. */
static bool
is_better(const struct csv_shape *a, const struct csv_shape *b)
{
	if (a->columns < 2 || b->columns < 2)
		return a->columns > b->columns;
	if (a->agree != b->agree)
		return a->agree > b->agree;
	return a->columns > b->columns;
}

/* Excel's "sep=;" in a line before the header. */
static char
said_separator(struct str s, size_t *skip)
{
	if (s.n < 6 || !str_starts_nocase(s, STR("sep=")))
		return 0;
	*skip = s.p[5] == '\r' && s.n > 6 && s.p[6] == '\n' ? 7 : 6;
	return s.p[5] == '\n' || s.p[5] == '\r' ? s.p[4] : 0;
}

/* The separator by which the most rows agree with the first. */
static struct csv_shape
best_shape(struct str head, bool whole)
{
	static const char candidates[] = ",;\t|";
	struct csv_shape best = { 0 };

	for (size_t i = 0; candidates[i] != '\0'; i++) {
		struct csv_shape shape = measure(head, candidates[i], whole);

		if (i == 0 || is_better(&shape, &best))
			best = shape;
	}
	return best;
}

/*
 * Where no row is as wide as the first: a title or remarks, narrow lines or
 * behind "#", may stand before a table whose rows all agree.
 */
static struct csv_shape
behind_preamble(struct str head, bool whole, const struct csv_shape *plain)
{
	struct str rest = head;
	struct scan semicolons;

	scan_by(&semicolons, ';');
	for (int line = 0; line < PREAMBLE && rest.p != NULL; line++) {
		struct csv_shape shape;
		size_t cells, at, quoted;

		shape = best_shape(rest, whole);
		at = (size_t)(rest.p - head.p);
		if (at > 0 && shape.columns >= TABLE_LEAST && shape.rows > 0 &&
		    shape.agree == shape.rows) {
			shape.skip = shape.preamble = at;
			return shape;
		}
		quoted = scan_row(&semicolons, rest, 0, &cells);
		if (rest.n > 0 && rest.p[0] != '#' &&
		    (shape.columns >= TABLE_LEAST || quoted == 0))
			break;
		if (rest.n > 0 && rest.p[0] != '#')
			rest = str_sub(rest, quoted, rest.n);
		else
			(void)str_line(&rest);
	}
	return *plain;
}

struct csv_shape
csv_shape(struct str head, bool whole)
{
	struct csv_shape best;
	size_t skip = 0, line = 0;
	char said;

	if (str_starts(head, STR("\xef\xbb\xbf")))
		skip = 3;
	said = said_separator(str_sub(head, skip, head.n), &line);
	if (said != 0)
		skip += line;
	head = str_sub(head, skip, head.n);
	best = said != 0 ? measure(head, said, whole) : best_shape(head, whole);
	if (said == 0 && (best.agree == 0 || best.columns < TABLE_LEAST - 1))
		best = behind_preamble(head, whole, &best);
	best.skip += skip;
	return best;
}
