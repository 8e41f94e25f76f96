#ifndef KITH_CORE_POOL_H
#define KITH_CORE_POOL_H
/*
 * Memory in pieces that grow and are given back one by one, for the thousands
 * that each hold a little: sizes are rounded up to POOL_STEP, so that what one
 * gives back another takes; nothing is kept beside a piece.
 */
#include "core/arena.h"

enum {
	POOL_STEP = 128, /* bytes */
	POOL_MOST = 4096, /* larger pieces are the system's */
};

/* A zeroed struct pool is ready. */
struct pool {
	struct arena arena;
	void *spare[POOL_MOST / POOL_STEP]; /* lists of pieces given back */
};

/* What a piece of at least n bytes really holds: what alloc gives. */
size_t pool_size(size_t n);
/* size is one of pool_size; aligned to 16, never NULL. */
void *pool_alloc(struct pool *p, size_t size);
/* With the size that it was taken with; m may be NULL. */
void pool_free(struct pool *p, void *m, size_t size);
/* Pieces past POOL_MOST are to be given back before. */
void pool_release(struct pool *p);

#endif
