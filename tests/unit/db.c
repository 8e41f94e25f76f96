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

static ptrdiff_t
read_bytes(void *arg, void *p, size_t n, int64_t at)
{
	FILE *f = arg;

	return fseek(f, at, SEEK_SET) == 0 ? (ptrdiff_t)fread(p, 1, n, f) : -1;
}

static struct db_bytes
bytes_of(const char *end)
{
	char name[80];
	struct db_bytes b = { .read = read_bytes };

	snprintf(name, sizeof(name), "%s%s", path, end);
	b.arg = fopen(name, "r");
	fseek(b.arg, 0, SEEK_END);
	b.size = ftell(b.arg);
	return b;
}

static int64_t
count(struct db *d)
{
	struct err e = { 0 };
	struct stmt *s = db_prepare(d, "SELECT count(*) FROM t", &e);

	return s != NULL && stmt_step(s, &e) == 1 ? stmt_col_int(s, 0) : -1;
}

static void
values(struct db *d)
{
	struct err e = { 0 };
	struct stmt *s =
	    db_prepare(d, "SELECT 1 AS i, 1.5, 'a', x'00', NULL", &e);

	is_int(stmt_step(s, &e), 1, "a row of any shape");
	is_int(stmt_cols(s), 5, "its columns");
	is_str(str_of(stmt_name(s, 0)), "i", "a name");
	ok(stmt_col_value(s, 0) == DB_INT && stmt_col_value(s, 1) == DB_REAL &&
		stmt_col_value(s, 2) == DB_TEXT &&
		stmt_col_value(s, 3) == DB_BLOB &&
		stmt_col_value(s, 4) == DB_NULL,
	    "what stands in it");
	ok(stmt_col_real(s, 1) == 1.5, "a fraction");
}

/* A stranger's, whose newest rows are in the log alone. */
static void
bytes(void)
{
	struct err e = { 0 };
	struct db *writer = db_open(path, DB_WRITE, &e), *d;
	struct db_bytes file, log;

	db_schema(writer, 3, schema, &e);
	insert(writer);
	file = bytes_of("");
	log = bytes_of("-wal");
	d = db_open_bytes("x.db", &file, &log, 1000, &e);
	ok(d != NULL, "bytes open");
	is_int(count(d), 2, "with those of a log");
	values(d);
	is_int(db_exec(d, "DELETE FROM t", &e), -1, "nothing is written");
	is_int(db_exec(d, "ATTACH 'y.db' AS y", &e), -1, "nothing is opened");
	ok(db_prepare(d, "SELECT zeroblob(2000)", &e) == NULL ||
		db_exec(d, "SELECT zeroblob(2000)", &e) < 0,
	    "nothing is longer than it may be");
	db_steps(d, 100);
	is_int(db_exec(d,
		   "SELECT count(*) FROM t a, t b, t c, t d, t e, t f, t g, "
		   "t h, t i, t j, t k, t l, t m, t n, t o, t p, t q, t r",
		   &e),
	    -1, "steps are counted");
	ok(db_is_spent(d), "  and used up");
	db_steps(d, 0);
	is_int(count(d), 2, "  which is no harm");
	db_close(d);
	d = db_open_bytes("x.db", &file, NULL, 1000, &e);
	ok(d == NULL || count(d) <= 0, "without the log they are not there");
	db_close(d);
	file.size = 50;
	d = db_open_bytes("x.db", &file, NULL, 1000, &e);
	is_int(db_exec(d, "SELECT * FROM t", &e), -1,
	    "what has no whole page has nothing");
	ok(strncmp(e.msg, "x.db: ", 6) == 0, "  and says its name");
	db_close(d);
	fclose(file.arg);
	fclose(log.arg);
	db_close(writer);
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
	bytes();
	for (i = 0; i < 3; i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
	rmdir(folder);
	return done();
}
