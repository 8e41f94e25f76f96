#ifndef KITH_CORE_TABLE_H
#define KITH_CORE_TABLE_H
/*
 * Open addressing with linear probing, typed by use: TABLE(SLOT) writes the
 * members of a table, TABLE_FUNCTIONS the functions over it, which are static,
 * inline and call the owner's way to hash and to compare by name, so that a
 * look-up is a loop and no call.  A table is a power of two of slots, at most
 * seven in ten of them taken; nothing is ever taken out one by one.  A zeroed
 * table is empty and holds no memory.
 *
 *	struct names TABLE(struct name_slot);
 *
 *	static inline bool names_free(const struct name_slot *s);
 *	static inline uint64_t
 *	names_home(const struct owner *o, const struct name_slot *s);
 *	static inline bool
 *	names_is(const struct owner *o, const struct name_slot *s, KEY key);
 *	TABLE_FUNCTIONS(names, struct name_slot, const struct owner *, KEY)
 *
 * _free: nothing stands in this slot; true of a slot of zeros.  _home: the hash
 * of what stands there, whose lowest bits say where it belongs (from the slot
 * where it keeps enough of the hash, else worked out again).  _is: is that key
 * meant?  OWNER is what these need to know besides, of any type; who needs
 * nothing takes `const void *` and gives NULL.  Then there are:
 *
 * void names_room(struct names *t, OWNER o, size_t n, size_t first)
 *	Room for one more beside n that are there: doubles where it must, from
 *	`first` slots on (a power of two).  To be called before names_find
 *	where that is to put something into the slot it finds.
 * size_t names_find(const struct names *t, OWNER o, uint64_t hash, KEY key)
 *	The slot of key, or the free one where it belongs.  Asks for a table
 *	that has slots: t->slots != NULL.
 * void names_fetch(const struct names *t, uint64_t hash)
 *	For who looks up soon and has other work meanwhile: fetches the first
 *	place where that will look.
 * void names_clear(struct names *t)
 *	Empties it and keeps its memory.
 * void names_release(struct names *t)
 *	Gives its memory back; it is as zeroed then.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/str.h"

/* clang-format off */
#define TABLE(SLOT) { SLOT *slots; size_t mask; }
/* clang-format on */

/* Is a table of so many slots too full for one more than n? */
static inline bool
slots_are_full(size_t n, size_t slots)
{
	return (n + 1) * 10 > slots * 7;
}

/* How many slots come after `old` (0: none yet). */
static inline size_t
slots_next(size_t old, size_t first)
{
	if (old > SIZE_MAX / 16)
		alloc_die(SIZE_MAX);
	return old == 0 ? first : old * 2;
}

#define TABLE_FUNCTIONS(name, SLOT, OWNER, KEY)                                \
	static inline size_t name##_find(                                      \
	    const struct name *t, OWNER o, uint64_t hash, KEY key)             \
	{                                                                      \
		size_t i = (size_t)hash & t->mask;                             \
                                                                               \
		while (!name##_free(&t->slots[i]) &&                           \
		       !name##_is(o, &t->slots[i], key))                       \
			i = (i + 1) & t->mask;                                 \
		return i;                                                      \
	}                                                                      \
                                                                               \
	static void name##_rehash(struct name *t, OWNER o, size_t first)       \
	{                                                                      \
		size_t old = t->slots == NULL ? 0 : t->mask + 1;               \
		size_t mask = slots_next(old, first) - 1;                      \
		SLOT *slots = xcalloc(mask + 1, sizeof(*slots));               \
                                                                               \
		for (size_t from = 0; from < old; from++) {                    \
			size_t i;                                              \
                                                                               \
			if (name##_free(&t->slots[from]))                      \
				continue;                                      \
			i = (size_t)name##_home(o, &t->slots[from]) & mask;    \
			while (!name##_free(&slots[i]))                        \
				i = (i + 1) & mask;                            \
			slots[i] = t->slots[from];                             \
		}                                                              \
		free(t->slots);                                                \
		t->slots = slots;                                              \
		t->mask = mask;                                                \
	}                                                                      \
                                                                               \
	static inline void name##_room(                                        \
	    struct name *t, OWNER o, size_t n, size_t first)                   \
	{                                                                      \
		if (t->slots == NULL || slots_are_full(n, t->mask + 1))        \
			name##_rehash(t, o, first);                            \
	}                                                                      \
                                                                               \
	static inline void name##_fetch(const struct name *t, uint64_t hash)   \
	{                                                                      \
		if (t->slots != NULL)                                          \
			__builtin_prefetch(&t->slots[(size_t)hash & t->mask]); \
	}                                                                      \
                                                                               \
	static inline void name##_clear(struct name *t)                        \
	{                                                                      \
		if (t->slots != NULL)                                          \
			memset(                                                \
			    t->slots, 0, (t->mask + 1) * sizeof(*t->slots));   \
	}                                                                      \
                                                                               \
	static inline void name##_release(struct name *t)                      \
	{                                                                      \
		free(t->slots);                                                \
		*t = (struct name){ 0 };                                       \
	}

#endif
