#ifndef KITH_CORE_ARENA_H
#define KITH_CORE_ARENA_H
/*
 * Memory that is given back all at once: one arena a record, reset before the
 * next.  What it returns lives until the reset or release.  A reset keeps the
 * blocks, so that a steady stream of records allocates nothing.  One that grows
 * large goes on in huge pages, where the system has some.
 */
#include "core/str.h"

enum { ARENA_ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(ARENA_ALIGN) char bytes[];
};

/* A zeroed one is ready. */
struct arena {
	struct arena_block *first, *at;
	size_t used, held;
};

void arena_reset(struct arena *a);
void arena_release(struct arena *a);
/* arena_alloc where a block more may be needed; call arena_alloc. */
void *arena_alloc_slow(struct arena *a, size_t n);
/* n bytes aligned to 16, uninitialised; never NULL. */
static inline void *
arena_alloc(struct arena *a, size_t n)
{
	size_t used = (n + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
	void *p;

	if (a->at == NULL || used < n || used > a->at->size - a->used)
		return arena_alloc_slow(a, n);
	p = a->at->bytes + a->used;
	a->used += used;
	return p;
}

/* The same, zeroed, n * size with the overflow check. */
void *arena_calloc(struct arena *a, size_t n, size_t size);
/* A copy of s with a NUL behind it (not counted). */
struct str arena_dup(struct arena *a, struct str s);
/* *old, which is such a copy or absent, becomes a copy of s: in the same place
 * where it fits, as ids of one length do.  An absent s makes it absent. */
void arena_replace(struct arena *a, struct str *old, struct str s);
char *arena_cstr(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Slices one after the other, with a NUL behind.  Whatever may hold a NUL, as
 * ids and keys may, goes through this: "%.*s" ends there. */
struct str arena_join(struct arena *a, const struct str *parts, size_t n);
#define ARENA_JOIN(a, ...)                                 \
	arena_join(a, (const struct str[]){ __VA_ARGS__ }, \
	    sizeof((const struct str[]){ __VA_ARGS__ }) / sizeof(struct str))
/* For tests, which bound it: bytes held in blocks, used or not. */
size_t arena_held(const struct arena *a);

#endif
