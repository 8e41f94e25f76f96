#ifndef KITH_HOURS_WEEK_H
#define KITH_HOURS_WEEK_H
/*
 * The hours of a week, as rule files write them:
 *	mon-thu: "09:00-12:30 13:15-17:30"
 *	fri: "18:00-02:00"          # ends on Saturday; belongs to Friday
 */
#include "core/io/yaml.h"

enum { CALENDAR_SPANS = 16 }; /* intervals a day */

struct hours {
	int from, to; /* minutes of the day; to may reach into the next */
};

struct week {
	struct hours v[7][CALENDAR_SPANS]; /* by weekday, Monday first */
	size_t n[7];
};

/* A map of days to hours; name is what messages call its calendar.  0, or -1
 * with the place and the mend: a day twice, no hours at all. */
int week_read(struct week *w, const struct yaml *y, const struct yaml_node *n,
    const char *name, struct err *e);
/* A day's n intervals into out[CALENDAR_SPANS]: one string with blanks between,
 * or a list of strings. */
int hours_read(const struct yaml *y, const struct yaml_node *value,
    struct hours *out, size_t *n, struct err *e);

#endif
