#ifndef KITH_HOURS_ICS_H
#define KITH_HOURS_ICS_H
/*
 * Holidays of iCalendar files (RFC 5545): events of whole days, one or
 * several, once or by a rule (hours/recur.h), with EXDATE and RDATE.
 *
 * Whole days are those that are written so (VALUE=DATE), and from midnight to
 * midnight in the calendar's zone, as Outlook writes them.  Cancelled events
 * do not count.  An event that is of no whole days is left out, with a warning
 * of h that names it.  What cannot be read is an error with "file:line: ...": a
 * holiday that is passed over unseen makes wrong promises.
 */
#include "hours/holidays.h"
#include "hours/zone.h"

/* zone is borrowed; NULL is UTC.  0 or -1. */
int ics_read(
    struct holidays *h, const char *path, struct zone *zone, struct err *e);
/* The same from text; name is what messages call it.  For tests, which write
 * no files. */
int ics_parse(struct holidays *h, const char *name, struct str text,
    struct zone *zone, struct err *e);

#endif
