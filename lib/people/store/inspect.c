#include "people/store/inspect.h"

#include "core/io/db.h"
#include "core/io/file.h"
#include "people/store/store.h"

enum { FAULTS_MOST = 20 /* of a database that are told */ };

static const char *const files[] = { "people", "work", "outbox" };
enum { FILES = sizeof(files) / sizeof(*files) };

/* What must not be in people.db, each a number of rows. */
static const struct {
	const char *what, *sql;
} rules[] = {
	{ "keys whose person is not there",
	    "SELECT count(*) FROM keys WHERE person IS NOT NULL AND person NOT"
	    " IN (SELECT key FROM persons)" },
	{ "persons whose key is not there",
	    "SELECT count(*) FROM persons WHERE key NOT IN (SELECT n FROM"
	    " keys)" },
	{ "pairs of keys that are not there",
	    "SELECT count(*) FROM edges WHERE a NOT IN (SELECT n FROM keys) OR"
	    " b NOT IN (SELECT n FROM keys)" },
	{ "names of keys that are not there",
	    "SELECT count(*) FROM names WHERE key NOT IN (SELECT n FROM"
	    " keys)" },
	{ "conversations of keys that are not there",
	    "SELECT count(*) FROM conversations WHERE key IS NOT NULL AND key"
	    " NOT IN (SELECT n FROM keys)" },
	{ "participants of conversations that are not there",
	    "SELECT count(*) FROM participants WHERE conversation NOT IN"
	    " (SELECT n FROM conversations)" },
	{ "messages of persons that are not there",
	    "SELECT count(*) FROM messages WHERE person IS NOT NULL AND person"
	    " NOT IN (SELECT key FROM persons)" },
	{ "messages of keys that are not there",
	    "SELECT count(*) FROM messages WHERE key IS NOT NULL AND key NOT"
	    " IN (SELECT n FROM keys)" },
	{ "messages of conversations that are not there",
	    "SELECT count(*) FROM messages WHERE conversation IS NOT NULL AND"
	    " conversation NOT IN (SELECT n FROM conversations)" },
	{ "references to conversations that are not there",
	    "SELECT count(*) FROM refs WHERE conversation NOT IN (SELECT n"
	    " FROM conversations)" },
	{ "references of messages that are not there",
	    "SELECT count(*) FROM refs WHERE message IS NOT NULL AND message"
	    " NOT IN (SELECT n FROM messages)" },
};

/* NULL where it is not there, with *missing; or on error. */
static struct db *
open_file(const char *dir, const char *name, bool *missing, struct err *e)
{
	struct db *d = NULL;
	struct buf path;

	buf_init(&path, 8192);
	buf_printf(&path, "%s/%s.db", dir, name);
	*missing = file_is_missing(buf_cstr(&path));
	if (!*missing)
		d = db_open(buf_cstr(&path), DB_READ, e);
	buf_release(&path);
	return d;
}

static void
fault(struct buf *out, const char *name, int n, struct str what)
{
	if (n < FAULTS_MOST)
		buf_printf(out, "%s.db: %.*s\n", name, STR_ARG(what));
	else if (n == FAULTS_MOST)
		buf_printf(out, "%s.db: and more\n", name);
}

/* What SQLite finds: how many faults, or -1. */
static int
check_pages(struct db *d, const char *name, struct buf *out, struct err *e)
{
	struct stmt *st = db_prepare(d, "PRAGMA integrity_check", e);
	int faults = 0, rc;

	if (st == NULL)
		return -1;
	while ((rc = stmt_step(st, e)) == 1)
		if (!str_is(stmt_col(st, 0), "ok"))
			fault(out, name, faults++, stmt_col(st, 0));
	return rc < 0 ? -1 : faults;
}

static int
count(struct db *d, const char *sql, int64_t *n, struct err *e)
{
	struct stmt *st = db_prepare(d, sql, e);

	if (st == NULL || stmt_step(st, e) != 1)
		return -1;
	*n = stmt_col_int(st, 0);
	stmt_reset(st);
	return 0;
}

/* What names what is not there: how many faults, or -1. */
static int
check_rows(struct db *d, const char *name, struct buf *out, struct err *e)
{
	int faults = 0;

	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		int64_t n;

		if (count(d, rules[i].sql, &n, e) != 0)
			return -1;
		if (n == 0)
			continue;
		faults++;
		buf_printf(
		    out, "%s.db: %lld %s\n", name, (long long)n, rules[i].what);
	}
	return faults;
}

static int
check_file(struct db *d, const char *name, struct buf *out, struct err *e)
{
	int64_t version = 0;
	int pages = check_pages(d, name, out, e), rows = 0;

	/* Of another version the tables are others. */
	if (pages == 0 && str_is(str_of(name), "people")) {
		if (db_format(d, &version, e) != 0)
			return -1;
		if (version == STORE_VERSION)
			rows = check_rows(d, name, out, e);
	}
	if ((pages < 0 || rows < 0) && !db_is_broken(d))
		return -1;
	if (pages < 0 || rows < 0) {
		buf_printf(out, "%s\n", e->msg);
		return 0;
	}
	if (pages + rows == 0)
		buf_printf(out, "%s.db: sound\n", name);
	return pages + rows == 0;
}

static int
each_file(const char *dir, struct buf *out,
    int (*look)(struct db *d, const char *name, struct buf *out, struct err *e),
    struct err *e)
{
	bool any = false, all = true;

	for (size_t i = 0; i < FILES; i++) {
		bool missing;
		struct db *d = open_file(dir, files[i], &missing, e);
		int rc = 0;

		if (missing)
			continue;
		if (d == NULL)
			return -1;
		rc = look(d, files[i], out, e);
		db_close(d);
		if (rc < 0)
			return -1;
		any = true;
		all &= rc == 1;
	}
	return any ? all
		   : err_set(e,
			 "%s: nothing is known here yet: kith merge -S %s "
			 "makes it",
			 dir, dir);
}

int
inspect_check(const char *dir, struct buf *out, struct err *e)
{
	return each_file(dir, out, check_file, e);
}

/* Of each table what it and its indexes take. */
static int
stat_file(struct db *d, const char *name, struct buf *out, struct err *e)
{
	static const char tables[] =
	    "SELECT t.name, (SELECT sum(s.pgsize) FROM sqlite_schema i JOIN"
	    " dbstat s ON s.name = i.name WHERE i.tbl_name = t.name AND"
	    " s.aggregate = 1) FROM sqlite_schema t WHERE t.type = 'table'"
	    " ORDER BY t.name";
	struct stmt *st = db_prepare(d, tables, e);
	int rc;

	if (st == NULL)
		return -1;
	while ((rc = stmt_step(st, e)) == 1) {
		struct str table = stmt_col(st, 0);
		int64_t bytes = stmt_col_int(st, 1), rows;
		struct buf sql;

		buf_init(&sql, 1024);
		buf_printf(
		    &sql, "SELECT count(*) FROM \"%.*s\"", STR_ARG(table));
		rc = count(d, buf_cstr(&sql), &rows, e);
		buf_release(&sql);
		if (rc != 0)
			return -1;
		buf_printf(out, "%s.db\t%.*s\t%lld\t%lld\n", name,
		    STR_ARG(table), (long long)rows, (long long)bytes);
	}
	return rc < 0 ? -1 : 1;
}

int
inspect_stat(const char *dir, struct buf *out, struct err *e)
{
	return each_file(dir, out, stat_file, e) < 0 ? -1 : 0;
}
