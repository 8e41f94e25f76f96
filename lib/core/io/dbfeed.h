#ifndef KITH_CORE_IO_DBFEED_H
#define KITH_CORE_IO_DBFEED_H
/*
 * Rows of ours as a table that a statement selects from: so many are inserted
 * by one statement, which opens its tables and indexes once.
 */
#include "core/io/db.h"

struct sqlite3;

/* Makes the table `feed`, with columns c0 and so on, known to a connection; its
 * rows are those of *current while a statement runs.  0 or SQLite's code. */
int dbfeed_register(struct sqlite3 *h, const struct db_feed *const *current);

#endif
