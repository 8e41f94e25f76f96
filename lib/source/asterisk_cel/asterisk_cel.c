/*
 * Events of a call stand apart in Master.csv, which has no header, in exports
 * of the database, and in JSON, one a line or in a list: they go into one native
 * record by linkedid, as the rows of call detail records do.
 */
#include "source/asterisk_cel/cel.h"

#include "source/cdr/join.h"
#include "source/wrapped.h"
#include "source/peek.h"
#include "source/table/table.h"

/* Columns of Master.csv, as Asterisk's sample configuration has them; what
 * stands behind has no name. */
static const char *const columns[] = { "eventtype", "eventtime", "cid_name",
	"cid_num", "cid_ani", "cid_rdnis", "cid_dnid", "exten", "context",
	"channame", "appname", "appdata", "amaflags", "accountcode", "uniqueid",
	"linkedid", "peer", "userfield", "userdeftype", "extra" };

enum { COLUMNS = sizeof(columns) / sizeof(*columns), LINKED = 15, UNIQUE = 14 };

struct reader {
	struct ingest *in;
	struct cdr_join *join;
	const struct str *names; /* of a table with a header, else NULL */
	size_t n;
	size_t linked, unique;
	uint64_t rows;
};

static struct str
cell(const struct table_row *row, size_t i)
{
	return i < row->n ? row->cells[i] : STR("");
}

static int
add_row(struct reader *r, const struct table_row *row, struct err *e)
{
	struct str key = cell(row, r->linked);
	struct buf *out;
	struct writer w;
	char name[32];

	if (key.n == 0)
		key = cell(row, r->unique);
	out = cdr_join_row(r->join, key, ++r->rows, e);
	if (out == NULL)
		return -1;
	write_init(&w, out);
	write_object(&w);
	for (size_t i = 0; i < row->n; i++) {
		if (row->cells[i].n == 0)
			continue;
		snprintf(name, sizeof(name), "column %zu", i + 1);
		write_member(&w,
		    r->names == NULL && i < COLUMNS ? columns[i] : name,
		    row->cells[i]);
	}
	write_object_end(&w);
	cdr_join_row_end(r->join);
	return 0;
}

/* The same with a header, whose names may need escapes. */
static int
add_named(struct reader *r, struct table *t, const struct table_row *row,
    struct err *e)
{
	struct str key = cell(row, r->linked);
	struct buf *out;
	struct writer w;

	if (key.n == 0)
		key = cell(row, r->unique);
	out = cdr_join_row(r->join, key, ++r->rows, e);
	if (out == NULL)
		return -1;
	write_init(&w, out);
	table_write(t, row, &w, false);
	cdr_join_row_end(r->join);
	return 0;
}

/* Where the columns of a header are that must be there. */
static bool
read_header(struct reader *r, const struct str *names, size_t n)
{
	bool type = false, time = false;

	r->linked = r->unique = SIZE_MAX;
	for (size_t i = 0; i < n; i++) {
		int field = spelling_of(&cel_names, names[i]);

		type |= field == CEL_TYPE;
		time |= field == CEL_TIME;
		if (field == CEL_LINKED)
			r->linked = i;
		else if (field == CEL_UNIQUE)
			r->unique = i;
	}
	return type && time && r->linked != SIZE_MAX;
}

static int
read_rows(struct reader *r, struct table *t, struct err *e)
{
	struct table_row row = { 0 };
	enum table_result got;
	struct err why;
	char at[STR_COUNT];
	int rc = 0;

	if (r->names == NULL) {
		row.n = table_first(t, &row.cells);
		rc = row.n == 0 ? 0 : add_row(r, &row, e);
	}
	while (rc == 0 && (got = table_next(t, &row, &why)) != TABLE_END) {
		if (got == TABLE_ROW && r->names != NULL)
			rc = add_named(r, t, &row, e);
		else if (got == TABLE_ROW)
			rc = add_row(r, &row, e);
		else if (got == TABLE_BAD)
			rc = ingest_reject(r->in, str_count(at, '#', ++r->rows),
			    why.msg, row.text, e);
		else
			return ingest_reject(
			    r->in, STR(""), why.msg, STR(""), e);
	}
	return rc;
}

static int
read_table(struct reader *r, struct input *file, struct err *e)
{
	struct err why;
	struct table *t = table_open(file, NULL, r->in->max_item, &why);
	const struct str *names;
	size_t n;
	int rc;

	if (t == NULL)
		return ingest_reject(r->in, STR("0"), why.msg, STR(""), e);
	n = table_columns(t, &names);
	if (read_header(r, names, n)) {
		r->names = names;
	} else {
		r->linked = LINKED;
		r->unique = UNIQUE;
	}
	rc = table_say_remarks(r->in, t, e);
	if (rc == 0)
		rc = read_rows(r, t, e);
	table_close(t);
	return rc;
}

static int
add_value(void *arg, const struct cut_item *item, struct err *e)
{
	struct reader *r = arg;
	struct json f[CEL_FIELDS] = { 0 };
	struct arena a = { 0 };
	struct str key;
	struct buf *out;

	if (json_type(item->value) != JSON_OBJECT) {
		r->rows++;
		return ingest_reject(
		    r->in, item->at, "not a JSON object", item->text, e);
	}
	spelling_read(&cel_names, item->value, f);
	key = json_str(f[CEL_LINKED], &a);
	if (key.n == 0)
		key = json_str(f[CEL_UNIQUE], &a);
	out = cdr_join_row(r->join, key, ++r->rows, e);
	if (out != NULL) {
		buf_add_str(out, item->text);
		cdr_join_row_end(r->join);
	}
	arena_release(&a);
	return out == NULL ? -1 : 0;
}

static int
cel_read(struct ingest *in, struct input *file, struct err *e)
{
	struct reader r = { .in = in };
	struct str head;
	int rc;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	r.join = cdr_join_new(in, '\0');
	rc = json_peek_is(head) ? wrapped_each(in, file, add_value, &r, e)
				: read_table(&r, file, e);
	if (rc == 0)
		rc = cdr_join_end(r.join, e);
	cdr_join_free(r.join);
	return rc;
}

struct look {
	bool type, time, linked;
};

static void
see(void *arg, const struct peeked *p)
{
	struct look *l = arg;
	int field = spelling_of(&cel_names, p->name);

	l->type |=
	    field == CEL_TYPE && (cel_is_event(p->text) || p->first != '"');
	l->time |= field == CEL_TIME;
	l->linked |= field == CEL_LINKED;
}

static int
cel_sniff(const char *base_name, struct str head)
{
	struct reader r = { 0 };
	struct look l = { 0 };
	const struct str *names;
	struct table *t;
	size_t n;
	int sure = 0;

	(void)base_name;
	if (json_peek_is(head)) {
		json_peek(head, see, &l);
		return l.type && l.time && l.linked ? 93 : 0;
	}
	t = table_peek(head, NULL);
	if (t == NULL)
		return 0;
	n = table_first(t, &names);
	if (read_header(&r, names, n))
		sure = 93;
	else if (n > LINKED && cel_is_event(names[0]))
		sure = 94;
	table_close(t);
	return sure;
}

const struct source_format source_asterisk_cel = {
	.name = "asterisk-cel",
	.about = "Asterisk's channel events: each call once",
	.sniff = cel_sniff,
	.read = cel_read,
	.normalize = cel_normalize,
};
