#ifndef KITH_CORE_IO_FILE_H
#define KITH_CORE_IO_FILE_H
/*
 * Whole small files, durable writes, and locks between runs.
 */
#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"

/* Appends the file's bytes to out, whose ceiling bounds it. */
int file_read(const char *path, struct buf *out, struct err *e);
/* The same for a file that holds a secret: refused where everybody can read or
 * change it. */
int file_read_secret(const char *path, struct buf *out, struct err *e);
/*
 * Opens a plain file below a folder to be read (dir "": the current one), by a
 * name that somebody else wrote: relative, without "..", and no part of it is
 * a link.  The name is walked part by part, each from the folder that the one
 * before was, so that nobody who changes what stands there meanwhile can lead
 * out of it; openat2(2) would do no more, and is not everywhere.  Returns the
 * descriptor with the file's size, or -1; e says what is wrong with it,
 * without its name.
 */
int
file_open_below(const char *dir, struct str name, int64_t *size, struct err *e);
/* file_read of what is open, and closes it; e calls it by name. */
int file_read_open(int fd, const char *name, struct buf *out, struct err *e);
/*
 * A file that is whole or not there: written beside, synced, renamed, the
 * folder synced.  mode as in open(2).
 */
int file_write_durable(
    const char *path, struct str bytes, unsigned mode, struct err *e);
/* file_read of one of our own, in a folder that is ours: no link. */
int file_read_own(const char *path, struct buf *out, struct err *e);
/*
 * Does the way there, and each link in it, belong to nobody but us and root?
 * A link of somebody else's, or one that stands where everybody may put one,
 * would lead what we write, or believe, where they want it: refused with that.
 * What is not there yet is no link.
 */
int file_check_links(const char *path, struct err *e);
/* Is nothing there?  What cannot be looked at may be: opening it says why. */
bool file_is_missing(const char *path);
/* Syncs the folder that path stands in: a file that was made and synced is
 * lost with its name. */
int file_sync_name(const char *path, struct err *e);
/* Is what is open a file that is appended to, and ends with half a line?  So
 * does one whose writer was killed. */
bool file_ends_in_half(int fd);
/* Makes the folder (not its parents) with mode 0700 unless it is there, and
 * syncs its name: what is made in it would go with it.  Links to it as
 * file_check_links has it. */
int file_make_dir(const char *path, struct err *e);

/* What came with the program that runs: PREFIX/share/kith/NAME beside its
 * PREFIX/bin, in a; absent where nobody knows where it stands. */
struct str file_share(struct arena *a, const char *name);

/* A file in dir that has no name, to be written and read: it goes with its
 * descriptor, or -1. */
int file_nameless(const char *dir, struct err *e);

/*
 * Takes DIR/NAME.lock with flock(2), without waiting; the folder is made.
 * Returns the descriptor, or -1 with ERR_AGAIN when another run holds it.
 * Closing it, or the process's end, gives it back.
 */
int file_lock(const char *dir, const char *name, struct err *e);

#endif
