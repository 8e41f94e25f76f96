#include "source/imessage/rows.h"

#include "core/text/utf8.h"
#include "source/item.h"

enum {
	COLUMNS_MAX = 64 << 10, /* bytes of their names */
	/* Of PRAGMA table_info. */
	NAME = 1,
	DEFAULT = 4,
};

/* Is it a table whose rows stand in the file itself? */
static int
look(struct rows *r, struct db *d, struct err *e)
{
	struct stmt *s = db_prepare(d,
	    "SELECT sql FROM sqlite_schema WHERE type = 'table' AND "
	    "rootpage > 0 AND name = ?1 COLLATE NOCASE LIMIT 1",
	    e);
	int rc;

	if (s == NULL)
		return -1;
	stmt_text(s, 1, str_of(r->name));
	rc = stmt_step(s, e);
	r->there = rc > 0;
	stmt_reset(s);
	return rc < 0 ? -1 : 0;
}

static void
add_column(struct rows *r, struct str name, struct str preset)
{
	if (r->columns.n > 0)
		buf_add_z(&r->columns, ", ");
	buf_add_char(&r->columns, '"');
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"')
			buf_add_char(&r->columns, '"');
		buf_add_char(&r->columns, name.p[i]);
	}
	buf_add_char(&r->columns, '"');
	buf_add_char(&r->zeros, str_is(preset, "0") ? '0' : '-');
}

int
rows_open(struct rows *r, struct db *d, const char *name, struct err *e)
{
	struct stmt *s;
	struct buf b;
	int rc;

	*r = (struct rows){ .name = name };
	buf_init(&r->columns, COLUMNS_MAX);
	buf_init(&r->zeros, COLUMNS_MAX);
	if (look(r, d, e) < 0)
		return -1;
	if (!r->there)
		return 0;
	buf_init(&b, 256);
	buf_printf(&b, "PRAGMA table_info(%s)", name);
	s = db_prepare(d, buf_cstr(&b), e);
	buf_release(&b);
	if (s == NULL)
		return -1;
	while ((rc = stmt_step(s, e)) > 0)
		add_column(r, stmt_col(s, NAME), stmt_col(s, DEFAULT));
	if (rc == 0 && r->columns.over)
		rc = err_set(e, "table %s: too many columns", name);
	return rc;
}

void
rows_release(struct rows *r)
{
	buf_release(&r->columns);
	buf_release(&r->zeros);
}

bool
rows_has(const struct rows *r, const char *column)
{
	struct str rest = buf_str(&r->columns), want = str_of(column);

	while (rest.p != NULL && rest.n > 0) {
		struct str one = str_split(&rest, ',');

		one = str_trim(one);
		if (one.n == want.n + 2 &&
		    str_eq_nocase(str_sub(one, 1, want.n), want))
			return true;
	}
	return false;
}

struct stmt *
rows_select(const struct rows *r, struct db *d, const char *also,
    const char *where, struct err *e)
{
	struct buf b;
	struct stmt *s;

	buf_init(&b, 2 * COLUMNS_MAX);
	buf_printf(&b, "SELECT %s%s FROM %s %s", also,
	    buf_cstr((struct buf *)(uintptr_t)&r->columns), r->name, where);
	s = db_prepare(d, buf_cstr(&b), e);
	buf_release(&b);
	return s;
}

static void
write_bytes(struct writer *w, struct str bytes)
{
	write_object(w);
	ingest_bytes(w, bytes);
	write_object_end(w);
}

static void
write_text(struct writer *w, struct str s)
{
	if (memchr(s.p, '\0', s.n) == NULL && utf8_is_valid(s))
		write_str(w, s);
	else
		write_bytes(w, s);
}

static void
write_value(struct writer *w, struct stmt *s, int i, enum db_value kind)
{
	switch (kind) {
	case DB_INT:
		write_int(w, stmt_col_int(s, i));
		break;
	case DB_REAL:
		write_real(w, stmt_col_real(s, i));
		break;
	case DB_TEXT:
		write_text(w, stmt_col(s, i));
		break;
	default:
		write_bytes(w, stmt_col(s, i));
	}
}

void
rows_write(const struct rows *r, struct stmt *s, int first, bool blobs,
    struct writer *w)
{
	int n = stmt_cols(s);

	for (int i = first; i < n; i++) {
		enum db_value kind = stmt_col_value(s, i);
		size_t column = (size_t)(i - first);

		if (kind == DB_NULL || (kind == DB_BLOB && !blobs) ||
		    (kind == DB_INT && stmt_col_int(s, i) == 0 &&
			column < r->zeros.n && r->zeros.p[column] == '0'))
			continue;
		write_key_str(w, str_of(stmt_name(s, i)));
		write_value(w, s, i, kind);
	}
}
