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
#include "core/io/dbfeed.h"
#include "core/io/dbvfs.h"
#include "core/io/file.h"
#include "core/time.h"

enum {
	BUSY_MILLIS = 5000,
	SCHEMA_STEPS = 200000, /* thousands, for the schema of a stranger */
};

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
	const struct db_feed *feed; /* of the statement that runs */
	struct dbvfs *vfs; /* of bytes, or NULL */
	int64_t steps; /* thousands that are left; 0: any number */
	bool spent; /* none are */
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
	if (dbfeed_register(d->h, &d->feed) != SQLITE_OK)
		return fail(d, e);
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
	/* No two threads have one between them. */
	flags |= SQLITE_OPEN_NOMUTEX;
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
	dbvfs_free(d->vfs);
	free(d->path);
	free(d);
}

/* What a schema may have statements do: read. */
static int
reads_alone(void *arg, int action, const char *a, const char *b,
    const char *database, const char *within)
{
	(void)arg, (void)a, (void)b, (void)database, (void)within;
	return action == SQLITE_SELECT || action == SQLITE_READ ||
		       action == SQLITE_PRAGMA || action == SQLITE_FUNCTION
		   ? SQLITE_OK
		   : SQLITE_DENY;
}

static int
count_steps(void *arg)
{
	struct db *d = arg;

	if (d->steps == 0 || --d->steps > 0)
		return 0;
	d->spent = true;
	return 1;
}

/* As SQLite has it for files of strangers ("Defense Against The Dark Arts"). */
static int
setup_bytes(struct db *d, int longest, struct err *e)
{
	static const struct {
		int what, most;
	} limits[] = {
		{ SQLITE_LIMIT_SQL_LENGTH, 1 << 20 },
		{ SQLITE_LIMIT_VDBE_OP, 1 << 18 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 100 },
		{ SQLITE_LIMIT_COMPOUND_SELECT, 8 },
		{ SQLITE_LIMIT_FUNCTION_ARG, 8 },
		{ SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
		{ SQLITE_LIMIT_WORKER_THREADS, 0 },
	};

	sqlite3_hard_heap_limit64(DB_BYTES_HEAP);
	sqlite3_extended_result_codes(d->h, 1);
	sqlite3_db_config(d->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(d->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(d->h, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(d->h, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(d->h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	sqlite3_limit(d->h, SQLITE_LIMIT_LENGTH, longest);
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		sqlite3_limit(d->h, limits[i].what, limits[i].most);
	db_steps(d, SCHEMA_STEPS);
	sqlite3_progress_handler(d->h, 1000, count_steps, d);
	/* Alone with it, so that the log needs no memory shared with others;
	 * before it is looked at. */
	if (db_exec(d,
		"PRAGMA locking_mode=EXCLUSIVE; PRAGMA query_only=ON;"
		"PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
		"PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384;"
		"PRAGMA automatic_index=OFF",
		e) != 0)
		return -1;
	sqlite3_set_authorizer(d->h, reads_alone, d);
	return db_exec(d, "SELECT count(*) FROM sqlite_schema", e);
}

struct db *
db_open_bytes(const char *name, const struct db_bytes *file,
    const struct db_bytes *log, int longest, struct err *e)
{
	struct db *d = db_new(name, DB_READ);

	d->vfs = dbvfs_new(file, log);
	if (sqlite3_open_v2("bytes", &d->h,
		SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
		dbvfs_name(d->vfs)) == SQLITE_OK &&
	    setup_bytes(d, longest, e) == 0)
		return d;
	if (d->h == NULL)
		alloc_die(sizeof(*d));
	fail(d, e);
	db_close(d);
	return NULL;
}

void
db_steps(struct db *d, int64_t thousands)
{
	d->steps = thousands;
	d->spent = false;
}

bool
db_is_broken(const struct db *d)
{
	return d->broken;
}

bool
db_is_spent(const struct db *d)
{
	return d->spent;
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
db_format(struct db *d, int64_t *version, struct err *e)
{
	return ask(d, "PRAGMA user_version", version, e);
}

int
db_upgrade(struct db *d, int from, int to,
    int (*change)(struct db *d, struct err *e), struct err *e)
{
	char set[64];
	int64_t has = 0;

	snprintf(set, sizeof(set), "PRAGMA user_version=%d", to);
	if (db_begin(d, e) != 0)
		return -1;
	if (db_format(d, &has, e) == 0 &&
	    (has != from || (change(d, e) == 0 && db_exec(d, set, e) == 0)) &&
	    db_commit(d, e) == 0)
		return 0;
	db_rollback(d);
	return -1;
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

int
stmt_run_feed(struct stmt *s, const struct db_feed *f, struct err *e)
{
	int rc;

	s->db->feed = f;
	rc = stmt_run(s, e);
	s->db->feed = NULL;
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
	int type = sqlite3_column_type(s->s, i), n;
	const char *p;

	if (type == SQLITE_NULL)
		return STR_NONE;
	/* A text in UTF-8, whatever the file has. */
	p = type == SQLITE_TEXT ? (const char *)sqlite3_column_text(s->s, i)
				: sqlite3_column_blob(s->s, i);
	n = sqlite3_column_bytes(s->s, i);
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

int
stmt_cols(struct stmt *s)
{
	return sqlite3_column_count(s->s);
}

const char *
stmt_name(struct stmt *s, int i)
{
	return sqlite3_column_name(s->s, i);
}

enum db_value
stmt_col_value(struct stmt *s, int i)
{
	switch (sqlite3_column_type(s->s, i)) {
	case SQLITE_INTEGER:
		return DB_INT;
	case SQLITE_FLOAT:
		return DB_REAL;
	case SQLITE_TEXT:
		return DB_TEXT;
	case SQLITE_BLOB:
		return DB_BLOB;
	default:
		return DB_NULL;
	}
}

double
stmt_col_real(struct stmt *s, int i)
{
	return sqlite3_column_double(s->s, i);
}
