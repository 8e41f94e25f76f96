#ifndef KITH_SOURCE_IMESSAGE_ROWS_H
#define KITH_SOURCE_IMESSAGE_ROWS_H
/*
 * Tables of an SQLite database that somebody else made, as JSON: whatever
 * columns they have.
 */
#include "core/io/db.h"
#include "json/write.h"

struct rows {
	const char *name; /* of the table */
	bool there; /* a table of that name, neither a view nor virtual */
	struct buf columns; /* for a SELECT: "\"guid\", \"text\"" */
	struct buf zeros; /* '0' for each of which a 0 goes without saying */
};

/* Looks at the table; 0, or -1: the database cannot be read.  Release it also
 * then. */
int rows_open(struct rows *r, struct db *d, const char *name, struct err *e);
void rows_release(struct rows *r);
/* True where it has this column. */
bool rows_has(const struct rows *r, const char *column);
/* A statement for its columns, all of them, with `also` before them ("rowid, ")
 * and a condition behind; NULL with e. */
struct stmt *rows_select(const struct rows *r, struct db *d, const char *also,
    const char *where, struct err *e);
/* Members of the object that is open in w, from column `first` on of such a
 * statement; blobs where they are wanted. */
void rows_write(const struct rows *r, struct stmt *s, int first, bool blobs,
    struct writer *w);

#endif
