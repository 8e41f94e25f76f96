#include "hours/calendar.h"

#include <stdio.h>
#include <stdlib.h>

#include "hours/ics.h"
#include "tap.h"

static struct calendar *
calendar(const char *text)
{
	struct err e = { 0 };
	struct yaml *y = yaml_parse("t", str_of(text), &e);
	struct calendar *c =
	    y == NULL ? NULL : calendar_new(y, yaml_root(y), "x", NULL, &e);

	if (!ok(c != NULL, "a calendar"))
		printf("# %s\n", e.msg);
	yaml_free(y);
	return c;
}

static int64_t
at(const char *s)
{
	int64_t t = TIME_NONE;

	time_parse(str_of(s), &t);
	return t;
}

static void
due(struct calendar *c, const char *from, const char *takes, const char *want)
{
	char out[TIME_SIZE];
	int64_t d = 0, t;

	duration_parse(str_of(takes), &d);
	t = calendar_add(c, at(from), d);
	is_str(str_make(out, time_format(t, out)), want, want);
	is_int(calendar_between(c, at(from), t), d, "and back");
}

static void
between(struct calendar *c, const char *a, const char *b, const char *want)
{
	char out[TIME_SIZE];
	int64_t d = calendar_between(c, at(a), at(b));

	is_str(str_make(out, duration_format(d, out)), want, want);
}

static void
office(void)
{
	struct calendar *c = calendar(
	    "zone: Europe/Berlin\n"
	    "hours: {mon-thu: '09:00-12:30 13:15-17:30', fri: ['09:00-10:00', '10:00-13:00']}\n"
	    "holidays: [2025-12-25, 2025-12-26, 01-01]\n");

	/* A Monday at 11:30: one hour, the break, another. */
	due(c, "2025-06-30T11:30:00+02:00", "2h", "2025-06-30T12:15:00Z");
	due(c, "2025-06-30T03:00:00+02:00", "1h", "2025-06-30T08:00:00Z");
	due(c, "2025-06-30T12:45:00+02:00", "1m", "2025-06-30T11:16:00Z");
	/* To the minute of closing, and over the night. */
	due(c, "2025-06-30T17:00:00+02:00", "30m", "2025-06-30T15:30:00Z");
	due(c, "2025-06-30T17:00:00+02:00", "31m", "2025-07-01T07:01:00Z");
	/* Friday afternoon to Monday. */
	due(c, "2025-07-04T12:30:00+02:00", "1h", "2025-07-07T07:30:00Z");
	/* Christmas on Thursday and Friday; New Year of every year. */
	due(c, "2025-12-24T17:00:00+01:00", "1h", "2025-12-29T08:30:00Z");
	due(c, "2030-12-31T17:00:00+01:00", "1h", "2031-01-02T08:30:00Z");
	due(c, "2025-06-30T11:30:00+02:00", "0s", "2025-06-30T09:30:00Z");
	between(c, "2025-06-28T00:00:00Z", "2025-07-05T00:00:00Z", "1d 11h");
	between(
	    c, "2025-06-30T10:00:00+02:00", "2025-06-30T09:00:00+02:00", "0s");
	ok(calendar_open_at(c, at("2025-06-30T09:00:00+02:00")), "open");
	ok(!calendar_open_at(c, at("2025-06-30T12:30:00+02:00")), "break");
	ok(!calendar_open_at(c, at("2025-12-25T10:00:00+01:00")), "holiday");
	calendar_free(c);
}

static void
clocks_change(void)
{
	struct calendar *c =
	    calendar("zone: Europe/Berlin\nhours: {mon-sun: '00:00-24:00'}\n");

	/* 23 and 25 hours: real ones are counted. */
	between(
	    c, "2025-03-30T00:00:00+01:00", "2025-03-31T00:00:00+02:00", "23h");
	between(c, "2025-10-26T00:00:00+02:00", "2025-10-27T00:00:00+01:00",
	    "1d 1h");
	due(c, "2025-03-29T20:00:00+01:00", "24h", "2025-03-30T19:00:00Z");
	calendar_free(c);
	c = calendar("zone: Europe/Berlin\nhours: {mon-sun: '22:00-06:00'}\n");
	between(
	    c, "2025-03-29T12:00:00+01:00", "2025-03-30T12:00:00+02:00", "7h");
	between(
	    c, "2025-10-25T12:00:00+02:00", "2025-10-26T12:00:00+01:00", "9h");
	calendar_free(c);
	c = calendar("zone: Europe/Berlin\nhours: {mon-fri: '09:00-17:00'}\n");
	/* Over the weekend of the change: 9 o'clock stays 9 o'clock. */
	due(c, "2025-03-28T16:00:00+01:00", "2h", "2025-03-31T08:00:00Z");
	due(c, "2025-10-24T16:00:00+02:00", "2h", "2025-10-27T09:00:00Z");
	calendar_free(c);
	/* Hours within the gap and the doubled hour. */
	c = calendar("zone: Europe/Berlin\nhours: {mon-sun: '01:30-03:30'}\n");
	between(c, "2025-03-29T12:00:00Z", "2025-03-30T12:00:00Z", "1h");
	between(c, "2025-10-25T12:00:00Z", "2025-10-26T12:00:00Z", "3h");
	calendar_free(c);
}

static void
past_midnight(void)
{
	struct calendar *c = calendar(
	    "zone: America/New_York\n"
	    "hours: {fri: '18:00-02:00', sat: '00:00-04:00 20:00-24:00'}\n"
	    "holidays: 2025-07-11\n");

	/* Friday's hours and Saturday's overlap: time counts once. */
	between(
	    c, "2025-07-04T12:00:00-04:00", "2025-07-05T12:00:00-04:00", "10h");
	due(c, "2025-07-04T23:00:00-04:00", "4h", "2025-07-05T07:00:00Z");
	due(c, "2025-07-05T01:00:00-04:00", "4h", "2025-07-06T01:00:00Z");
	/* A holiday takes the hours that begin on it. */
	between(
	    c, "2025-07-11T12:00:00-04:00", "2025-07-12T12:00:00-04:00", "4h");
	calendar_free(c);
	/* New Year's Eve reaches into January. */
	c = calendar("zone: UTC\nhours: {mon-sun: '22:00-03:00'}\n");
	between(c, "2025-12-31T12:00:00Z", "2026-01-01T12:00:00Z", "5h");
	due(c, "2026-01-01T01:00:00Z", "3h", "2026-01-01T23:00:00Z");
	between(c, "2000-01-01T12:00:00Z", "2020-12-31T12:00:00Z", "1597d 22h");
	ok(calendar_between(c, at("2000-12-31T12:00:00Z"),
	       at("2021-01-01T12:00:00Z")) == TIME_NONE,
	    "no further than CALENDAR_YEARS");
	ok(calendar_between(c, at("0001-01-01T00:00:00Z"),
	       at("9999-12-31T00:00:00Z")) == TIME_NONE,
	    "however far");
	calendar_free(c);
}

static void
always(void)
{
	is_int(calendar_add(NULL, 5, 7), 12, "no calendar: all hours");
	is_int(calendar_between(NULL, 5, 12), 7, "and back");
	ok(calendar_open_at(NULL, 5), "always open");
	calendar_free(NULL);
}

static void
bad(const char *text, const char *want)
{
	struct err e = { 0 };
	struct yaml *y = yaml_parse("t", str_of(text), &e);

	ok(calendar_new(y, yaml_root(y), "x", NULL, &e) == NULL, "is refused");
	is_str(str_of(e.msg), want, want);
	yaml_free(y);
}

static void
refused(void)
{
	bad("3", "t:1:1: calendar x needs zone and hours");
	bad("zone: Mars/Olympus\nhours: {mon: '9:00-17:00'}",
	    "t:1:7: no time zone is called 'Mars/Olympus'; give an IANA name "
	    "such as Europe/Berlin");
	bad("hours: {mon: '9:00-17:00'}",
	    "t:1:1: calendar x has no zone; write zone: Europe/Berlin");
	bad("zone: UTC\nhuors: {mon: '9:00-17:00'}",
	    "t:2:1: unknown key 'huors' in a calendar; did you mean 'hours'?");
	bad("zone: UTC\nhours: {}", "t:2:8: calendar x never opens");
	bad("zone: UTC\nhours: {mo: '9:00-17:00'}",
	    "t:2:9: 'mo' is no day; write mon, mon-fri or sat,sun");
	bad("zone: UTC\nhours: {mon-wed: '9:00-17:00', tue: '9:00-10:00'}",
	    "t:2:32: 'tue' names a day that has its hours already");
	bad("zone: UTC\nhours: {mon: '9:00-25:00'}",
	    "t:2:14: '9:00-25:00' is no interval; write "
	    "\"09:00-12:30 13:15-17:30\"");
	bad("zone: UTC\nhours: {mon: '9:00-12:00 11:00-13:00'}",
	    "t:2:14: '11:00-13:00' begins before the interval before it ends");
	bad("zone: UTC\nhours: {mon: ['9:00-12:00', '11:00-13:00']}",
	    "t:2:29: '11:00-13:00' begins before the interval before it ends");
	bad("zone: UTC\nhours: {mon: {from: '9:00'}}",
	    "t:2:14: hours are text such as \"09:00-17:30\"");
	bad("zone: UTC\nhours: {mon: '9:00-9:00'}",
	    "t:2:14: '9:00-9:00' is empty; a whole day is \"00:00-24:00\"");
	bad("zone: UTC\nhours: {sun: closed}",
	    "t:2:14: 'closed' is no interval; leave the days out that are "
	    "closed");
	bad("zone: UTC\nhours: {sat,sun: '9:00-17:00'}",
	    "t:2:9: 'sat' has no hours; leave the days out that are closed, "
	    "and within braces put \"sat,sun\" in quotes");
	bad("zone: UTC\nhours: {mon: '9:00-17:00'}\nholidays: [tomorrow]",
	    "t:3:12: 'tomorrow' is no holiday; write 2026-12-25, 12-25 for "
	    "every year, or the name of an .ics file");
	bad("zone: UTC\nhours: {mon: '9:00-17:00'}\nholidays: no.ics",
	    "t:3:11: no.ics: No such file or directory");
}

static const char ics[] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
			  "BEGIN:VEVENT\r\nSUMMARY:Two\r\n  lines\r\n"
			  "DTSTART;VALUE=DATE:20251224\r\n"
			  "DTEND;VALUE=DATE:20251227\r\n"
			  "BEGIN:VALARM\r\nDTSTART:20000101\r\nEND:VALARM\r\n"
			  "END:VEVENT\r\n"
			  "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20201231\r\n"
			  "DURATION:P2D\r\nRRULE:FREQ=YEARLY\r\n"
			  "EXDATE;VALUE=DATE:20221231\r\n"
			  "END:VEVENT\r\n"
			  "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20201126\r\n"
			  "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=6\r\n"
			  "END:VEVENT\r\n"
			  "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20200525\r\n"
			  "RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;UNTIL=2024010"
			  "1\r\nEND:VEVENT\r\n"
			  "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20250601\r\n"
			  "STATUS:CANCELLED\r\nEND:VEVENT\r\n"
			  "END:VCALENDAR\r\n";

static void
has(struct holidays *h, const char *day, bool want)
{
	ok(holidays_has(h, at(day) / TIME_DAY) == want, day);
}

static void
icalendar(void)
{
	struct err e = { 0 };
	struct holidays *h = holidays_new();

	if (!ok(ics_parse(h, "t.ics", str_of(ics), NULL, &e) == 0, "read"))
		printf("# %s\n", e.msg);
	has(h, "2025-12-23", false);
	has(h, "2025-12-24", true);
	has(h, "2025-12-26", true);
	has(h, "2025-12-27", false);
	has(h, "2021-12-31", true);
	has(h, "2022-01-01", true);
	has(h, "2022-12-31", false);
	has(h, "2023-01-01", false);
	has(h, "2020-01-01", false);
	has(h, "2024-11-28", true);
	has(h, "2025-11-27", true);
	has(h, "2026-11-26", false);
	has(h, "2023-05-29", true);
	has(h, "2024-05-27", false);
	has(h, "2025-06-01", false);
	holidays_free(h);
}

static void
bad_ics(const char *text, const char *want)
{
	struct err e = { 0 };
	struct holidays *h = holidays_new();

	ok(ics_parse(h, "t.ics", str_of(text), NULL, &e) != 0, "refused");
	is_str(str_of(e.msg), want, want);
	holidays_free(h);
}

static void
bad_icalendar(void)
{
	bad_ics("hello", "t.ics:1: not an iCalendar file");
	bad_ics("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20251224\n"
		"RRULE:FREQ=SOMETIMES\nEND:VEVENT\n",
	    "t.ics:4: a recurrence rule that is none of RFC 5545: "
	    "'FREQ=SOMETIMES'");
	bad_ics("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20251324\n"
		"END:VEVENT\n",
	    "t.ics:3: a holiday must be a whole day: '20251324'");
	bad_ics("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20251224\n",
	    "t.ics:3: the file ends inside of an event: ''");
	bad_ics("BEGIN:VCALENDAR\nwhat is this\n",
	    "t.ics:2: not iCalendar: 'what is this'");
}

/* A rule's days from a start on, as "2026-01-01 2026-01-03 ". */
static void
recurs(const char *start, const char *rule, const char *want)
{
	char text[1024], got[512] = "";
	struct err e = { 0 };
	struct holidays *h = holidays_new();
	size_t n = 0;

	snprintf(text, sizeof(text),
	    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:%s\n"
	    "RRULE:%s\nEND:VEVENT\nEND:VCALENDAR\n",
	    start, rule);
	ok(ics_parse(h, "t.ics", str_of(text), NULL, &e) == 0, rule);
	for (int64_t d = at("2026-01-01") / TIME_DAY;
	     d < at("2030-01-01") / TIME_DAY && n + 16 < sizeof(got); d++) {
		struct civil c;

		time_to_civil(d * TIME_DAY, &c);
		if (holidays_has(h, d))
			n += (size_t)snprintf(got + n, sizeof(got) - n,
			    "%04d-%02d-%02d ", c.year, c.month, c.day);
	}
	is_str(str_of(got), want, rule);
	holidays_free(h);
}

static void
rules(void)
{
	recurs("20260131", "FREQ=MONTHLY;COUNT=3",
	    "2026-01-31 2026-03-31 2026-05-31 ");
	recurs("20260130",
	    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;"
	    "UNTIL=20260331",
	    "2026-01-30 2026-02-27 2026-03-31 ");
	recurs("20260105", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU;COUNT=4",
	    "2026-01-05 2026-01-18 2026-01-19 2026-02-01 ");
	recurs("20260101", "FREQ=DAILY;INTERVAL=100;COUNT=3",
	    "2026-01-01 2026-04-11 2026-07-20 ");
	recurs("20260101", "FREQ=YEARLY;BYYEARDAY=1,-1;COUNT=3",
	    "2026-01-01 2026-12-31 2027-01-01 ");
	recurs("20260101", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
	    "2026-05-11 2027-05-17 2028-05-15 2029-05-14 ");
	recurs("20260113", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
	    "2026-02-13 2026-03-13 2026-11-13 2027-08-13 2028-10-13 "
	    "2029-04-13 2029-07-13 ");
	recurs("20260101", "FREQ=YEARLY;BYDAY=20MO",
	    "2026-05-18 2027-05-17 2028-05-15 2029-05-14 ");
}

static const char outlook[] =
    "BEGIN:VCALENDAR\n"
    "BEGIN:VEVENT\nDTSTART;TZID=Europe/Berlin:20260824T000000\n"
    "DTEND;TZID=Europe/Berlin:20260825T000000\nEND:VEVENT\n"
    "BEGIN:VEVENT\nDTSTART:20260831T220000Z\n"
    "DTEND:20260902T220000Z\nRRULE:FREQ=YEARLY;UNTIL=20270831T220000Z\n"
    "EXDATE:20270831T220000Z\nRDATE:20260904T220000Z\nEND:VEVENT\n"
    "BEGIN:VEVENT\n"
    "DTSTART;TZID=\"W. Europe Standard Time\":20261224T000000\n"
    "DURATION:PT24H\nEND:VEVENT\n"
    "BEGIN:VEVENT\nSUMMARY:Team lunch\nDTSTART:20261001T100000Z\n"
    "DTEND:20261001T110000Z\nEND:VEVENT\n"
    "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260112\n"
    "RDATE;VALUE=DATE:20260113,20260114,20260115\n"
    "EXDATE;VALUE=DATE:20260114\nEXDATE;VALUE=DATE:20260112\nEND:VEVENT\n"
    "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20260302\n"
    "RRULE:FREQ=WEEKLY;COUNT=2\nRDATE;VALUE=DATE:20260304,20260305\n"
    "EXDATE;VALUE=DATE:20260305,20260309\nEND:VEVENT\n"
    "END:VCALENDAR\n";

static void
midnights(void)
{
	struct err e = { 0 };
	struct zone *z = zone_open("Europe/Berlin", &e);
	struct holidays *h = holidays_new();

	ok(ics_parse(h, "t.ics", str_of(outlook), z, &e) == 0, e.msg);
	has(h, "2026-08-23", false);
	has(h, "2026-08-24", true);
	has(h, "2026-08-25", false);
	has(h, "2026-08-31", false);
	has(h, "2026-09-01", true);
	has(h, "2026-09-02", true);
	has(h, "2026-09-03", false);
	has(h, "2026-09-05", true);
	has(h, "2026-09-06", true);
	has(h, "2027-09-01", false);
	has(h, "2026-12-24", true);
	has(h, "2026-12-25", false);
	has(h, "2026-10-01", false);
	/* EXDATE holds for the event itself, its rule and RDATE. */
	has(h, "2026-01-12", false);
	has(h, "2026-01-13", true);
	has(h, "2026-01-14", false);
	has(h, "2026-01-15", true);
	has(h, "2026-03-02", true);
	has(h, "2026-03-04", true);
	has(h, "2026-03-05", false);
	has(h, "2026-03-09", false);
	is_str(str_of(holidays_warning(h, 0)),
	    "t.ics:19: 'Team lunch' is no whole day and is left out: "
	    "'20261001T100000Z'",
	    "a meeting is left out");
	ok(holidays_warning(h, 1) == NULL, "and nothing else");
	holidays_free(h);
	zone_free(z);
}

int
main(void)
{
	office();
	clocks_change();
	past_midnight();
	always();
	refused();
	icalendar();
	bad_icalendar();
	rules();
	midnights();
	return done();
}
