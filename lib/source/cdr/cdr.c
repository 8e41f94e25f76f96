/*
 * Tables of calls.  Asterisk's Master.csv has no header, and 16 columns or
 * more: which is which is told by where the times stand.  Exports of its
 * database and of other exchanges have a header.  Rows of one call, which
 * leave the exchange as its legs end, go into one native record:
 *	{"rows":[{"src":"...","dst":"...",...},...]}
 * with "dates":"dmy" or "mdy" beside, where the table's days are written so.
 */
#include "source/cdr/cdr.h"
#include "core/text/ascii.h"
#include "source/cdr/join.h"
#include "source/table/table.h"

enum {
	CDR_CELLS = 64, /* columns of a table without a header */
	FIRST_ROWS = 5, /* looked at for a layout that is known */
};

/* 1327521966.12, maybe with the exchange's name before it. */
static bool
is_unique_id(struct str s)
{
	ptrdiff_t dot = str_rchr(s, '.');
	struct str left = str_sub(s, 0, dot < 0 ? 0 : (size_t)dot);
	ptrdiff_t dash = str_rchr(left, '-');

	left = str_sub(left, (size_t)(dash + 1), left.n);
	return dot > 0 && left.n >= 9 && str_is_digits(left) &&
	       str_is_digits(str_sub(s, (size_t)dot + 1, s.n));
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool
is_uuid(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : ascii_hex(s.p[i]) < 0)
			return false;
	}
	return s.n == 36;
}

/*
 * A layout: which column is what.  Asterisk's own begins with the account and
 * has the times at 9, 10 and 11; the custom one that comes with it ends with
 * the account; FreeSWITCH's has name, number, destination, context first.
 */
struct layout {
	enum cdr_column v[CDR_CELLS];
	size_t n;
};

static const enum cdr_column asterisk[] = { CDR_ACCOUNT, CDR_SRC, CDR_DST,
	CDR_CONTEXT, CDR_CLID, CDR_CHANNEL, CDR_DST_CHANNEL, CDR_APP,
	CDR_APP_DATA, CDR_START, CDR_ANSWER, CDR_END, CDR_DURATION, CDR_TALK,
	CDR_DISPOSITION, CDR_AMA };
static const enum cdr_column custom[] = { CDR_CLID, CDR_SRC, CDR_DST,
	CDR_CONTEXT, CDR_CHANNEL, CDR_DST_CHANNEL, CDR_APP, CDR_APP_DATA,
	CDR_START, CDR_ANSWER, CDR_END, CDR_DURATION, CDR_TALK, CDR_DISPOSITION,
	CDR_AMA, CDR_ACCOUNT };
static const enum cdr_column freeswitch[] = { CDR_SRC_NAME, CDR_SRC, CDR_DST,
	CDR_CONTEXT, CDR_START, CDR_ANSWER, CDR_END, CDR_DURATION, CDR_TALK,
	CDR_DISPOSITION, CDR_UNIQUE_ID, CDR_OTHER_ID, CDR_ACCOUNT };

static const struct {
	const enum cdr_column *v;
	size_t n, start;
} layouts[] = { { asterisk, sizeof(asterisk) / sizeof(*asterisk), 9 },
	{ custom, sizeof(custom) / sizeof(*custom), 8 },
	{ freeswitch, sizeof(freeswitch) / sizeof(*freeswitch), 4 } };

/* 60, and 60.777 where the exchange counts so. */
static bool
is_seconds(struct str s)
{
	struct str rest = s, whole = str_split(&rest, '.');

	return str_is_digits(whole) && (rest.p == NULL || str_is_digits(rest));
}

/* Do the cells at a layout's places hold what they should? */
static bool
fits(const struct str *cells, size_t n, size_t at, struct arena *a)
{
	return n >= at + 6 && cdr_is_time(cells[at]) &&
	       (cells[at + 1].n == 0 || cdr_is_time(cells[at + 1])) &&
	       (cells[at + 2].n == 0 || cdr_is_time(cells[at + 2])) &&
	       is_seconds(cells[at + 3]) && is_seconds(cells[at + 4]) &&
	       (at == 4 || cdr_is(cells[at + 5], CDR_SAYS_OUTCOME, a));
}

/* What stands behind the columns that all have. */
static enum cdr_column
told_by_content(const struct layout *l, struct str s, size_t i, size_t base)
{
	bool has_id = false;

	for (size_t k = 0; k < i; k++)
		has_id |= l->v[k] == CDR_UNIQUE_ID;
	if (is_unique_id(s) || is_uuid(s))
		return has_id ? CDR_LINKED_ID : CDR_UNIQUE_ID;
	return i == base + 1 || (i == base && !has_id) ? CDR_USER : CDR_OTHER;
}

/* The layout of a table without a header, by a row of it; 0 where the row
 * fits none. */
static size_t
tell_layout(
    const struct str *cells, size_t n, struct layout *out, struct arena *a)
{
	out->n = n < CDR_CELLS ? n : CDR_CELLS;
	for (size_t k = 0; k < sizeof(layouts) / sizeof(*layouts); k++) {
		size_t known = layouts[k].n;

		if (!fits(cells, n, layouts[k].start, a))
			continue;
		for (size_t i = 0; i < out->n; i++)
			out->v[i] =
			    i < known ? layouts[k].v[i]
			    : layouts[k].start == 4
				? CDR_OTHER
				: told_by_content(out, cells[i], i, known);
		return k + 1;
	}
	return 0;
}

/* By the first of a table's rows that fits one: the very first may be cut off
 * where a file was rotated. */
static size_t
tell_rows(struct str head, struct layout *out, struct arena *a)
{
	struct table *t = table_peek(head, NULL);
	struct table_row row = { 0 };
	enum table_result got = TABLE_ROW;
	struct err e;
	size_t found = 0;

	if (t == NULL)
		return 0;
	row.n = table_first(t, &row.cells);
	for (int i = 0; i < FIRST_ROWS && found == 0 && got > 0; i++) {
		if (got == TABLE_ROW)
			found = tell_layout(row.cells, row.n, out, a);
		got = table_next(t, &row, &e);
	}
	table_close(t);
	return found;
}

/* The same by a header; how many of its columns are known. */
static size_t
read_header(
    const struct str *cells, size_t n, struct layout *out, struct arena *a)
{
	bool has[CDR_COLUMNS] = { false };
	size_t known = 0;

	out->n = n < CDR_CELLS ? n : CDR_CELLS;
	for (size_t i = 0; i < out->n; i++) {
		out->v[i] = cdr_column_of(cells[i], a);
		known += out->v[i] != CDR_OTHER;
		has[out->v[i]] = true;
	}
	if (!has[CDR_START] || !(has[CDR_DURATION] || has[CDR_TALK]) ||
	    !(has[CDR_SRC] || has[CDR_CLID]) || !has[CDR_DST])
		return 0;
	return known;
}

/* Whether the days stand before the months, by the first time of the head that
 * cannot be read both ways. */
static char
tell_order(struct str head, const struct layout *l)
{
	struct table *t = table_peek(head, NULL);
	struct table_row row = { 0 };
	enum table_result got;
	struct err e;
	char order = 0;

	while (t != NULL && order == 0 && (got = table_next(t, &row, &e)) > 0)
		for (size_t i = 0; got == TABLE_ROW && i < row.n && i < l->n;
		     i++)
			if (l->v[i] == CDR_START && order == 0)
				order = cdr_day_order(row.cells[i]);
	if (t != NULL)
		table_close(t);
	return order;
}

struct reader {
	struct cdr_join *join;
	struct ingest *in;
	struct layout layout;
	const struct str *columns;
	size_t column_n;
	bool header;
	uint64_t rows;
};

static struct str
cell(const struct reader *r, const struct table_row *row, enum cdr_column c)
{
	for (size_t i = 0; i < row->n && i < r->layout.n; i++)
		if (r->layout.v[i] == c && row->cells[i].n > 0)
			return row->cells[i];
	return STR("");
}

static void
write_row(const struct reader *r, const struct table_row *row, struct buf *out)
{
	struct writer w;
	char name[32];

	write_init(&w, out);
	write_object(&w);
	for (size_t i = 0; i < row->n; i++) {
		enum cdr_column c =
		    i < r->layout.n ? r->layout.v[i] : CDR_OTHER;

		if (row->cells[i].n == 0)
			continue;
		if (r->header && i < r->column_n) {
			write_key_str(&w, r->columns[i]);
		} else if (c != CDR_OTHER && !r->header) {
			write_key(&w, cdr_column_name(c));
		} else {
			snprintf(name, sizeof(name), "column %zu", i + 1);
			write_key(&w, name);
		}
		write_str(&w, row->cells[i]);
	}
	write_object_end(&w);
}

static int
add_row(struct reader *r, const struct table_row *cells, struct err *e)
{
	struct str key = cell(r, cells, CDR_LINKED_ID);
	struct str other = cell(r, cells, CDR_OTHER_ID);
	struct buf *out;

	if (key.n == 0)
		key = cell(r, cells, CDR_UNIQUE_ID);
	/* FreeSWITCH names the other leg alone. */
	if (cdr_join_waits(r->join, other))
		key = other;
	out = cdr_join_row(r->join, key, ++r->rows, e);
	if (out == NULL)
		return -1;
	write_row(r, cells, out);
	cdr_join_row_end(r->join);
	return 0;
}

static int
read_rows(struct reader *r, struct table *t, struct err *e)
{
	struct table_row row = { 0 };
	enum table_result got = TABLE_END;
	struct err why;
	char at[STR_COUNT];
	int rc = 0;

	if (!r->header) {
		row.n = table_first(t, &row.cells);
		rc = row.n == 0 ? 0 : add_row(r, &row, e);
	}
	while (rc == 0 && (got = table_next(t, &row, &why)) > 0) {
		if (got == TABLE_ROW) {
			rc = add_row(r, &row, e);
			continue;
		}
		rc = ingest_reject(
		    r->in, str_count(at, '#', ++r->rows), why.msg, row.text, e);
	}
	if (rc == 0 && got == TABLE_FAIL)
		rc = ingest_reject(r->in, STR(""), why.msg, STR(""), e);
	return rc < 0 ? rc : cdr_join_end(r->join, e);
}

static int
cdr_read(struct ingest *in, struct input *file, struct err *e)
{
	struct reader r = { .in = in };
	struct arena a = { 0 };
	struct err why;
	struct layout layout = { 0 };
	struct table *t;
	const struct str *cells;
	struct str head;
	size_t n;
	int rc;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	if (tell_rows(head, &layout, &a) == 0)
		layout.n = 0;
	t = table_open(file, NULL, in->max_item, &why);
	if (t == NULL) {
		arena_release(&a);
		return ingest_reject(in, STR("0"), why.msg, STR(""), e);
	}
	n = table_first(t, &cells);
	r.column_n = table_columns(t, &r.columns);
	r.header = read_header(cells, n, &r.layout, &a) > 0;
	if (!r.header)
		r.layout = layout;
	arena_release(&a);
	r.join =
	    cdr_join_new(in, r.header ? tell_order(head, &r.layout) : '\0');
	rc = table_say_remarks(in, t, e);
	if (rc == 0)
		rc = read_rows(&r, t, e);
	cdr_join_free(r.join);
	table_close(t);
	return rc;
}
/*
 * Calls in a layout of somebody's own, without a header: a time, an id of the
 * call and its direction or outcome.  No row of them is a header, and a map
 * gives them a meaning.
 */
static bool
looks_like_calls(const struct str *cells, size_t n, struct arena *a)
{
	bool time = false, id = false, outcome = false;

	for (size_t i = 0; i < n; i++) {
		time |= cdr_is_time(cells[i]);
		id |= is_uuid(cells[i]) || is_unique_id(cells[i]);
		outcome |= cdr_is(cells[i], CDR_SAYS_OUTCOME, a) ||
			   str_eq_nocase(cells[i], STR("inbound")) ||
			   str_eq_nocase(cells[i], STR("outbound"));
	}
	return time && id && outcome;
}

static int
cdr_sniff(const char *base_name, struct str head)
{
	struct table *t = table_peek(head, NULL);
	struct arena a = { 0 };
	struct layout layout;
	const struct str *cells;
	size_t n, known;
	int sure = 0;

	(void)base_name;
	if (t == NULL)
		return 0;
	n = table_first(t, &cells);
	known = read_header(cells, n, &layout, &a);
	if (known >= 7 || (known >= 5 && 2 * known >= n))
		sure = 88;
	else if (tell_rows(head, &layout, &a) > 0)
		sure = 92;
	else if (n >= 6 && looks_like_calls(cells, n, &a))
		sure = 75;
	table_close(t);
	arena_release(&a);
	return sure;
}

const struct source_format source_cdr = {
	.name = "asterisk-cdr",
	.about = "call detail records: Asterisk's Master.csv, tables of calls",
	.sniff = cdr_sniff,
	.most = 92,
	.read = cdr_read,
	.normalize = cdr_normalize,
};
