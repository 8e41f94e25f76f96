#ifndef KITH_SOURCE_MAIL_AUTHOR_PROGRAMS_H
#define KITH_SOURCE_MAIL_AUTHOR_PROGRAMS_H
/*
 * Addresses at which programs write and nobody reads, told by their local
 * parts in many languages.
 */
#include "core/arena.h"

/* The kinds, as bits. */
enum {
	PROGRAM_ROBOT = 1, /* nobody writes or reads there: "noreply" */
	PROGRAM_FORM = 2, /* writes what others said: "webform" */
	PROGRAM_SYSTEM = 4, /* may be people's: "shop", "tickets" */
};

/* Which programs write at this address; 0: none that is known. */
unsigned program_at(struct str email, struct arena *a);
/* Whether nobody reads there. */
bool program_is_robot(struct str email, struct arena *a);
/* Whether what is written there is what others said; of a shop and the like
 * where the address is ours. */
bool program_writes_for_others(struct str email, bool ours, struct arena *a);

#endif
