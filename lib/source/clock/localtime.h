#ifndef KITH_SOURCE_CLOCK_LOCALTIME_H
#define KITH_SOURCE_CLOCK_LOCALTIME_H
/*
 * Wall clocks that an export writes without saying where they hang: they are
 * read in the workspace's `zone`, or as UTC with one warning where it names
 * none.
 */
#include "core/time.h"
#include "workspace/workspace.h"

struct local_clock {
	const struct workspace *workspace; /* borrowed */
	struct zone *zone; /* opened when the first clock is read */
	bool open;
};

/* The instant that a wall clock shows; fields out of range carry over. */
int64_t local_instant(struct local_clock *l, const struct civil *c);
/* Lets go of the zone; the next call opens it anew. */
void local_release(struct local_clock *l);

#endif
