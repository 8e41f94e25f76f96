#ifndef KITH_SOURCE_SEEK_H
#define KITH_SOURCE_SEEK_H
/*
 * The file of a format that reads at any place (SQLite), and the write-ahead
 * log beside it, NAME-wal: where they lie on disk those, as they stand; what
 * comes by a pipe, is compressed or stands in an archive goes to a file without
 * a name below TMPDIR first.  Nothing is written beside an export.
 *
 * Who writes to a database on disk meanwhile is kept from what would mix old
 * and new pages, by the locks that SQLite takes: not from writing on.  Where
 * somebody does not heed them, seek_changed tells.
 */
#include <sys/stat.h>

#include "core/io/db.h"
#include "source/item.h"

enum { SEEK_PATIENCE = 5 /* seconds, for who writes */, SEEK_LOG_HEAD = 32 };

/* Where what is no file on disk goes: made before the walls stand. */
struct seek_spool {
	int fd; /* -1: why */
	struct err why;
};
void seek_spool_open(struct seek_spool *s);
void seek_spool_close(struct seek_spool *s);

struct seek_part {
	int fd; /* -1: there is none */
	int64_t at, size; /* in it */
};

struct seek {
	struct seek_part file, log;
	bool piped; /* from standard input: nobody knows of a log */
	/* On disk: our own descriptors, and what stood there at first. */
	int log_fd, shared_fd;
	struct stat was;
	char log_head[SEEK_LOG_HEAD];
};

/*
 * The file that `input` gives, in in->file and maybe in->tree.  0, or -1, with
 * a sentence for the reject.  seek_close gives all back, also after -1.
 */
int seek_open(
    struct seek *s, struct ingest *in, struct input *input, struct err *e);
void seek_close(struct seek *s);
/* True where the file on disk was written to since, by somebody who did not
 * wait. */
bool seek_changed(const struct seek *s);
/* Bytes of a part, for db_open_bytes; s is borrowed. */
struct db_bytes seek_bytes(const struct seek_part *s);

/* Name i of what SQLite may have beside a file, and where the file is a link
 * beside what that leads to: true, or false past the last. */
bool seek_beside(const char *path, size_t i, struct buf *name);
/* What SQLite has beside a file, by its name and first bytes: a log, its index,
 * a journal, which are read with the file.  The length of the file's name, or
 * 0. */
size_t seek_companion(struct str name, struct str head);

#endif
