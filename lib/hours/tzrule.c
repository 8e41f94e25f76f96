#include "hours/tzrule.h"

#include "core/text/ascii.h"
#include "core/time.h"

enum {
	YEARS = 3, /* around an instant, whose changes are looked at */
	DEFAULT_HOUR = 2, /* of a change that names no time */
	SUMMER_AHEAD = 3600, /* seconds, where summer's offset is not named */
	HOURS_MOST = 167,
};

static bool
take(struct str *s, char c)
{
	if (s->n == 0 || *s->p != c)
		return false;
	*s = str_sub(*s, 1, SIZE_MAX);
	return true;
}

/* A decimal number of at most max. */
static int
number(struct str *s, int max, int *out)
{
	size_t i = 0;
	int v = 0;

	for (; i < s->n && ascii_is_digit(s->p[i]); i++) {
		v = v * 10 + (s->p[i] - '0');
		if (v > max)
			return -1;
	}
	if (i == 0)
		return -1;
	*s = str_sub(*s, i, SIZE_MAX);
	*out = v;
	return 0;
}

/* "CET", or "<+03>": three characters or more, which say nothing here. */
static int
name(struct str *s)
{
	bool quoted = take(s, '<');
	size_t i = 0;

	for (; i < s->n; i++) {
		char c = s->p[i], letter = (char)(c | 0x20);
		bool more =
		    quoted && (ascii_is_digit(c) || c == '+' || c == '-');

		if (!more && !ascii_is_lower(letter))
			break;
	}
	if (i < 3)
		return -1;
	*s = str_sub(*s, i, SIZE_MAX);
	return !quoted || take(s, '>') ? 0 : -1;
}

/* [+-]hh[:mm[:ss]] */
static int
clock_time(struct str *s, int64_t *seconds)
{
	int sign = take(s, '-') ? -1 : (take(s, '+'), 1);
	int h, m = 0, sec = 0;

	if (number(s, HOURS_MOST, &h) < 0 ||
	    (take(s, ':') && (number(s, 59, &m) < 0 ||
				 (take(s, ':') && number(s, 59, &sec) < 0))))
		return -1;
	*seconds = sign * ((int64_t)h * 3600 + m * 60 + sec);
	return 0;
}

static int
change(struct str *s, struct tzrule_change *c)
{
	c->seconds = (int64_t)DEFAULT_HOUR * 3600;
	if (take(s, 'J')) {
		c->kind = TZRULE_JULIAN;
		if (number(s, 365, &c->day) < 0 || c->day < 1)
			return -1;
	} else if (take(s, 'M')) {
		c->kind = TZRULE_MONTH;
		if (number(s, 12, &c->month) < 0 || c->month < 1 ||
		    !take(s, '.') || number(s, 5, &c->week) < 0 ||
		    c->week < 1 || !take(s, '.') || number(s, 6, &c->day) < 0)
			return -1;
	} else {
		c->kind = TZRULE_DAY;
		if (number(s, 365, &c->day) < 0)
			return -1;
	}
	return take(s, '/') ? clock_time(s, &c->seconds) : 0;
}

int
tzrule_parse(struct str s, struct tzrule *out)
{
	int64_t west;

	*out = (struct tzrule){ 0 };
	if (name(&s) < 0 || clock_time(&s, &west) < 0)
		return -1;
	out->standard = (int)-west;
	if (s.n == 0)
		return 0;
	out->changes = true;
	out->summer = out->standard + SUMMER_AHEAD;
	if (name(&s) < 0)
		return -1;
	if (s.n > 0 && *s.p != ',') {
		if (clock_time(&s, &west) < 0)
			return -1;
		out->summer = (int)-west;
	}
	return take(&s, ',') && change(&s, &out->to_summer) == 0 &&
		       take(&s, ',') && change(&s, &out->to_standard) == 0 &&
		       s.n == 0
		   ? 0
		   : -1;
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* The day of a change, since 1970-01-01. */
static int64_t
day_of(const struct tzrule_change *c, int year)
{
	int64_t first = time_days(year, 1, 1), day;
	int weekday, next_year, next_month;

	if (c->kind == TZRULE_DAY)
		return first + c->day;
	if (c->kind == TZRULE_JULIAN)
		return first + c->day - 1 + (c->day >= 60 && is_leap(year));
	first = time_days(year, c->month, 1);
	next_year = year + (c->month == 12);
	next_month = c->month == 12 ? 1 : c->month + 1;
	/* 1970-01-01 was a Thursday. */
	weekday = (int)(((first + 4) % 7 + 7) % 7);
	day = first + (c->day - weekday + 7) % 7 + (c->week - 1) * 7;
	return day < time_days(next_year, next_month, 1) ? day : day - 7;
}

/* The clock shows `offset` before it. */
static int64_t
instant_of(const struct tzrule_change *c, int year, int offset)
{
	return day_of(c, year) * TIME_DAY + (c->seconds - offset) * TIME_SECOND;
}

struct turn {
	int64_t at;
	int offset; /* from then on */
};

/* Sorted by time; of two at once the one put later stays behind. */
static void
insert(struct turn *v, size_t n, struct turn x)
{
	for (; n > 0 && v[n - 1].at > x.at; n--)
		v[n] = v[n - 1];
	v[n] = x;
}

int
tzrule_offset(const struct tzrule *r, int64_t t, int64_t *from, int64_t *until)
{
	struct turn v[2 * YEARS] = { { 0 } };
	struct civil c;
	size_t n = 0;
	int offset;

	*from = INT64_MIN;
	*until = INT64_MAX;
	if (!r->changes)
		return r->standard;
	time_to_civil(t, &c);
	for (int year = c.year - 1; year < c.year - 1 + YEARS; year++) {
		insert(v, n++,
		    (struct turn){ instant_of(&r->to_summer, year, r->standard),
			r->summer });
		insert(v, n++,
		    (struct turn){ instant_of(&r->to_standard, year, r->summer),
			r->standard });
	}
	offset = v[0].offset;
	for (size_t i = 0; i < n; i++) {
		if (v[i].at > t) {
			*until = v[i].at;
			break;
		}
		*from = v[i].at;
		offset = v[i].offset;
	}
	return offset;
}
