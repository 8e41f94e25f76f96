#ifndef KITH_HOURS_ZONE_H
#define KITH_HOURS_ZONE_H
/*
 * Time zones by their IANA names, with the rules of the system's tzdata.
 */
#include "core/arena.h"
#include "core/time.h"

struct zone;

/* NULL where the name is unknown.  zone_free(NULL) is allowed. */
struct zone *zone_open(const char *name, struct err *e);
void zone_free(struct zone *z);
const char *zone_name(const struct zone *z);
/*
 * The names of the zones of an ISO 3166 region, "US"; they live in the arena.
 * Returns how many there are, of which at most max are written.
 */
size_t zone_of_region(
    const char *region, const char **names, size_t max, struct arena *a);
/* The wall clock there at t, and seconds east of UTC (may be NULL). */
void zone_civil(struct zone *z, int64_t t, struct civil *out, int *offset);
/*
 * The instant when the wall clock there shows c.  In a gap the instant is
 * that of the same distance after the gap's start; of two the earlier.
 * Fields out of range carry over (day 32 is the next month's first).
 */
int64_t zone_instant(struct zone *z, const struct civil *c);

#endif
