#ifndef KITH_HOURS_DATES_H
#define KITH_HOURS_DATES_H
/*
 * Dates that have hours of their own, whatever their weekday is and whether
 * they are holidays:
 *	12-24: "09:00-12:00"              # each year's; half a holiday
 *	2026-05-15: closed
 *	2026-12-28..2026-12-30: winter    # the hours of that calendar
 *	12-27..01-05: winter              # over the turn of each year
 * Of several that fit the last counts.
 */
#include "hours/week.h"

enum { DATES_MAX = 10000 };

struct dates;

struct dates *dates_new(void);
void dates_free(struct dates *d);
/* The map `dates:` of a calendar of the document, NULL for none.  0 or -1. */
int dates_read(struct dates *d, const struct yaml *y, const struct yaml_node *n,
    struct err *e);
/* "2026-08-01..2026-08-14", or one day: the first and the last, as time_days
 * counts.  False where it is none, or a day of every year. */
bool dates_span(struct str s, int64_t *first, int64_t *last);
/* The week whose hours a day (as time_days counts) has, or NULL. */
const struct week *dates_week(const struct dates *d, int64_t day);

#endif
