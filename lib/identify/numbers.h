#ifndef KITH_IDENTIFY_NUMBERS_H
#define KITH_IDENTIFY_NUMBERS_H
/*
 * Numbers that the telephone network tells can be forged.  They are believed,
 * which matters where a number leads to more than itself: that is said once,
 * unless the workspace has a word on it.
 */
#include "identify/evidence.h"

/* A zeroed one is ready. */
struct numbers {
	bool believed; /* one of a sender's was, because the network told it */
	bool beside; /* one stood beside other keys that join */
};

void numbers_see(
    struct numbers *n, struct record *r, const struct evidence_list *found);
/* After the last record. */
void numbers_warn(const struct numbers *n, const struct workspace *c);

#endif
