#ifndef KITH_CORE_IO_PACKED_H
#define KITH_CORE_IO_PACKED_H
/*
 * What core/io/archive.h promises, in the process that calls it; only that
 * module does, which has it done by a worker where that is wanted.
 */
#include "core/io/archive.h"

struct packed;

/* Loads libarchive, unless it is.  0 or -1. */
int packed_load(struct err *e);
/* As unpack_stream, unpack_archive (of an open file, borrowed until the close)
 * and so on. */
struct packed *
packed_stream(ptrdiff_t (*read)(void *arg, void *p, size_t n, struct err *e),
    void *arg, struct str head, struct err *e);
struct packed *packed_file(int fd, const char *path, struct err *e);
struct packed *packed_memory(struct str bytes, struct err *e);
void packed_close(struct packed *z);
int packed_next(struct packed *z, struct unpack_entry *entry, struct err *e);
ptrdiff_t packed_read(struct packed *z, void *p, size_t n, struct err *e);

#endif
