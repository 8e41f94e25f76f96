#ifndef KITH_HOURS_RECUR_H
#define KITH_HOURS_RECUR_H
/*
 * Recurrence rules (RRULE, RFC 5545, 3.3.10) of whole days: every part but
 * those that name a time of day.  Each day of a period (a year, a month, a
 * week, a day) is held against the rule's parts, so a walk costs the days that
 * it passes, less those of months that BYMONTH leaves out.
 *
 * By our own code and not by libical, measured with 3.0.16: a program that
 * links it begins with 3.75 million instructions and 6.2 ms, one that does not
 * with 0.12 million and 2.1 ms, since it brings ICU's collation and calendars
 * along; kith-report reads calendars, too.  Reading and asking 20 yearly rules
 * costs kith-route 0.5 million.
 */
#include "core/err.h"

enum {
	RECUR_DAYS = 366, /* of a year, the longest period */
	RECUR_YEARS = 1000, /* from the start on, in which COUNT is counted */
};

enum recur_frequency {
	RECUR_YEARLY,
	RECUR_MONTHLY,
	RECUR_WEEKLY,
	RECUR_DAILY,
};

/* Numbers from -366 to 366 without 0. */
struct recur_set {
	bool any; /* has some */
	uint64_t plus[6], minus[6];
};

struct recur {
	enum recur_frequency frequency;
	int interval;
	int week_start; /* a weekday, Monday is 0 */
	int64_t start, until; /* days; until is the last that counts */
	struct recur_set month, month_day, year_day, week, position;
	unsigned weekdays; /* a bit for each that needs no number */
	struct recur_set nth[7]; /* "-1MO": by weekday */
	bool by_day;
};

/*
 * Reads a rule's value for an event that starts on this day.  until_day turns
 * the value of UNTIL into a day (0, or -1); arg is its own.  0; 1 where the
 * rule gives more than whole days (HOURLY, BYHOUR); -1 where it is none.
 */
int recur_read(struct recur *r, struct str rule, int64_t start,
    int (*until_day)(void *arg, struct str value, int64_t *day), void *arg);
/* Each year's day of this date, of all time; 0, or -1 where no year has it. */
int recur_yearly(struct recur *r, int month, int day);

/* A walk over the days on which a rule's event starts. */
struct recur_walk {
	const struct recur *rule;
	int64_t period, from, to;
	int64_t days[RECUR_DAYS];
	size_t n, i;
};

/* r is borrowed; from the day `from` to `to`, without that. */
void recur_begin(
    struct recur_walk *w, const struct recur *r, int64_t from, int64_t to);
bool recur_next(struct recur_walk *w, int64_t *day);

#endif
