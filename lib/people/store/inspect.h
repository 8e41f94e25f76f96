#ifndef KITH_PEOPLE_STORE_INSPECT_H
#define KITH_PEOPLE_STORE_INSPECT_H
/*
 * A state's databases, looked at from outside, while others may write to them:
 * what was committed last is what is looked at.
 */
#include "core/buf.h"
#include "core/err.h"

/* Appends a line for each database that the folder has: whether its pages are
 * sound, and its rows name what is there.  1 where all are, 0, -1. */
int inspect_check(const char *dir, struct buf *out, struct err *e);
/* Appends a line for each table: database, table, rows, bytes with its indexes;
 * tabs between them. */
int inspect_stat(const char *dir, struct buf *out, struct err *e);

#endif
