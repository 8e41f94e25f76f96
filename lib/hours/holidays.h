#ifndef KITH_HOURS_HOLIDAYS_H
#define KITH_HOURS_HOLIDAYS_H
/*
 * Sets of whole days: single ones, yearly ones, and those of recurrence rules,
 * as lists and iCalendar files (hours/ics.h) give them.  Days are numbered as
 * time_days counts them.
 */
#include "core/err.h"
#include "hours/recur.h"

enum { HOLIDAYS_WARNINGS = 100 /* that are kept */ };

struct holidays;

struct holidays *holidays_new(void);
void holidays_free(struct holidays *h);
/* "2026-12-25", or "12-25" for every year's; -1 where s is neither. */
int holidays_add(struct holidays *h, struct str s);
/* So many days from the first on.  0; -1 past CALENDAR_HOLIDAYS. */
int holidays_add_days(struct holidays *h, int64_t first, int days);
/* As many from each start of the rule on (copied), but for n starts (copied).
 * 0 or -1. */
int holidays_add_recur(struct holidays *h, const struct recur *r, int days,
    const int64_t *without, size_t n);
bool holidays_has(struct holidays *h, int64_t day);

/* Keeps a sentence about something that was left out (copied). */
void holidays_warn(struct holidays *h, struct str text);
/* Sentence i of those; NULL past the last. */
const char *holidays_warning(const struct holidays *h, size_t i);

#endif
