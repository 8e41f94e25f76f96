/*
 * A row as a JSON object.
 */
#include <stdio.h>

#include "json/escape.h"
#include "source/table/row.h"

/* Does one of eight bytes need an escape?  May say so of none where one does
 * before it; UTF-8 is taken as it is. */
static inline bool
any_special(uint64_t w)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t quote = w ^ ones * '"', back = w ^ ones * '\\';

	return ((((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) |
		    ((back - ones) & ~back)) &
		   (ones * 0x80)) != 0;
}

/*
 * Copies what needs no escape, with up to 7 bytes behind it read and written
 * besides; false where something does.
 */
static inline bool
copy_plain(char *to, const char *p, size_t n)
{
	const uint64_t blanks = UINT64_C(0x2020202020202020);
	uint64_t w;

	for (; n >= 8; n -= 8, p += 8, to += 8) {
		memcpy(&w, p, 8);
		if (any_special(w))
			return false;
		memcpy(to, &w, 8);
	}
	if (n == 0)
		return true;
	memcpy(&w, p, 8);
	memcpy(to, &w, 8);
	/* What stands behind it may be anything. */
	w = (w & ((UINT64_C(1) << 8 * n) - 1)) | blanks << 8 * n;
	return !any_special(w);
}

/* "name":"value", with a comma behind it. */
static void
put_cell(struct table *t, struct buf *out, size_t i, struct str s)
{
	struct str key = i < t->column_n ? t->keys[i] : STR("");
	char *to = buf_room(out, key.n + s.n + 40), *from = to;

	if (to == NULL)
		return;
	if (i < t->column_n) {
		memcpy(to, key.p, key.n);
		to += key.n;
	} else {
		to += snprintf(to, 32, "\"column %zu\":\"", i + 1);
	}
	if (t->in_window && copy_plain(to, s.p, s.n)) {
		to += s.n;
		*to++ = '"';
		*to++ = ',';
		out->n += (size_t)(to - from);
		return;
	}
	out->n += (size_t)(to - from);
	json_escape(out, s);
	buf_add(out, "\",", 2);
}

void
table_write(
    struct table *t, const struct table_row *row, struct writer *w, bool all)
{
	struct buf *out = w->out;

	write_raw(w, STR("{"));
	for (size_t i = 0; i < row->n; i++)
		if (all || row->cells[i].n > 0)
			put_cell(t, out, i, row->cells[i]);
	/* The last comma goes, where there is one. */
	if (!out->over && out->p[out->n - 1] == ',')
		buf_cut(out, out->n - 1);
	buf_add_char(out, '}');
}
