#ifndef KITH_HOURS_TZFILE_H
#define KITH_HOURS_TZFILE_H
/*
 * The system's time zones as files: TZif (RFC 8536) in TZDIR, or else
 * /usr/share/zoneinfo, where the package tzdata keeps them current.
 */
#include "core/arena.h"
#include "core/err.h"
#include "hours/tzrule.h"

enum {
	TZFILE_BYTES = 1 << 20, /* of a file */
	TZFILE_NAME = 64, /* of an IANA name */
};

struct tzfile {
	/* From at[i] on, in microseconds, ascending, offset[i] seconds east
	 * of UTC hold; `first` before all of them. */
	int64_t *at;
	int *offset;
	size_t n;
	int first;
	bool has_rule; /* which holds behind the last */
	struct tzrule rule;
};

/* Reads the zone of an IANA name ("Europe/Berlin"); 0, or -1 where the system
 * has none of that name or its file is broken. */
int tzfile_read(const char *name, struct tzfile *out, struct err *e);
void tzfile_release(struct tzfile *z);
/*
 * The names of the zones of an ISO 3166 region, "US", by zone.tab; they live
 * in the arena, sorted.  Returns how many there are; at most max are written.
 */
size_t tzfile_of_region(
    const char *region, const char **names, size_t max, struct arena *a);

#endif
