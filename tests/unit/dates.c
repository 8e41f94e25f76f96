#include "hours/calendar.h"

#include <stdio.h>

#include "tap.h"

static const char *const rules =
    "calendars:\n"
    "  office:\n"
    "    zone: Europe/Berlin\n"
    "    hours: {mon-fri: '09:00-17:00'}\n"
    "    holidays: [12-25, 2026-05-01]\n"
    "    dates:\n"
    "      12-24: '09:00-12:00'\n"
    "      2026-05-01: '10:00-11:00'\n"
    "      2026-05-15: closed\n"
    "      2026-07-01..2026-07-31: summer\n"
    "      2026-07-06: ['08:00-09:00', '20:00-21:00']\n"
    "      12-28..01-02: summer\n"
    "      02-29: closed\n"
    "  summer:\n"
    "    zone: Asia/Tokyo\n"
    "    hours: {mon: '07:00-09:00', sat: '10:00-12:00'}\n";

static struct calendar *
read(const char *text, struct err *e)
{
	struct yaml *y = yaml_parse("t", str_of(text), e);
	const struct yaml_node *all =
	    y == NULL ? NULL : yaml_get(yaml_root(y), "calendars");
	struct calendar *c =
	    all == NULL ? NULL
			: calendar_new(y, yaml_at(all, 0), "office", NULL, e);

	yaml_free(y);
	return c;
}

/* Minutes that are open on a day, in UTC as Berlin has it. */
static void
open_on(struct calendar *c, const char *day, int minutes, const char *why)
{
	int64_t from = 0;

	time_parse(str_of(day), &from);
	is_int(calendar_between(c, from, from + TIME_DAY) / TIME_MINUTE,
	    minutes, why);
}

static void
wrong(const char *dates, const char *want)
{
	char text[512];
	struct err e = { 0 };
	struct calendar *c;

	snprintf(text, sizeof(text),
	    "calendars:\n  x: {zone: UTC, hours: {mon: '09:00-10:00'}, "
	    "dates: %s}\n",
	    dates);
	c = read(text, &e);
	ok(c == NULL, dates);
	is_str(str_of(e.msg), want, "says so");
	calendar_free(c);
}

/* Spans of each year that begin or end on a day that most have not. */
static void
leap_days(void)
{
	struct err e = { 0 };
	struct calendar *c = read("calendars:\n  x:\n    zone: UTC\n"
				  "    hours: {mon-sun: '09:00-17:00'}\n"
				  "    dates:\n"
				  "      02-25..02-29: closed\n"
				  "      02-29..03-02: '09:00-10:00'\n"
				  "      11-30..02-29: '09:00-11:00'\n"
				  "      02-26..02-27: '09:00-12:00'\n",
	    &e);

	if (!ok(c != NULL, "a calendar with leap days"))
		printf("# %s\n", e.msg);
	open_on(c, "2027-02-28", 120, "a span that ends on 29 February");
	open_on(c, "2027-02-27", 180, "a later one is stronger");
	open_on(c, "2028-02-29", 120, "holds that day");
	open_on(c, "2027-03-01", 60, "not the day behind it in other years");
	open_on(c, "2028-03-01", 60, "nor in leap years");
	open_on(c, "2027-03-02", 60, "one that begins on it goes to its end");
	open_on(c, "2027-03-03", 480, "and no further");
	open_on(c, "2027-11-29", 480, "over the turn of the year");
	open_on(c, "2027-11-30", 120, "from its first day on");
	calendar_free(c);
}

int
main(void)
{
	struct err e = { 0 };
	struct calendar *c = read(rules, &e);

	if (!ok(c != NULL, "a calendar with dates"))
		printf("# %s\n", e.msg);
	open_on(c, "2026-05-13", 480, "an ordinary Wednesday");
	open_on(c, "2026-12-24", 180, "half a holiday, each year's");
	open_on(c, "2027-12-24", 180, "also the next");
	open_on(c, "2026-12-25", 0, "a holiday");
	open_on(c, "2026-05-01", 60, "a date is stronger than a holiday");
	open_on(c, "2026-05-15", 0, "closed");
	open_on(c, "2026-07-20", 120, "another calendar's Monday");
	open_on(c, "2026-07-21", 0, "and its Tuesday");
	open_on(c, "2026-07-25", 120, "and its Saturday");
	open_on(c, "2026-07-06", 120, "of several dates the last");
	open_on(c, "2026-12-29", 0, "over the turn of the year");
	open_on(c, "2027-01-02", 120, "on its other side");
	open_on(c, "2027-01-04", 480, "and behind it");
	open_on(c, "2028-02-29", 0, "29 February");
	open_on(c, "2027-03-01", 480, "which most years do not have");
	calendar_free(c);
	wrong("{12-32: closed}",
	    "t:2:55: '12-32' is no date; write 2026-12-24, 12-24 for every "
	    "year, or 2026-12-24..2026-12-31");
	wrong("{2026-12-24..2026-12-20: closed}",
	    "t:2:55: '2026-12-24..2026-12-20' is no date; write 2026-12-24, "
	    "12-24 for every year, or 2026-12-24..2026-12-31");
	wrong("{12-24: nowhere}",
	    "t:2:62: 'nowhere' is no calendar of this file; write hours, "
	    "closed, or a calendar's name");
	wrong("{12-24: '12:00-09:60'}",
	    "t:2:62: '12:00-09:60' is no interval; write \"09:00-12:30 "
	    "13:15-17:30\"");
	c = read("calendars:\n  x: {zone: UTC, hours: {mon: '09:00-10:00'}, "
		 "dates: {12-24: winter}}\n  winter: {hours: {}}\n",
	    &e);
	ok(c == NULL, "hours of a calendar that has none");
	is_str(str_of(e.msg), "t:3:19: calendar winter never opens",
	    "that one is named");
	c = read("calendars:\n  x: {zone: UTC, hours: {mon: '09:00-10:00'}, "
		 "dates: {12-24: winter}}\n  winter: {zone: UTC}\n",
	    &e);
	ok(c == NULL, "or of one without any");
	is_str(
	    str_of(e.msg), "t:2:62: calendar winter has no hours", "likewise");
	leap_days();
	wrong("[12-24]",
	    "t:2:54: dates are a map of at most 10000 days, such as {12-24: "
	    "\"09:00-12:00\"}");
	return done();
}
