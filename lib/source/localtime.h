#ifndef KITH_SOURCE_LOCALTIME_H
#define KITH_SOURCE_LOCALTIME_H
/*
 * Wall clocks that an export writes without saying where they hang: they are
 * read in the workspace's `zone`, or as UTC with one warning a run where it
 * names none.
 */
#include "core/time.h"
#include "driver/driver.h"

/* The instant that a wall clock shows; fields out of range carry over. */
int64_t local_instant(struct run *r, const struct civil *c);
/* Lets go of the zone; the next call opens it anew. */
void local_done(void);

#endif
