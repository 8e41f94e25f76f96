#include "core/io/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/io/file.h"
#include "core/time.h"

enum { BUSY_MILLIS = 5000 };

struct stmt {
	struct db *db;
	sqlite3_stmt *s;
	struct stmt *next;
};

struct db {
	sqlite3 *h;
	char *path;
	struct stmt *stmts;
	enum db_mode mode;
	bool begun, broken;
};

/* The file, and what SQLite writes beside it. */
static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
enum { ENDS = sizeof(ends) / sizeof(*ends) };

static int
fail(struct db *d, struct err *e)
{
	int code = sqlite3_errcode(d->h) & 0xff;

	if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		return err_again(
		    e, "%s: another run holds it; try again", d->path);
	d->broken |= code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
	return err_set(e, "%s: %s", d->path, sqlite3_errmsg(d->h));
}

/* Nor is what SQLite has beside the file a link elsewhere. */
static int
no_links(const char *path, struct err *e)
{
	struct stat st;
	struct buf beside;
	int rc = 0;

	buf_init(&beside, 1 << 16);
	for (size_t i = 0; rc == 0 && i < ENDS; i++) {
		buf_reset(&beside);
		buf_printf(&beside, "%s%s", path, ends[i]);
		if (lstat(buf_cstr(&beside), &st) == 0 && S_ISLNK(st.st_mode))
			rc = err_set(e, "%s: a link, which is not followed",
			    buf_cstr(&beside));
	}
	buf_release(&beside);
	return rc;
}

/* The file itself is made here: SQLite would let others read it. */
static int
make_file(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 && errno == ELOOP)
		return err_set(e, "%s: a link, which is not followed", path);
	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	close(fd);
	return no_links(path, e);
}

static int
setup(struct db *d, struct err *e)
{
	sqlite3_busy_timeout(d->h, BUSY_MILLIS);
	sqlite3_extended_result_codes(d->h, 1);
	sqlite3_db_config(d->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (d->mode == DB_READ)
		return db_exec(d, "SELECT count(*) FROM sqlite_schema", e);
	return db_exec(d,
	    /* 64 MiB of pages, and as much journal before it is worked in:
	     * keys are hashes, so the same pages come again and again. */
	    "PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=16384;"
	    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	    "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;",
	    e);
}

static int
open_as(struct db *d, const char *name, int flags, struct err *e)
{
	if (sqlite3_open_v2(name, &d->h, flags, NULL) != SQLITE_OK) {
		if (d->h == NULL)
			alloc_die(sizeof(*d));
		return fail(d, e);
	}
	return setup(d, e);
}

/*
 * A reader without rights on the folder cannot make SQLite's -shm file.
 * Where no -wal stands beside the file nothing is pending, and the file
 * alone is the whole truth.
 */
static int
open_immutable(struct db *d, struct err *e)
{
	struct buf uri;
	const char *p;
	int rc;

	buf_init(&uri, 16384);
	buf_printf(&uri, "%s-wal", d->path);
	if (!file_is_missing(buf_cstr(&uri))) {
		buf_release(&uri);
		return -1; /* e holds what went wrong before */
	}
	buf_reset(&uri);
	buf_add_z(&uri, "file:");
	for (p = d->path; *p != '\0'; p++)
		if (*p == '%' || *p == '?' || *p == '#')
			buf_printf(&uri, "%%%02x", (unsigned char)*p);
		else
			buf_add_char(&uri, *p);
	buf_add_z(&uri, "?immutable=1");
	sqlite3_close(d->h);
	d->h = NULL;
	rc = uri.over ? err_set(e, "%s: name too long", d->path)
		      : open_as(d, buf_cstr(&uri),
			    SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, e);
	buf_release(&uri);
	return rc;
}

/*
 * SQLite's journal is there while the file is made, and then no more: where it
 * was left, the power went meanwhile, and nothing is in the file yet.
 */
static int
say_unmade(struct db *d, struct err *e)
{
	struct buf beside;

	buf_init(&beside, 16384);
	buf_printf(&beside, "%s-journal", d->path);
	if (access(buf_cstr(&beside), F_OK) == 0)
		err_set(e,
		    "%s: empty: the run that made it did not get to its end",
		    d->path);
	buf_release(&beside);
	return -1;
}

static int
open_file(struct db *d, struct err *e)
{
	int code;

	if (d->mode == DB_MEMORY)
		return open_as(d,
		    ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, e);
	if (d->mode == DB_WRITE) {
		if (make_file(d->path, e) != 0)
			return -1;
		return open_as(d, d->path, SQLITE_OPEN_READWRITE, e);
	}
	if (access(d->path, R_OK) != 0)
		return err_sys(e, errno, "%s", d->path);
	if (no_links(d->path, e) != 0)
		return -1;
	if (open_as(d, d->path, SQLITE_OPEN_READONLY, e) == 0)
		return 0;
	code = sqlite3_errcode(d->h) & 0xff;
	if ((code == SQLITE_CANTOPEN || code == SQLITE_READONLY) &&
	    open_immutable(d, e) == 0)
		return 0;
	return say_unmade(d, e);
}

static struct db *
db_new(const char *path, enum db_mode mode)
{
	struct db *d = xcalloc(1, sizeof(*d));

	d->path = xstrdup(path);
	d->mode = mode;
	return d;
}

struct db *
db_open(const char *path, enum db_mode mode, struct err *e)
{
	struct db *d = db_new(path, mode);

	if (open_file(d, e) == 0)
		return d;
	db_close(d);
	return NULL;
}

static void
remove_all(const char *path)
{
	struct buf beside;

	buf_init(&beside, 16384);
	for (size_t i = 0; i < ENDS; i++) {
		buf_reset(&beside);
		buf_printf(&beside, "%s%s", path, ends[i]);
		unlink(buf_cstr(&beside));
	}
	buf_release(&beside);
}

struct db *
db_open_cache(const char *path, int version, const char *sql, struct err *e)
{
	bool broken = true;

	for (int turn = 0; turn < 2 && broken; turn++) {
		struct db *d = db_new(path, DB_WRITE);

		if (open_file(d, e) == 0 && db_schema(d, version, sql, e) == 0)
			return d;
		broken = d->broken;
		db_close(d);
		if (broken)
			remove_all(path);
	}
	return NULL;
}

void
db_close_cache(struct db *d)
{
	char *path = d != NULL && d->broken ? xstrdup(d->path) : NULL;

	db_close(d);
	if (path != NULL)
		remove_all(path);
	free(path);
}

void
db_close(struct db *d)
{
	struct stmt *s, *next;

	if (d == NULL)
		return;
	for (s = d->stmts; s != NULL; s = next) {
		next = s->next;
		sqlite3_finalize(s->s);
		free(s);
	}
	sqlite3_close(d->h);
	free(d->path);
	free(d);
}

int
db_exec(struct db *d, const char *sql, struct err *e)
{
	if (sqlite3_exec(d->h, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(d, e);
	return 0;
}

/* A number that a statement gives. */
static int
ask(struct db *d, const char *sql, int64_t *out, struct err *e)
{
	sqlite3_stmt *s;
	int rc = 0;

	if (sqlite3_prepare_v2(d->h, sql, -1, &s, NULL) != SQLITE_OK)
		return fail(d, e);
	if (sqlite3_step(s) == SQLITE_ROW)
		*out = sqlite3_column_int64(s, 0);
	else
		rc = fail(d, e);
	sqlite3_finalize(s);
	return rc;
}

/* 1 where the file has the version, 0 where it is empty, -1 otherwise. */
static int
version_is(struct db *d, int version, struct err *e)
{
	int64_t has = 0, tables = 0;

	if (ask(d, "PRAGMA user_version", &has, e) != 0 ||
	    ask(d, "SELECT count(*) FROM sqlite_schema", &tables, e) != 0)
		return -1;
	if (has == version)
		return 1;
	if (has == 0 && tables == 0 && d->mode != DB_READ)
		return 0;
	if (has == 0 && tables == 0)
		return err_set(e,
		    "%s: empty: the run that made it did not get to its end",
		    d->path);
	if (has == 0)
		return err_set(e, "%s: not a state that kith made", d->path);
	return err_set(e,
	    "%s: made by a kith whose state has version %lld; this one has "
	    "version %d: use that kith, or name another folder with -S",
	    d->path, (long long)has, version);
}

int
db_schema(struct db *d, int version, const char *sql, struct err *e)
{
	char set[64];
	int rc = version_is(d, version, e);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (db_begin(d, e) != 0)
		return -1;
	/* Another run may have been first. */
	rc = version_is(d, version, e);
	snprintf(set, sizeof(set), "PRAGMA user_version=%d", version);
	if (rc == 0 && (db_exec(d, sql, e) != 0 || db_exec(d, set, e) != 0))
		rc = -1;
	if (rc < 0) {
		db_rollback(d);
		return -1;
	}
	return db_commit(d, e);
}

int
db_begin(struct db *d, struct err *e)
{
	if (d->begun)
		return 0;
	if (db_exec(d, "BEGIN IMMEDIATE", e) != 0)
		return -1;
	d->begun = true;
	return 0;
}

int
db_commit(struct db *d, struct err *e)
{
	if (!d->begun)
		return 0;
	if (db_exec(d, "COMMIT", e) != 0)
		return -1;
	d->begun = false;
	return 0;
}

void
db_rollback(struct db *d)
{
	if (d->begun)
		sqlite3_exec(d->h, "ROLLBACK", NULL, NULL, NULL);
	d->begun = false;
}

uint32_t
db_version(struct db *d)
{
	unsigned version = 0;

	(void)sqlite3_file_control(
	    d->h, "main", SQLITE_FCNTL_DATA_VERSION, &version);
	return version;
}

int64_t
db_changes(struct db *d)
{
	return sqlite3_changes64(d->h);
}

struct stmt *
db_prepare(struct db *d, const char *sql, struct err *e)
{
	struct stmt *s = xcalloc(1, sizeof(*s));

	if (sqlite3_prepare_v3(d->h, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->s,
		NULL) != SQLITE_OK) {
		free(s);
		fail(d, e);
		return NULL;
	}
	s->db = d;
	s->next = d->stmts;
	d->stmts = s;
	return s;
}

void
stmt_text(struct stmt *s, int i, struct str v)
{
	if (v.p == NULL)
		sqlite3_bind_null(s->s, i);
	else
		sqlite3_bind_text64(
		    s->s, i, v.p, v.n, SQLITE_STATIC, SQLITE_UTF8);
}

void
stmt_int(struct stmt *s, int i, int64_t v)
{
	sqlite3_bind_int64(s->s, i, v);
}

void
stmt_null(struct stmt *s, int i)
{
	sqlite3_bind_null(s->s, i);
}

void
stmt_time(struct stmt *s, int i, int64_t t)
{
	if (t == TIME_NONE)
		stmt_null(s, i);
	else
		stmt_int(s, i, t);
}

int
stmt_step(struct stmt *s, struct err *e)
{
	switch (sqlite3_step(s->s)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		sqlite3_reset(s->s);
		return 0;
	default:
		fail(s->db, e);
		sqlite3_reset(s->s);
		return -1;
	}
}

int
stmt_run(struct stmt *s, struct err *e)
{
	int rc;

	while ((rc = stmt_step(s, e)) > 0)
		;
	return rc;
}

void
stmt_reset(struct stmt *s)
{
	sqlite3_reset(s->s);
}

struct str
stmt_col(struct stmt *s, int i)
{
	const char *p = sqlite3_column_blob(s->s, i);
	int n = sqlite3_column_bytes(s->s, i);

	if (sqlite3_column_type(s->s, i) == SQLITE_NULL)
		return STR_NONE;
	return str_make(p == NULL ? "" : p, (size_t)n);
}

int64_t
stmt_col_int(struct stmt *s, int i)
{
	return sqlite3_column_int64(s->s, i);
}

int64_t
stmt_col_time(struct stmt *s, int i)
{
	return sqlite3_column_type(s->s, i) == SQLITE_NULL ? TIME_NONE
							   : stmt_col_int(s, i);
}
