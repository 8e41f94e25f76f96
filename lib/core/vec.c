#include "core/vec.h"

#include <stdint.h>
#include <string.h>

/* What holds n + more elements of size bytes, and some for the next calls. */
static size_t
capacity(size_t cap, size_t n, size_t more, size_t size)
{
	size_t want, next, bytes;

	if (__builtin_add_overflow(n, more, &want) ||
	    __builtin_mul_overflow(want, size, &bytes))
		alloc_die(SIZE_MAX);
	next = cap < VEC_FIRST / 2      ? VEC_FIRST
	       : cap * size < VEC_LARGE ? cap * 2
					: cap + cap / 2;
	return next < want ? want : next;
}

void *
vec_grow(void *v, size_t *cap, size_t n, size_t more, size_t size)
{
	*cap = capacity(*cap, n, more, size);
	return xreallocarray(v, *cap, size);
}

void *
vec_grow_in(
    struct arena *a, void *v, size_t *cap, size_t n, size_t more, size_t size)
{
	size_t want = capacity(*cap, n, more, size), bytes;
	void *to;

	if (__builtin_mul_overflow(want, size, &bytes))
		alloc_die(SIZE_MAX);
	to = arena_alloc(a, bytes);
	if (n > 0)
		memcpy(to, v, n * size);
	*cap = want;
	return to;
}
