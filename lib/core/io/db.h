#ifndef KITH_CORE_IO_DB_H
#define KITH_CORE_IO_DB_H
/*
 * State on disk: SQLite files that everybody can open with sqlite3(1).
 * Writers use WAL and synchronous=FULL: what was committed survives a kill
 * and a power cut.
 */
#include "core/err.h"

struct db;
struct stmt;

enum db_mode {
	DB_READ,
	DB_WRITE,
	DB_MEMORY, /* no file: the path is only what messages call it */
};

/*
 * DB_WRITE makes the file (mode 0600) where it is missing; DB_READ fails on a
 * missing one.  A locked file gives ERR_AGAIN after five seconds.
 */
struct db *db_open(const char *path, enum db_mode mode, struct err *e);
/* Bytes that are read at any place: up to n of them from `at` on to p; how
 * many, fewer at the end alone, or -1. */
struct db_bytes {
	ptrdiff_t (*read)(void *arg, void *p, size_t n, int64_t at);
	void *arg;
	int64_t size;
};
/*
 * A database that somebody else made, to be read: from bytes, with those of its
 * write-ahead log (NULL: there is none), whose committed transactions are seen.
 * Nothing is written, not beside it either, and no file is opened.  Of what its
 * schema says no function runs but SQLite's harmless ones; a text, blob or row
 * has at most `longest` bytes.  Of a file that is cut off the pages that it has
 * are read.  SQLite has at most DB_BYTES_HEAP bytes, for all such together.
 * name is what messages call it.
 */
#define DB_BYTES_HEAP (INT64_C(512) << 20)
struct db *db_open_bytes(const char *name, const struct db_bytes *file,
    const struct db_bytes *log, int longest, struct err *e);
/* True where it was found broken. */
bool db_is_broken(const struct db *d);
/* From now on this many thousand steps of SQLite's machine (some 10 ms a
 * million) until a statement fails; 0: any number. */
void db_steps(struct db *d, int64_t thousands);
/* True where they were used up. */
bool db_is_spent(const struct db *d);

/* Frees every statement still open too.  NULL is allowed. */
void db_close(struct db *d);
/*
 * A file, to be written, of what can be had again, with its schema (db_schema):
 * one that is broken is removed and begun anew.  db_close_cache closes it, and
 * removes it where it was found broken since.
 */
struct db *
db_open_cache(const char *path, int version, const char *sql, struct err *e);
void db_close_cache(struct db *d);
/*
 * Brings an empty file to `version` by running sql, where d writes; refuses a
 * file of another version with a sentence that says which made it.  Everybody
 * who opens a state calls it, who only reads it too.
 */
int db_schema(struct db *d, int version, const char *sql, struct err *e);
/* The version that the file has, 0 of an empty one. */
int db_format(struct db *d, int64_t *version, struct err *e);
/* Makes a file of one version one of another, by what change() does, in one
 * transaction; nothing where it is not of that one any more. */
int db_upgrade(struct db *d, int from, int to,
    int (*change)(struct db *d, struct err *e), struct err *e);
/* One or more statements without results. */
int db_exec(struct db *d, const char *sql, struct err *e);
/* A transaction, unless one has begun; and its end, where one has.  One that
 * could not be committed goes on. */
int db_begin(struct db *d, struct err *e);
int db_commit(struct db *d, struct err *e);
void db_rollback(struct db *d);
/* Another number after every commit, whoever's, that a statement here has met. */
uint32_t db_version(struct db *d);
/* Rows changed by the last statement. */
int64_t db_changes(struct db *d);

/* Lives until db_close. */
struct stmt *db_prepare(struct db *d, const char *sql, struct err *e);
/* Parameters are numbered from 1; texts are borrowed until the reset, an
 * absent one is NULL. */
void stmt_text(struct stmt *s, int i, struct str v);
void stmt_int(struct stmt *s, int i, int64_t v);
void stmt_null(struct stmt *s, int i);
/* A time; TIME_NONE is NULL. */
void stmt_time(struct stmt *s, int i, int64_t t);
/* 1 with a row, 0 at the end (it is then reset), -1 on error. */
int stmt_step(struct stmt *s, struct err *e);
/* Runs a statement without rows and resets it: 0 or -1. */
int stmt_run(struct stmt *s, struct err *e);
void stmt_reset(struct stmt *s);
/* Columns from 0; slices live until the next step or reset; NULL is absent. */
struct str stmt_col(struct stmt *s, int i);
int64_t stmt_col_int(struct stmt *s, int i);
int64_t stmt_col_time(struct stmt *s, int i);
/* For rows of any shape: how many columns, their names (which live as long as
 * the statement), what stands in one. */
enum db_value { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BLOB };
int stmt_cols(struct stmt *s);
const char *stmt_name(struct stmt *s, int i);
enum db_value stmt_col_value(struct stmt *s, int i);
double stmt_col_real(struct stmt *s, int i);

/*
 * Rows of the caller's, which a statement has as the table `feed` with the
 * columns c0 to c24: INSERT INTO t SELECT c0, c1 FROM feed.  next() goes to the
 * next row, the first at first; cell() tells what stands in a column, with texts
 * that live until the next row.
 */
struct db_cell {
	enum db_value kind; /* DB_NULL, DB_INT or DB_TEXT */
	int64_t number;
	struct str text;
};
struct db_feed {
	bool (*next)(void *arg);
	void (*cell)(void *arg, int column, struct db_cell *out);
	void *arg;
};
/* As stmt_run. */
int stmt_run_feed(struct stmt *s, const struct db_feed *f, struct err *e);

#endif
