#include "source/table/header.h"

#include "core/text/ascii.h"

enum {
	ROWS = 12, /* looked at behind the first */
	CELL_BYTES = 200, /* of a cell that has a class */
	YEAR_DIGITS = 4,
};

/* Takes a cell off; *last where the row ends with it.  Doubled quotes stay as
 * they are: nothing that has a class holds any. */
static struct str
take_cell(struct str *rest, char separator, bool *last)
{
	struct str s = *rest, cell;
	size_t n = 0;
	bool quoted;

	while (s.n > 0 && s.p[0] == ' ')
		s = str_sub(s, 1, s.n);
	quoted = s.n > 0 && s.p[0] == '"';
	if (quoted) {
		for (n = 1; n < s.n && !(s.p[n] == '"' &&
					   (n + 1 == s.n || s.p[n + 1] != '"'));
		     n++)
			n += s.p[n] == '"';
		cell = str_sub(s, 1, n > 1 ? n - 1 : 0);
		n = n < s.n ? n + 1 : s.n;
		while (n < s.n && s.p[n] != separator && s.p[n] != '\n' &&
		       s.p[n] != '\r')
			n++;
	} else {
		while (n < s.n && s.p[n] != separator && s.p[n] != '\n' &&
		       s.p[n] != '\r')
			n++;
		cell = str_sub(s, 0, n);
	}
	*last = n >= s.n || s.p[n] != separator;
	if (n + 1 < s.n && s.p[n] == '\r' && s.p[n + 1] == '\n')
		n++;
	*rest = n >= s.n ? STR("") : str_sub(s, n + 1, s.n);
	return str_trim(cell);
}

static bool
is_email(struct str s)
{
	ptrdiff_t at = str_chr(s, '@');

	if (at <= 0 || str_rchr(s, '@') != at || str_chr(s, ' ') >= 0)
		return false;
	s = str_sub(s, (size_t)at + 1, s.n);
	return str_chr(s, '.') > 0 && s.p[s.n - 1] != '.';
}

static bool
is_uuid(struct str s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : ascii_hex(s.p[i]) < 0)
			return false;
	}
	return true;
}

/* Which of the signs stand in s, and how many digits; false where there is
 * anything else. */
static bool
only_digits_and(struct str s, const char *signs, size_t *digits, size_t *others)
{
	*digits = *others = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_digit(s.p[i]))
			++*digits;
		else if (ascii_is_in(s.p[i], signs))
			++*others;
		else
			return false;
	}
	return *digits > 0;
}

/* 201912, 20191224: months and days, which stand above columns, too. */
static bool
is_period(struct str s)
{
	return (s.n == 6 || s.n == 8) &&
	       (str_starts(s, STR("19")) || str_starts(s, STR("20")));
}

static enum cell_class
class_of(struct str s)
{
	size_t digits, others;

	if (s.n == 0)
		return CELL_NONE;
	if (s.n > CELL_BYTES)
		return CELL_WORDS;
	if (is_email(s))
		return CELL_EMAIL;
	if (is_uuid(s) || str_starts(s, STR("http://")) ||
	    str_starts(s, STR("https://")))
		return CELL_ID;
	if (s.p[0] == '+' && only_digits_and(s, "+ -().", &digits, &others) &&
	    digits >= 8)
		return CELL_TEL;
	if (only_digits_and(s, "-./: TZ+,", &digits, &others)) {
		if (others == 0 || (others == 1 && s.p[0] == '-'))
			return digits > YEAR_DIGITS && !is_period(s)
				   ? CELL_NUMBER
				   : CELL_SMALL;
		if (others > 1 && digits >= 4 && ascii_is_digit(s.p[0]))
			return CELL_TIME;
		return others == 1 && digits > 1 ? CELL_NUMBER : CELL_SMALL;
	}
	return CELL_WORDS;
}

static bool
is_strong(enum cell_class c)
{
	return c >= CELL_NUMBER;
}

/* Where a word of the cell, of three letters at least, stands in the address
 * beside; -1. */
static ptrdiff_t
name_in(struct str cell, struct str email)
{
	struct str local = str_sub(email, 0, (size_t)str_chr(email, '@'));

	while (cell.p != NULL && cell.n > 0) {
		struct str word = str_split(&cell, ' ');

		if (word.n >= 3 && str_find_nocase(local, word) >= 0)
			return str_find_nocase(local, word);
	}
	return -1;
}

/* What the rows below say of each column. */
struct column_sight {
	unsigned cells, same, strong;
	unsigned names, begins; /* in an address, at its beginning */
};

struct sight {
	struct column_sight v[HEADER_COLUMNS];
	size_t columns, email; /* email: the first column of addresses */
	unsigned rows;
};

static void
see_row(struct sight *g, const struct str *cells, size_t n, bool first,
    struct header_guess *out)
{
	for (size_t i = 0; i < n && i < g->columns; i++) {
		enum cell_class c = class_of(cells[i]);
		struct column_sight *v = &g->v[i];

		if (c == CELL_WORDS && g->email < n &&
		    is_email(cells[g->email])) {
			ptrdiff_t at = name_in(cells[i], cells[g->email]);

			v->names += at >= 0;
			v->begins += at == 0;
		}
		if (first || c == CELL_NONE)
			continue;
		v->cells++;
		v->same += c == out->classes[i];
		v->strong += is_strong(c);
	}
	g->rows++;
}

/* Words above values are a header; values above their like are none. */
static void
judge(const struct sight *g, struct header_guess *out)
{
	for (size_t i = 0; i < g->columns; i++) {
		const struct column_sight *v = &g->v[i];
		enum cell_class c = out->classes[i];

		if (c == CELL_WORDS && v->cells > 1 && v->strong == v->cells) {
			out->missing = false;
			return;
		}
		if (!is_strong(c))
			continue;
		if (v->cells > 0 ? v->same * 3 >= v->cells * 2
				 : g->rows == 1 && c >= CELL_TIME)
			out->missing = true;
	}
}

static void
tell_names(const struct sight *g, struct header_guess *out)
{
	for (size_t i = 0; i < g->columns; i++) {
		if (out->classes[i] != CELL_WORDS ||
		    g->v[i].names * 2 < g->rows || g->v[i].names == 0)
			continue;
		if (out->name < 0)
			out->name = (int)i;
		else if (out->surname < 0)
			out->surname = (int)i;
	}
	/* ivo.roth@: the given name stands first there. */
	if (out->surname >= 0 &&
	    g->v[out->surname].begins > g->v[out->name].begins) {
		int given = out->surname;

		out->surname = out->name;
		out->name = given;
	}
}

void
header_guess(struct str head, char separator, struct header_guess *out)
{
	struct str cells[HEADER_COLUMNS];
	struct sight g = { .email = HEADER_COLUMNS };
	bool first = true;

	*out = (struct header_guess){ .name = -1, .surname = -1 };
	while (head.n > 0 && g.rows <= ROWS) {
		size_t n = 0;
		bool last = false;

		while (!last) {
			struct str cell = take_cell(&head, separator, &last);

			if (n < HEADER_COLUMNS)
				cells[n++] = cell;
		}
		/* The last row may be cut off, and an empty line is none. */
		if ((head.n == 0 && g.rows > 1) || (n == 1 && cells[0].n == 0))
			continue;
		if (first)
			g.columns = n;
		for (size_t i = 0; first && i < n; i++) {
			out->classes[i] = class_of(cells[i]);
			if (out->classes[i] == CELL_EMAIL && g.email > i)
				g.email = i;
		}
		see_row(&g, cells, n, first, out);
		first = false;
	}
	judge(&g, out);
	if (out->missing)
		tell_names(&g, out);
}
