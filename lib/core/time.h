#ifndef KITH_CORE_TIME_H
#define KITH_CORE_TIME_H
/*
 * Instants are int64_t microseconds since 1970-01-01T00:00:00Z, without leap
 * seconds.  Durations are int64_t microseconds.
 */
#include "core/err.h"

#define TIME_SECOND INT64_C(1000000)
#define TIME_MINUTE (60 * TIME_SECOND)
#define TIME_HOUR (60 * TIME_MINUTE)
#define TIME_DAY (24 * TIME_HOUR)
#define TIME_NONE INT64_MIN

enum { TIME_SIZE = 40 };

struct civil {
	int year, month, day; /* month 1..12, day 1..31 */
	int hour, minute, second, usec;
};

/*
 * RFC 3339 with any offset, "T" or a space between, seconds and fraction
 * optional, a plain date meaning its midnight in UTC.  Years 0001 to 9999.
 * 0, or -1 when it is none.
 */
int time_parse(struct str s, int64_t *out);
/*
 * Writes RFC 3339 in UTC with Z; a fraction only where it is not zero, three
 * or six digits.  Returns its length.
 */
size_t time_format(int64_t t, char out[TIME_SIZE]);
/*
 * The same, in quotes and without a NUL, for those who write a few times over
 * and over.  A zeroed struct time_memo is ready.
 */
enum { TIME_MEMOS = 4 };
struct time_memo {
	int64_t t[TIME_MEMOS];
	char text[TIME_MEMOS][TIME_SIZE];
	uint8_t n[TIME_MEMOS], next; /* lengths; the one to go */
};
size_t time_quote(struct time_memo *m, int64_t t, char out[TIME_SIZE]);
/* The instant of a civil time in UTC; -1 where there is no such day. */
int time_from_civil(const struct civil *c, int64_t *out);
void time_to_civil(int64_t t, struct civil *out);
/* 0 is Monday, 6 is Sunday (ISO 8601 less one). */
int time_weekday(const struct civil *c);
/* Days since 1970-01-01 of a proleptic Gregorian date. */
int64_t time_days(int year, int month, int day);
/*
 * "90s", "15m", "24h", "7d", "2w" and sums such as "1h30m"; a bare number is
 * refused.  0, or -1.
 */
int duration_parse(struct str s, int64_t *out);
/* For people: "3h 20m", "2d 4h", "45s"; at most two units. */
size_t duration_format(int64_t d, char out[TIME_SIZE]);
/* The system's clock.  Only the driver asks it. */
int64_t time_clock(void);
/* Milliseconds of a clock that only goes forward, from nobody knows when. */
int64_t time_steady_ms(void);

#endif
