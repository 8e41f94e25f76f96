#include "net/dns/store.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/io/db.h"
#include "core/io/file.h"
#include "core/text/ascii.h"
#include "core/vec.h"

enum {
	STORE_VERSION = 1,
	STORE_VALUES =
	    1 << 16, /* bytes of an answer; larger ones are not kept */
	STORE_ROWS = 1000000, /* the soonest to end go first */
};

/* Values are lines; what is no printable ASCII is \DDD, as in zone files. */
static const char schema[] =
    "CREATE TABLE answers(resolver TEXT NOT NULL, type INTEGER NOT NULL,"
    " name TEXT NOT NULL, status INTEGER NOT NULL, secure INTEGER NOT NULL,"
    " until INTEGER NOT NULL, data TEXT NOT NULL,"
    " PRIMARY KEY(resolver, type, name)) WITHOUT ROWID;";

struct dns_store {
	struct db *db;
	struct stmt *get, *put;
	struct str by;
	struct arena memory;
	struct buf data;
};

struct dns_store *
dns_store_open(const char *state, struct str by, struct err *e)
{
	struct dns_store *s = xcalloc(1, sizeof(*s));
	struct str path;

	buf_init(&s->data, STORE_VALUES);
	s->by = arena_dup(&s->memory, by);
	path = arena_printf(&s->memory, "%s/dns.db", state);
	if (file_make_dir(state, e) != 0 ||
	    (s->db = db_open_cache(path.p, STORE_VERSION, schema, e)) == NULL)
		goto fail;
	s->get = db_prepare(s->db,
	    "SELECT status, secure, until, data FROM answers"
	    " WHERE resolver = ? AND type = ? AND name = ? AND until > ?",
	    e);
	s->put = db_prepare(s->db,
	    "INSERT OR REPLACE INTO answers(resolver, type, name, status,"
	    " secure, until, data) VALUES(?, ?, ?, ?, ?, ?, ?)",
	    e);
	if (s->get != NULL && s->put != NULL)
		return s;
fail:
	db_close_cache(s->db);
	buf_release(&s->data);
	arena_release(&s->memory);
	free(s);
	return NULL;
}

/* What is over goes, and what is too much. */
static int
tidy(struct dns_store *s, int64_t now, struct err *e)
{
	struct stmt *old =
	    db_prepare(s->db, "DELETE FROM answers WHERE until <= ?", e);
	struct stmt *many = db_prepare(s->db,
	    "DELETE FROM answers WHERE (resolver, type, name) IN"
	    " (SELECT resolver, type, name FROM answers ORDER BY until"
	    " LIMIT max(0, (SELECT count(*) FROM answers) - ?))",
	    e);

	if (old == NULL || many == NULL)
		return -1;
	stmt_int(old, 1, now);
	stmt_int(many, 1, STORE_ROWS);
	return stmt_run(old, e) < 0 || stmt_run(many, e) < 0 ? -1 : 0;
}

int
dns_store_close(struct dns_store *s, int64_t now, struct err *e)
{
	int rc = 0;

	if (s == NULL)
		return 0;
	if (db_begin(s->db, e) < 0 || tidy(s, now, e) < 0 ||
	    db_commit(s->db, e) < 0)
		rc = -1;
	db_close_cache(s->db);
	buf_release(&s->data);
	arena_release(&s->memory);
	free(s);
	return rc;
}

static void
add_value(struct buf *out, struct str v)
{
	for (size_t i = 0; i < v.n; i++) {
		unsigned char c = (unsigned char)v.p[i];

		if (c < ' ' || c > '~' || c == '\\')
			buf_printf(out, "\\%03u", (unsigned)c);
		else
			buf_add_char(out, (char)c);
	}
	buf_add_char(out, '\n');
}

static struct str
read_value(struct str line, struct arena *a)
{
	char *to = arena_alloc(a, line.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < line.n; i++) {
		int64_t code;

		if (line.p[i] == '\\' && i + 3 < line.n &&
		    str_to_int(str_sub(line, i + 1, 3), &code) == 0) {
			to[n++] = (char)code;
			i += 3;
		} else {
			to[n++] = line.p[i];
		}
	}
	return str_make(to, n);
}

struct values VEC(struct str);

bool
dns_store_get(struct dns_store *s, struct str name, enum dns_type type,
    int64_t now, struct arena *a, struct dns_answer *out, int64_t *until)
{
	struct values values = { 0 };
	struct str rest;
	struct err e;

	stmt_text(s->get, 1, s->by);
	stmt_int(s->get, 2, type);
	stmt_text(s->get, 3, name);
	stmt_int(s->get, 4, now);
	if (stmt_step(s->get, &e) <= 0)
		return false;
	*out = (struct dns_answer){ .status = (enum dns_status)stmt_col_int(
					s->get, 0),
		.secure = stmt_col_int(s->get, 1) != 0 };
	*until = stmt_col_int(s->get, 2);
	rest = stmt_col(s->get, 3);
	while (rest.n > 0) {
		struct str line = str_split(&rest, '\n');

		vec_add_in(a, &values, read_value(line, a));
	}
	out->v = values.v;
	out->n = values.n;
	stmt_reset(s->get);
	/* What somebody else wrote there is no answer. */
	return out->status == (out->n > 0 ? DNS_FOUND : out->status) &&
	       (out->status == DNS_FOUND ? out->n > 0
					 : out->status == DNS_NOTHING ||
					       out->status == DNS_NO_NAME);
}

int
dns_store_put(struct dns_store *s, struct str name, enum dns_type type,
    const struct dns_answer *answer, int64_t until, struct err *e)
{
	buf_reset(&s->data);
	for (size_t i = 0; i < answer->n; i++)
		add_value(&s->data, answer->v[i]);
	if (s->data.over)
		return 0;
	stmt_text(s->put, 1, s->by);
	stmt_int(s->put, 2, type);
	stmt_text(s->put, 3, name);
	stmt_int(s->put, 4, answer->status);
	stmt_int(s->put, 5, answer->secure);
	stmt_int(s->put, 6, until);
	stmt_text(s->put, 7, buf_str(&s->data));
	if (db_begin(s->db, e) == 0 && stmt_run(s->put, e) == 0)
		return 0;
	db_rollback(s->db);
	return -1;
}

int
dns_store_commit(struct dns_store *s, struct err *e)
{
	if (db_commit(s->db, e) == 0)
		return 0;
	db_rollback(s->db);
	return -1;
}
