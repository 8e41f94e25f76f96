#include "core/time.h"

#include "tap.h"

static int64_t
at(const char *s)
{
	int64_t t = TIME_NONE;

	if (time_parse(str_of(s), &t) != 0)
		return TIME_NONE;
	return t;
}

static void
formats(const char *in, const char *want)
{
	char out[TIME_SIZE];
	int64_t t = at(in);

	if (t == TIME_NONE) {
		is_str(STR_NONE, want, in);
		return;
	}
	is_str(str_make(out, time_format(t, out)), want, in);
}

static void
parsing(void)
{
	formats("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z");
	formats("2024-02-29", "2024-02-29T00:00:00Z");
	formats("2025-06-30T13:05:09.5+02:00", "2025-06-30T11:05:09.500Z");
	formats("2025-06-30 13:05-0330", "2025-06-30T16:35:00Z");
	formats("2025-06-30t13:05:00z", "2025-06-30T13:05:00Z");
	formats(
	    "2025-01-01T00:00:00.123456789Z", "2025-01-01T00:00:00.123456Z");
	formats("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z");
	formats("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z");
	formats("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
	formats("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z");
	formats("1900-03-01", "1900-03-01T00:00:00Z");
	formats("1900-02-29", NULL);
	formats("2025-13-01", NULL);
	formats("2025-00-01", NULL);
	formats("2025-06-31", NULL);
	formats("2025-06-30T24:00:00Z", NULL);
	formats("2025-06-30T13:05:00", NULL);
	formats("2025-06-30T13Z", NULL);
	formats("2025-06-30T13:05:00.Z", NULL);
	formats("2025-06-30T13:05:00Zx", NULL);
	formats("2025-6-30", NULL);
	formats("0001-01-01T00:00:00+01:00", NULL);
	formats("", NULL);
	formats("yesterday", NULL);
}

static void
civil(void)
{
	struct civil c;
	int64_t t, back;
	bool same = true;

	time_to_civil(at("2025-06-30T13:05:09Z"), &c);
	is_int(c.year * 10000 + c.month * 100 + c.day, 20250630, "date");
	is_int(time_weekday(&c), 0, "2025-06-30 is a Monday");
	is_int(time_weekday(
		   &(struct civil){ .year = 1969, .month = 12, .day = 28 }),
	    6, "1969-12-28 was a Sunday");
	for (t = at("1600-01-01"); t < at("2400-01-01");
	     t += 13 * TIME_DAY + 7 * TIME_HOUR + 11) {
		time_to_civil(t, &c);
		same = same && time_from_civil(&c, &back) == 0 && back == t;
	}
	ok(same, "800 years go there and back");
	is_int(time_days(1970, 1, 1), 0, "day 0");
	is_int(time_days(2000, 3, 1), 11017, "day 11017");
}

static void
lasts(const char *in, int64_t want)
{
	int64_t d = -1;

	if (duration_parse(str_of(in), &d) != 0)
		d = -1;
	is_int(d, want, in);
}

static void
reads(int64_t d, const char *want)
{
	char out[TIME_SIZE];

	is_str(str_make(out, duration_format(d, out)), want, want);
}

static void
durations(void)
{
	lasts("90s", 90 * TIME_SECOND);
	lasts("15m", 15 * TIME_MINUTE);
	lasts("1h30m", 90 * TIME_MINUTE);
	lasts("2w", 14 * TIME_DAY);
	lasts("0s", 0);
	lasts("24", -1);
	lasts("", -1);
	lasts("h", -1);
	lasts("-1h", -1);
	lasts("1y", -1);
	lasts("9223372036854775807w", -1);
	lasts("99999999999999999999s", -1);
	reads(0, "0s");
	reads(45 * TIME_SECOND, "45s");
	reads(200 * TIME_MINUTE, "3h 20m");
	reads(52 * TIME_HOUR, "2d 4h");
	reads(2 * TIME_DAY + 5 * TIME_SECOND, "2d");
	reads(TIME_HOUR + 59 * TIME_SECOND, "1h");
	reads(-90 * TIME_SECOND, "-1m 30s");
	reads(TIME_SECOND / 2, "0s");
}

int
main(void)
{
	parsing();
	civil();
	durations();
	return done();
}
