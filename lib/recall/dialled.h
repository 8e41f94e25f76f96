#ifndef KITH_RECALL_DIALLED_H
#define KITH_RECALL_DIALLED_H
/*
 * Which telephones somebody may mean by a number as people type or paste it:
 * with the country's code or without, behind the digits that are dialled for
 * abroad, for another town or for a carrier, with what a phone's contact list
 * adds around it.  Only a plan of numbers could say which of them exist; here
 * all are given, and who asks finds those that are known.
 *
 * Trunk digits: ITU-T, Dialling procedures (international prefix, national
 * (trunk) prefix and national (significant) number), annex to Operational
 * Bulletin 994.  Brazil's carriers: Anatel, Resolution 86 of 1998.  Argentina's
 * 15 and Mexico's 01, 044, 045: what stood before a number until 2019 in
 * Mexico, and stands in one still in Argentina.
 */
#include "core/arena.h"

/* E.164 numbers, each by telephone_key: one a telephone. */
struct dialled {
	struct str *v; /* in the arena, the likeliest first */
	size_t n;
	/* The first `sure` are as the number says, or the region; those behind
	 * have the codes of all other countries. */
	size_t sure;
};

enum { DIALLED_MIN = 5, DIALLED_MAX = 24 }; /* digits of a typed number */

/*
 * All that `typed` may stand for; none where it is no number.  region is ISO
 * 3166, or NULL.  Where the number names its country there are sure ones alone.
 */
void dialled_read(
    struct str typed, const char *region, struct arena *a, struct dialled *out);
/* Does it need a region to be sure? */
bool dialled_is_national(struct str typed);

#endif
