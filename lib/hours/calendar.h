#ifndef KITH_HOURS_CALENDAR_H
#define KITH_HOURS_CALENDAR_H
/*
 * Business time: the hours of a week in a zone, with breaks, hours past
 * midnight and holidays.  It is counted by walking the calendar's intervals,
 * each turned into instants by the zone's rules of that day, so a day with 23
 * or 25 hours counts what it has.
 *
 *	zone: Europe/Berlin
 *	hours:
 *	  mon-thu: "09:00-12:30 13:15-17:30"
 *	  fri: "18:00-02:00"          # ends on Saturday; belongs to Friday
 *	holidays: [2026-12-25, 12-26, de.ics]   # a day, each year's, a file
 *	dates: {12-24: "09:00-12:00", 2026-12-28..2026-12-30: winter}
 */
#include "core/io/yaml.h"
#include "hours/week.h"
#include "hours/zone.h"

enum {
	CALENDAR_HOLIDAYS = 100000, /* days and events of all lists */
	CALENDAR_YEARS = 20, /* how far open time is counted */
	CALENDAR_CACHE = 64, /* years whose intervals are kept */
};

struct calendar;

/*
 * Reads one entry of `calendars:`; name is what messages call it.  Holiday
 * files that do not begin with '/' lie in folder (NULL: where the program
 * runs).  NULL with "file:line:column: ..." on error.
 */
struct calendar *calendar_new(const struct yaml *y, const struct yaml_node *n,
    const char *name, const char *folder, struct err *e);
/* A calendar of a rule file into *out; name NULL: its first, and NULL where it
 * has none.  Without a file (NULL) there is none, and -1 where one is named.
 * 0 or -1. */
int calendar_named(const char *rules_path, const char *name,
    struct calendar **out, struct err *e);
void calendar_free(struct calendar *c);
/* What of its holidays was left out, in a sentence with the file and line, i
 * from 0; NULL past the last. */
const char *calendar_warning(const struct calendar *c, size_t i);

/*
 * NULL is the calendar that is always open, in all of these.
 *
 * The first instant by which d of open time has passed since `from`; from
 * itself where d is 0.  TIME_NONE where the calendar does not open so much
 * within CALENDAR_YEARS.
 */
int64_t calendar_add(struct calendar *c, int64_t from, int64_t d);
/* Open time from a to b; 0 where b is not later.  TIME_NONE where b is more than
 * CALENDAR_YEARS later: such a date is a mistake, and each year costs. */
int64_t calendar_between(struct calendar *c, int64_t a, int64_t b);
/* When a day (as time_days counts) begins there. */
int64_t calendar_midnight(struct calendar *c, int64_t day);
bool calendar_open_at(struct calendar *c, int64_t t);

#endif
