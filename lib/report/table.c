#include "report/table.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/vec.h"

struct table *
table_new(
    const char *name, const char *title, const char *about, const char *empty)
{
	struct table *t = xcalloc(1, sizeof(*t));

	t->name = name;
	t->title = title;
	t->about = about;
	t->empty = empty;
	return t;
}

void
table_free(struct table *t)
{
	if (t == NULL)
		return;
	free(t->cells);
	arena_release(&t->arena);
	free(t);
}

void
table_column(struct table *t, const char *key, const char *title,
    enum cell_kind kind, unsigned flags)
{
	if (t->column_n < TABLE_COLUMNS)
		t->columns[t->column_n++] =
		    (struct column){ key, title, kind, flags };
}

struct cell *
table_row(struct table *t)
{
	struct cell *row;

	vec_hold(t->cells, t->row_n * t->column_n, t->cell_cap, t->column_n);
	row = t->cells + t->row_n++ * t->column_n;
	for (size_t i = 0; i < t->column_n; i++)
		row[i] = (struct cell){ .n = CELL_NONE };
	return row;
}

struct cell
cell_count(int64_t n)
{
	return (struct cell){ .n = n };
}

struct cell
cell_text(struct table *t, struct str s)
{
	return (struct cell){
		.n = CELL_NONE,
		.s = s.p == NULL ? s : arena_dup(&t->arena, s),
	};
}

bool
cell_is_number(enum cell_kind kind)
{
	return kind == CELL_COUNT || kind == CELL_DURATION ||
	       kind == CELL_HOURS;
}

void
cell_number(enum cell_kind kind, int64_t n, struct buf *out)
{
	char text[TIME_SIZE];

	if (n == CELL_NONE)
		return;
	if (kind == CELL_COUNT)
		buf_printf(out, "%lld", (long long)n);
	else if (kind == CELL_DURATION || n < TIME_HOUR)
		buf_add(out, text, duration_format(n, text));
	else if (n % TIME_HOUR < TIME_MINUTE)
		buf_printf(out, "%lldh", (long long)(n / TIME_HOUR));
	else
		buf_printf(out, "%lldh %lldm", (long long)(n / TIME_HOUR),
		    (long long)(n % TIME_HOUR / TIME_MINUTE));
}
