#ifndef KITH_CORE_IO_ARCHIVE_H
#define KITH_CORE_IO_ARCHIVE_H
/*
 * Compressed streams and archives through libarchive (loaded when the first
 * of them is met), with bounds against bombs.  Nothing is ever written to disk;
 * absolute names, "..", links and devices
 * are refused.
 */
#include "core/err.h"

enum {
	UNPACK_MAX_RATIO = 200, /* out : in, once out exceeds 64 MiB */
	UNPACK_MAX_ENTRIES = 1000000,
	UNPACK_MAX_DEPTH = 4, /* archives in archives */
};
#define UNPACK_MAX_TOTAL (INT64_C(1) << 40) /* bytes out of one archive */

struct unpacker;

/* True where the first bytes (512 suffice) say compressed stream or archive:
 * gzip, bzip2, xz, zstd, lz4, zip, tar, 7z. */
bool unpack_is(struct str head);
bool unpack_is_archive(struct str head);

/*
 * From now on a worker reads each of them (core/sandbox/worker.h): where one
 * dies, what it read fails with ERR_ITEM, and the next entry may be asked for.
 * required: it ends where a wall is missing.
 */
void unpack_by_workers(bool required);
/* One that waits for the next stream is let go. */
void unpack_end_workers(void);

/* A compressed stream of which `head` was read already and read(arg) gives the
 * rest: up to n bytes to p, 0 at the end, -1. */
struct unpacker *
unpack_stream(ptrdiff_t (*read)(void *arg, void *p, size_t n, struct err *e),
    void *arg, struct str head, struct err *e);
/* An archive in a file, or in memory (bytes borrowed until the close). */
struct unpacker *unpack_archive(const char *path, struct err *e);
struct unpacker *unpack_memory(struct str bytes, struct err *e);
void unpack_close(struct unpacker *z);

struct unpack_entry {
	const char *name; /* UTF-8, lives until the next call */
	int64_t size; /* -1 when not known */
	int64_t mtime; /* instant, or TIME_NONE */
};
/*
 * 1 with the next regular file, 0 at the end, -1 (truncated, bomb, an entry that
 * is refused, whose name is then in *entry; else that is NULL): calling again
 * after -1 is allowed, it goes on where that is possible and ends else.
 * Messages of this and of unpack_read do not name the archive.
 */
int unpack_next(struct unpacker *z, struct unpack_entry *entry, struct err *e);
/* Bytes of the stream or of the entry: how many, 0 at its end, -1. */
ptrdiff_t unpack_read(struct unpacker *z, void *p, size_t n, struct err *e);

#endif
