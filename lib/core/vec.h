#ifndef KITH_CORE_VEC_H
#define KITH_CORE_VEC_H
/*
 * Growable arrays, typed by use: a list is any struct with the members that
 * VEC(T) writes, so that the compiler knows what stands in it and a loop over
 * v[0 .. n-1] calls nothing.
 *
 *	struct moves VEC(struct move);
 *	struct moves list = { 0 };
 *	vec_add(&list, (struct move){ .at = at });
 *
 * A zeroed list is empty and ready.  v belongs to the list; what elements own
 * is the caller's.  Adding may move the elements: pointers to them hold until
 * the next call that adds.  Capacity doubles while it is small and grows by
 * half past VEC_LARGE bytes; out of memory, or of numbers, ends the program
 * (core/alloc.h).  The macros evaluate `list` several times.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/arena.h"

enum {
	VEC_FIRST = 16, /* elements that the first call makes room for */
	VEC_LARGE = 1 << 20, /* bytes from which on it grows by half */
};

/* clang-format off */
#define VEC(T) { T *v; size_t n, cap; }
/* clang-format on */

/*
 * What vec_room calls where there is none: v (borrowed, may be NULL) with room
 * for `more` elements of size bytes behind n; *cap is what it holds then.
 */
void *vec_grow(void *v, size_t *cap, size_t n, size_t more, size_t size)
    __attribute__((returns_nonnull));
/*
 * The same in an arena, which keeps the old elements until its reset: for
 * lists that live as long as a record.  Their v is not to be freed.
 */
void *vec_grow_in(struct arena *a, void *v, size_t *cap, size_t n, size_t more,
    size_t size) __attribute__((returns_nonnull));

/* Where there is room there is memory, which the analyzer cannot know. */
#ifdef __clang_analyzer__
#define vec_fits(v, n, cap, more) ((v) != NULL && (more) <= (cap) - (n))
#else
#define vec_fits(v, n, cap, more) ((more) <= (cap) - (n))
#endif

/* Room for `more` elements behind n, which stay uninitialised; vec_hold where
 * the members have other names. */
#define vec_room(list, more) vec_hold((list)->v, (list)->n, (list)->cap, more)
#define vec_hold(v, n, cap, more)                                            \
	(vec_fits(v, n, cap, more) ? (void)0                                 \
				   : (void)((v) = vec_grow((v), &(cap), (n), \
						(more), sizeof(*(v)))))
#define vec_room_in(arena, list, more)                                     \
	(vec_fits((list)->v, (list)->n, (list)->cap, more)                 \
		? (void)0                                                  \
		: (void)((list)->v =                                       \
			     vec_grow_in((arena), (list)->v, &(list)->cap, \
				 (list)->n, (more), sizeof(*(list)->v))))

/* A pointer to one element more, uninitialised. */
#define vec_new(list) (vec_room((list), 1), &(list)->v[(list)->n++])

/* Adds a value of the list's type, which may be a compound literal and may name
 * list->n, where it will stand, but must not itself add to the list. */
#define vec_add(list, ...)                                                  \
	(vec_room((list), 1), (void)((list)->v[(list)->n] = (__VA_ARGS__)), \
	    (void)(list)->n++)
#define vec_add_in(arena, list, ...)      \
	(vec_room_in((arena), (list), 1), \
	    (void)((list)->v[(list)->n] = (__VA_ARGS__)), (void)(list)->n++)

/* Frees v; the list is as zeroed again. */
#define vec_release(list)                           \
	(free((list)->v), (void)((list)->v = NULL), \
	    (void)((list)->n = (list)->cap = 0))

#endif
