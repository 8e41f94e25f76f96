#ifndef KITH_CORE_IO_FILE_H
#define KITH_CORE_IO_FILE_H
/*
 * Whole small files, durable writes, and locks between runs.
 */
#include "core/buf.h"
#include "core/err.h"

/* Appends the file's bytes to out, whose ceiling bounds it. */
int file_read(const char *path, struct buf *out, struct err *e);
/*
 * A file that is whole or not there: written beside, synced, renamed, the
 * folder synced.  mode as in open(2).
 */
int file_write_durable(
    const char *path, struct str bytes, unsigned mode, struct err *e);
/* Makes the folder (not its parents) with mode 0700 unless it is there. */
int file_make_dir(const char *path, struct err *e);

/*
 * Takes DIR/NAME.lock with flock(2), without waiting; the folder is made.
 * Returns the descriptor, or -1 with ERR_AGAIN when another run holds it.
 * Closing it, or the process's end, gives it back.
 */
int file_lock(const char *dir, const char *name, struct err *e);

#endif
