#ifndef KITH_HOURS_HOLIDAYS_H
#define KITH_HOURS_HOLIDAYS_H
/*
 * Sets of whole days: single ones, and yearly ones by date or by weekday, as
 * lists and iCalendar files (RFC 5545) give them.  Days are numbered as
 * time_days counts them.
 */
#include "core/err.h"

struct holidays;

struct holidays *holidays_new(void);
void holidays_free(struct holidays *h);
/* "2026-12-25", or "12-25" for every year's; -1 where s is neither. */
int holidays_add(struct holidays *h, struct str s);
/*
 * Takes the events of an iCalendar file: whole days, one or several, once or
 * yearly (RRULE with FREQ=YEARLY and INTERVAL, COUNT, UNTIL, BYMONTH,
 * BYMONTHDAY, BYDAY; EXDATE; RDATE).  Cancelled ones do not count.  -1 with
 * "file:line: ..." for anything else: a holiday that is passed over unseen
 * makes wrong promises.
 */
int holidays_read_ics(struct holidays *h, const char *path, struct err *e);
/* The same from text; name is what messages call it. */
int holidays_parse_ics(
    struct holidays *h, const char *name, struct str text, struct err *e);
bool holidays_has(struct holidays *h, int64_t day);

#endif
