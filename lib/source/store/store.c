/*
 * Tables of tills, and of visits to a store.  Rows of one receipt that follow
 * each other are one item: a sale has a row for each thing that was sold, or
 * one alone.
 */
#include "source/store/store.h"

#include "core/text/ascii.h"
#include "source/table/table.h"

enum {
	KEYS = 3, /* by which rows are one sale's */
	DATES = 64, /* rows looked at for which comes first, day or month */
};

struct reader {
	struct ingest *in;
	struct table *table;
	size_t column[STORE_COLUMNS]; /* SIZE_MAX without */
	struct buf now[KEYS]; /* of the sale that is open */
	const char *dates; /* "dmy", "mdy", or NULL: not told */
	struct writer *open;
	struct err *e;
};

static void
find_columns(struct table *t, size_t column[STORE_COLUMNS])
{
	struct arena a = { 0 };
	const struct str *names;
	size_t n = table_columns(t, &names);

	for (size_t k = 0; k < STORE_COLUMNS; k++)
		column[k] = SIZE_MAX;
	for (size_t i = 0; i < n; i++) {
		enum store_column c = store_column(names[i], &a);

		if (c < STORE_COLUMNS && column[c] == SIZE_MAX)
			column[c] = i;
		arena_reset(&a);
	}
	arena_release(&a);
}

static struct str
cell(const struct reader *r, const struct table_row *row, enum store_column c)
{
	size_t at = r->column[c];

	return at < row->n ? row->cells[at] : STR("");
}

static int
close_sale(struct reader *r)
{
	if (r->open == NULL)
		return 0;
	write_list_end(r->open);
	if (r->dates != NULL)
		write_member(r->open, "dates", str_of(r->dates));
	write_object_end(r->open);
	r->open = NULL;
	return ingest_item_end(r->in, r->e);
}

static const enum store_column keys[KEYS] = { STORE_RECEIPT, STORE_DATE,
	STORE_BRANCH };

static int
take_row(struct reader *r, const struct table_row *row)
{
	bool goes_on = r->open != NULL && cell(r, row, STORE_RECEIPT).n > 0;
	size_t filled = 0;

	while (filled < row->n && row->cells[filled].n == 0)
		filled++;
	if (filled == row->n) {
		sink_sum(r->in->sink, "empty rows", 1);
		return 0;
	}
	for (size_t i = 0; i < KEYS; i++)
		goes_on &= str_eq(buf_str(&r->now[i]), cell(r, row, keys[i]));
	if (!goes_on) {
		if (close_sale(r) < 0)
			return -1;
		r->open = ingest_item(r->in, row->at);
		write_object(r->open);
		write_key(r->open, "rows");
		write_list(r->open);
		for (size_t i = 0; i < KEYS; i++) {
			buf_reset(&r->now[i]);
			buf_add_str(&r->now[i], cell(r, row, keys[i]));
		}
	}
	table_write(r->table, row, r->open, false);
	return 0;
}

/* "13/02/2026" has the day first, "02/13/2026" the month. */
static const char *
order_of(struct str s)
{
	struct str rest = s;
	int64_t first, second;

	if (str_to_int(str_split(&rest, '/'), &first) < 0 || rest.p == NULL ||
	    str_to_int(str_split(&rest, '/'), &second) < 0 || first > 31)
		return NULL;
	return first > 12 ? "dmy" : second > 12 ? "mdy" : NULL;
}

/* By the first rows: what none of them tells the workspace's region does. */
static const char *
tell_dates(struct str head)
{
	struct table *t = table_peek(head, NULL);
	size_t column[STORE_COLUMNS];
	struct table_row row;
	const char *found = NULL;
	struct err e;

	if (t == NULL)
		return NULL;
	find_columns(t, column);
	for (int i = 0;
	     i < DATES && found == NULL && table_next(t, &row, &e) == TABLE_ROW;
	     i++) {
		size_t at = column[STORE_DATE];

		if (at >= row.n)
			at = column[STORE_ARRIVAL];
		if (at < row.n)
			found = order_of(row.cells[at]);
	}
	table_close(t);
	return found;
}

static int
store_read(struct ingest *in, struct input *file, struct err *e)
{
	struct reader r = { .in = in, .e = e };
	enum table_result got = TABLE_END;
	struct table_row row;
	struct str head;
	struct err why;
	int rc;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	r.dates = tell_dates(head);
	r.table = table_open(file, NULL, in->max_item, &why);
	if (r.table == NULL)
		return ingest_reject(in, STR("0"), why.msg, STR(""), e);
	find_columns(r.table, r.column);
	for (size_t i = 0; i < KEYS; i++)
		buf_init(&r.now[i], in->max_item);
	rc = table_say_remarks(in, r.table, e);
	while (rc == 0 && (got = table_next(r.table, &row, &why)) > 0) {
		if (got == TABLE_ROW)
			rc = take_row(&r, &row);
		else if ((rc = close_sale(&r)) == 0)
			rc = ingest_reject(in, row.at, why.msg, row.text, e);
	}
	if (rc == 0)
		rc = close_sale(&r);
	if (rc == 0 && got == TABLE_FAIL)
		rc = ingest_reject(in, STR(""), why.msg, STR(""), e);
	for (size_t i = 0; i < KEYS; i++)
		buf_release(&r.now[i]);
	table_close(r.table);
	return rc;
}

/*
 * A receipt with a sum or things sold, and a till, a store or who stood there:
 * a shop in the web has none of these.  Or when somebody came in, and where.
 */
static int
store_sniff(const char *base_name, struct str head)
{
	struct table *t;
	size_t c[STORE_COLUMNS];
	bool sold, there;

	(void)base_name;
	if (head.n == 0 || ascii_is_in(str_trim(head).p[0], "{[<#"))
		return 0;
	t = table_peek(head, NULL);
	if (t == NULL)
		return 0;
	find_columns(t, c);
	table_close(t);
	sold = c[STORE_TOTAL] != SIZE_MAX || c[STORE_ITEM] != SIZE_MAX ||
	       c[STORE_SUBTOTAL] != SIZE_MAX;
	there = c[STORE_BRANCH] != SIZE_MAX || c[STORE_REGISTER] != SIZE_MAX;
	if (c[STORE_RECEIPT] != SIZE_MAX && c[STORE_DATE] != SIZE_MAX && sold &&
	    there)
		return 82;
	return c[STORE_ARRIVAL] != SIZE_MAX && c[STORE_BRANCH] != SIZE_MAX &&
		       (c[STORE_NAME] != SIZE_MAX ||
			   c[STORE_CUSTOMER] != SIZE_MAX ||
			   c[STORE_CARD] != SIZE_MAX ||
			   c[STORE_EMAIL] != SIZE_MAX ||
			   c[STORE_TEL] != SIZE_MAX)
		   ? 82
		   : 0;
}

const struct source_format source_store = {
	.name = "store",
	.about = "sales of tills, and visits to a store: tables",
	.sniff = store_sniff,
	.most = 82,
	.read = store_read,
	.normalize = store_normalize,
};
