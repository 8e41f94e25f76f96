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

static void
put(const char *to, const char *bytes, size_t n)
{
	FILE *f = fopen(to, "w");

	fwrite(bytes, 1, n, f);
	fclose(f);
}

/* As a disk is that the power went on while the file was made. */
static void
not_made(void)
{
	static const char zeros[4096];
	struct err e = { 0 };
	char name[80];

	put(path, zeros, sizeof(zeros));
	snprintf(name, sizeof(name), "%s-journal", path);
	put(name, "\331\325\005\371\040\241\143\327", 8);
	ok(db_open(path, DB_READ, &e) == NULL, "was not made whole");
	ok(strstr(e.msg, "did not get to its end") != NULL, "says so");
	unlink(name);
}

static void
cache(void)
{
	struct err e = { 0 };
	char page[4096];
	struct db *d = db_open(path, DB_READ, &e);
	FILE *f;

	ok(d == NULL, "broken");
	d = db_open_cache(path, 3, schema, &e);
	ok(d != NULL, "a cache is begun anew");
	insert(d);
	db_close_cache(d);
	d = db_open_cache(path, 3, schema, &e);
	query(d);
	db_close_cache(d);
	ok(db_open_cache(path, 4, schema, &e) == NULL,
	    "one of another version is not broken");
	/* Its table's page is not. */
	memset(page, 'x', sizeof(page));
	f = fopen(path, "r+");
	fseek(f, 4096, SEEK_SET);
	fwrite(page, 1, sizeof(page), f);
	fclose(f);
	d = db_open_cache(path, 3, schema, &e);
	ok(d != NULL, "what is broken behind its head opens");
	is_int(db_exec(d, "SELECT * FROM t", &e), -1, "and is found");
	db_close_cache(d);
	ok(access(path, F_OK) != 0, "and goes");
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
	not_made();
	cache();
	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
	rmdir(folder);
	return done();
}
