/*
 * A table's rows as items.
 */
#include "source/item.h"
#include "source/table/table.h"

static bool
is_empty(const struct table_row *row)
{
	size_t i = 0;

	while (i < row->n && row->cells[i].n == 0)
		i++;
	return i == row->n;
}

/* Rows wider or narrower than the header are kept, and say so. */
static int
emit_row(struct ingest *in, struct table *t, const struct table_row *row,
    bool all, struct err *e)
{
	const struct str *names;
	size_t columns = table_columns(t, &names);
	struct writer *w;

	if (!all && is_empty(row)) {
		sink_sum(in->sink, "empty rows", 1);
		return 0;
	}
	w = ingest_item(in, row->at);
	table_write(t, row, w, all);
	if (row->n != columns) {
		sink_sum(in->sink, "ragged rows", 1);
		write_key(w, "ragged");
		write_object(w);
		write_member_int(w, "cells", (int64_t)row->n);
		write_member_int(w, "columns", (int64_t)columns);
		write_object_end(w);
	}
	return ingest_item_end(in, e);
}

int
table_say_remarks(struct ingest *in, const struct table *t, struct err *e)
{
	struct str remarks = table_remarks(t);

	return remarks.n == 0
		   ? 0
		   : ingest_reject(in, STR("0"),
			 "remarks before the table's header", remarks, e);
}

int
table_ingest(struct ingest *in, struct input *file, const char *charset,
    bool all, struct err *e)
{
	struct err why;
	struct table *t = table_open(file, charset, in->max_item, &why);
	struct table_row row;
	enum table_result got = TABLE_END;
	int rc = 0;

	if (t == NULL)
		return ingest_reject(in, STR("0"), why.msg, STR(""), e);
	rc = table_say_remarks(in, t, e);
	if (table_without_header(t))
		sink_sum(in->sink, "tables without a header", 1);
	while (rc == 0 && (got = table_next(t, &row, &why)) > 0)
		rc = got == TABLE_ROW
			 ? emit_row(in, t, &row, all, e)
			 : ingest_reject(in, row.at, why.msg, row.text, e);
	if (rc == 0 && got == TABLE_FAIL)
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	table_close(t);
	return rc;
}
