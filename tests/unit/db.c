#include "core/io/db.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char folder[] = "/tmp/kith-db-XXXXXX";
static char path[64];
static const char schema[] =
    "CREATE TABLE t (k TEXT PRIMARY KEY, v INTEGER) WITHOUT ROWID;"
    "CREATE TABLE c (k TEXT REFERENCES t);";

static void
insert(struct db *d)
{
	struct err e = { 0 };
	struct stmt *s = db_prepare(d, "INSERT INTO t VALUES (?1, ?2)", &e);

	ok(s != NULL, "prepared");
	stmt_text(s, 1, STR("a"));
	stmt_int(s, 2, INT64_C(1) << 40);
	is_int(stmt_run(s, &e), 0, "run");
	stmt_text(s, 1, STR(""));
	stmt_null(s, 2);
	is_int(stmt_run(s, &e), 0, "run again");
	stmt_text(s, 1, STR("a"));
	is_int(stmt_run(s, &e), -1, "twice the same key");
	is_int(e.code, ERR_FAIL, "is a failure");
	is_int(db_exec(d, "INSERT INTO c VALUES ('none')", &e), -1,
	    "foreign keys hold");
}

static void
query(struct db *d)
{
	struct err e = { 0 };
	struct stmt *s = db_prepare(d, "SELECT k, v FROM t ORDER BY k", &e);

	is_int(stmt_step(s, &e), 1, "a row");
	is_str(stmt_col(s, 0), "", "empty text is not absent");
	is_str(stmt_col(s, 1), NULL, "null is");
	is_int(stmt_step(s, &e), 1, "a row");
	is_str(stmt_col(s, 0), "a", "text");
	is_int(stmt_col_int(s, 1), INT64_C(1) << 40, "number");
	is_int(stmt_step(s, &e), 0, "the end");
	ok(db_prepare(d, "SELECT x FROM nowhere", &e) == NULL, "bad SQL");
}

static void
write_and_read(void)
{
	struct err e = { 0 };
	struct db *d = db_open(path, DB_WRITE, &e);
	struct stat st;

	ok(d != NULL, "made");
	is_int(db_schema(d, 3, schema, &e), 0, "schema");
	is_int(db_schema(d, 3, schema, &e), 0, "schema again");
	stat(path, &st);
	is_int(st.st_mode & 0777, 0600, "for the owner alone");
	insert(d);
	query(d);
	db_begin(d, &e);
	db_exec(d, "DELETE FROM t", &e);
	is_int(db_changes(d), 2, "changes");
	db_rollback(d);
	query(d);
	db_close(d);
	d = db_open(path, DB_READ, &e);
	is_int(db_schema(d, 3, schema, &e), 0, "a reader");
	query(d);
	is_int(db_exec(d, "DELETE FROM t", &e), -1, "writes nothing");
	is_int(db_schema(d, 4, schema, &e), -1, "another version");
	ok(strstr(e.msg, "has version 3; this one has version 4") != NULL,
	    "says which");
	db_close(d);
}

static void
locked(void)
{
	struct err e = { 0 };
	struct db *a = db_open(path, DB_WRITE, &e);
	struct db *b = db_open(path, DB_WRITE, &e);

	is_int(db_begin(a, &e), 0, "one writes");
	is_int(db_exec(b, "PRAGMA busy_timeout=1", &e), 0, "impatient");
	is_int(db_begin(b, &e), -1, "the other must not");
	is_int(e.code, ERR_AGAIN, "and may try again");
	is_int(db_begin(a, &e), 0, "a transaction that has begun goes on");
	is_int(db_commit(a, &e), 0, "done");
	is_int(db_commit(a, &e), 0, "nothing is left to commit");
	is_int(db_begin(b, &e), 0, "now");
	db_rollback(b);
	db_close(b);
	db_close(a);
}

static void
no_database(void)
{
	struct err e = { 0 };
	FILE *f;

	unlink(path);
	ok(db_open(path, DB_READ, &e) == NULL, "missing");
	ok(strstr(e.msg, "No such file") != NULL, "says so");
	f = fopen(path, "w");
	fputs("this is no database, but it is long enough to look at\n", f);
	fclose(f);
	ok(db_open(path, DB_READ, &e) == NULL, "no database");
	ok(db_open(path, DB_WRITE, &e) == NULL, "nor to write");
	ok(strstr(e.msg, "not a database") != NULL, "says so");
	ok(db_open("/nonexistent/x.db", DB_WRITE, &e) == NULL, "no folder");
	db_close(NULL);
}

int
main(void)
{
	static const char *const ends[] = { "", "-wal", "-shm" };
	char name[80];
	int i;

	if (mkdtemp(folder) == NULL)
		return 2;
	snprintf(path, sizeof(path), "%s/a?b.db", folder);
	write_and_read();
	locked();
	no_database();
	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
	rmdir(folder);
	return done();
}
