#ifndef KITH_CORE_IO_SORT_H
#define KITH_CORE_IO_SORT_H
/*
 * An external sort: lines with a byte key, more of them than memory holds.
 * Runs are sorted in memory and spilled to unlinked files under TMPDIR; the
 * reading back merges them.  Equal keys come out in the order of their
 * arrival.
 */
#include "core/err.h"

struct sorter;

/* Where such files go: TMPDIR, or /tmp.  Borrowed from the environment. */
const char *sort_folder(void);
/* memory: bytes held before a run is spilled; at least 1 MiB. */
struct sorter *sorter_new(size_t memory);
void sorter_free(struct sorter *s);
/* From now on so much; what is above it is given back with the next run. */
void sorter_memory(struct sorter *s, size_t memory);
/* Copies both.  Keys compare as bytes (memcmp, the shorter first). */
int
sorter_add(struct sorter *s, struct str key, struct str line, struct err *e);
/* After the last add, once. */
int sorter_finish(struct sorter *s, struct err *e);
/* 1 with the next, 0 at the end, -1.  Both live until the next call; line has
 * BUF_PAD readable bytes behind it. */
int
sorter_next(struct sorter *s, struct str *key, struct str *line, struct err *e);
/* From the first again; after sorter_finish, any number of times. */
int sorter_rewind(struct sorter *s, struct err *e);

#endif
