#ifndef KITH_HOURS_TZRULE_H
#define KITH_HOURS_TZRULE_H
/*
 * The rule behind the last transition of a zone: a POSIX TZ string ("CET-1CEST,
 * M3.5.0,M10.5.0/3", IEEE Std 1003.1, section 8.3) with the hours up to 167
 * that RFC 8536 (section 3.3.1) allows.
 */
#include "core/str.h"

/* When the clock changes in a year. */
struct tzrule_change {
	enum {
		TZRULE_JULIAN, /* Jn: day 1..365, no 29 February */
		TZRULE_DAY, /* n: day 0..365 */
		TZRULE_MONTH, /* Mm.w.d: weekday d of week w (5: the last) */
	} kind;
	int day, month, week; /* day: of the year, or of the week, 0 Sunday */
	int64_t seconds; /* after the day's midnight there; may be negative */
};

struct tzrule {
	int standard, summer; /* seconds east of UTC */
	bool changes; /* else it is standard for ever */
	struct tzrule_change to_summer, to_standard;
};

/* 0, or -1 where text is no such string. */
int tzrule_parse(struct str text, struct tzrule *out);
/*
 * The offset that holds at an instant, in microseconds; *from and *until say
 * how long it held and will hold, INT64_MIN and INT64_MAX for ever.
 */
int
tzrule_offset(const struct tzrule *r, int64_t t, int64_t *from, int64_t *until);

#endif
