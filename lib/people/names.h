#ifndef KITH_PEOPLE_NAMES_H
#define KITH_PEOPLE_NAMES_H
/*
 * Names of people, as far as they tell that two rows are not of the same
 * person.  They never tell that two are.
 */
#include "core/arena.h"

enum { NAME_WORDS = 8, NAME_BYTES = 120 };

/* The words that count, folded, with single spaces: without titles, case and
 * accents.  STR_NONE where there are none. */
struct str name_fold(struct str name, struct arena *a);
/*
 * May both be of one person?  So where each word of the shorter one is in the
 * other: the same, an initial, or a beginning of three letters.
 */
bool names_agree(struct str a, struct str b);

#endif
