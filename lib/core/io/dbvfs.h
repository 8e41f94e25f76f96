#ifndef KITH_CORE_IO_DBVFS_H
#define KITH_CORE_IO_DBVFS_H
/*
 * What SQLite takes for its files where a database is read from bytes
 * (db_open_bytes): the file and its write-ahead log, read alone.  Nothing is
 * opened, made or locked by a name, so that it works in a process that may
 * open no file.
 */
#include "core/io/db.h"

struct dbvfs;

/* Both are copied, what they read from is borrowed; log may be NULL. */
struct dbvfs *
dbvfs_new(const struct db_bytes *file, const struct db_bytes *log);
/* NULL is allowed.  No database of it is open any more. */
void dbvfs_free(struct dbvfs *v);
/* What sqlite3_open_v2 knows it by; lives as long. */
const char *dbvfs_name(const struct dbvfs *v);

#endif
