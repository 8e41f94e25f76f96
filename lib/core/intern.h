#ifndef KITH_CORE_INTERN_H
#define KITH_CORE_INTERN_H
/*
 * Words that come again and again, kept once each: names of channels, zones,
 * assignees, folded names of people.  Words are numbered in the order of their
 * first coming, and one copy of each stays where it is until the release, so
 * that two words of one table are equal where their pointers are.
 */
#include "core/map.h"

/* A zeroed struct intern is ready. */
struct intern {
	struct map map; /* to numbers; entries in their order */
	size_t last; /* 1 + number of the word that was asked for last */
};

void intern_release(struct intern *w);
/* The word's number; made where it is new. */
uint32_t intern_number(struct intern *w, struct str word);
/* The copy; an absent word stays absent and is not kept. */
struct str intern_str(struct intern *w, struct str word);

/* The word of a number. */
static inline struct str
intern_word(const struct intern *w, uint32_t number)
{
	return w->map.entries[number].key;
}

#endif
