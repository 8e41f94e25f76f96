#include "source/mail/forwarddate.h"

#include "core/text/ascii.h"
#include "core/time.h"
#include "text/unicode.h"

/* The sections are the months in their order. */
#define MEANS(SECTION, n) (n)
#include "source/mail/words/months.h"

enum { NUMBERS = 3, HOUR = 3600 };

/* What was read so far. */
struct clock {
	int number[NUMBERS]; /* of the date, in their order */
	int digits[NUMBERS];
	int n, month; /* month 1..12 by its name, 0: none */
	int hour, minute, second; /* hour -1: none yet */
	bool dots, am, pm, zoned;
	int64_t offset; /* seconds, where zoned */
};

static int
take_number(struct str *s, int *digits)
{
	int v = 0;

	for (*digits = 0; s->n > 0 && ascii_is_digit(*s->p) && *digits < 9;
	     ++*digits) {
		v = 10 * v + (*s->p - '0');
		*s = str_sub(*s, 1, s->n);
	}
	return v;
}

/* ":12" or ":12:30" behind an hour. */
static void
take_minutes(struct clock *c, struct str *s)
{
	int digits;

	for (int i = 0;
	     i < 2 && s->n > 1 && *s->p == ':' && ascii_is_digit(s->p[1]);
	     i++) {
		*s = str_sub(*s, 1, s->n);
		*(i == 0 ? &c->minute : &c->second) = take_number(s, &digits);
	}
}

/* "+0200", "-05:00"; only behind the clock. */
static bool
take_zone(struct clock *c, struct str *s)
{
	struct str rest = str_sub(*s, 1, s->n);
	int digits, v = take_number(&rest, &digits), minutes = 0, more = 0;

	if (c->hour < 0 || c->zoned || digits == 0 || digits == 3 || digits > 4)
		return false;
	if (digits <= 2 && rest.n > 2 && *rest.p == ':') {
		rest = str_sub(rest, 1, rest.n);
		minutes = take_number(&rest, &more);
	}
	if (digits == 4) {
		minutes = v % 100;
		v /= 100;
	}
	c->offset = (*s->p == '-' ? -1 : 1) *
		    ((int64_t)v * HOUR + (int64_t)minutes * 60);
	c->zoned = true;
	*s = rest;
	return true;
}

static bool
take_figure(struct clock *c, struct str *s)
{
	int digits, v = take_number(s, &digits);

	if (c->hour < 0 && digits <= 2 && s->n > 1 && *s->p == ':' &&
	    ascii_is_digit(s->p[1])) {
		c->hour = v;
		take_minutes(c, s);
		return true;
	}
	if (c->n == NUMBERS)
		return c->hour >= 0;
	c->dots = c->dots || (s->n > 0 && *s->p == '.');
	c->digits[c->n] = digits;
	c->number[c->n++] = v;
	return true;
}

static bool
is_letter(char ch)
{
	return ascii_is_lower(ch) || ((unsigned char)ch & 0x80) != 0;
}

/* A month, a half of the day, a zone; other words say nothing here. */
static void
take_word(struct clock *c, struct str *s)
{
	size_t n = 0;
	struct str word;

	while (n < s->n && is_letter(s->p[n]))
		n++;
	word = str_sub(*s, 0, n);
	*s = str_sub(*s, n, s->n);
	for (int m = 0; m < 12 && c->month == 0; m++)
		if (wordlist_is(&words_months, word, (unsigned)m))
			c->month = m + 1;
	if (str_is(word, "pm"))
		c->pm = true;
	else if (str_is(word, "am") && c->hour >= 0)
		c->am = true;
	else if (str_is(word, "utc") || str_is(word, "gmt") ||
		 (str_is(word, "z") && c->hour >= 0))
		c->zoned = s->n == 0 || (*s->p != '+' && *s->p != '-');
}

/* Which of the numbers is the year, the month, the day. */
static bool
set_date(const struct clock *c, struct civil *out)
{
	const int *v = c->number;

	if (c->month > 0 && c->n == 2) {
		bool first = c->digits[0] == 4;

		*out = (struct civil){ .year = v[first ? 0 : 1],
			.month = c->month,
			.day = v[first ? 1 : 0] };
		return c->digits[first ? 0 : 1] == 4;
	}
	if (c->month > 0 || c->n != NUMBERS)
		return false;
	if (c->digits[0] == 4) {
		*out =
		    (struct civil){ .year = v[0], .month = v[1], .day = v[2] };
		return true;
	}
	if (c->digits[2] != 4 ||
	    (!c->dots && !c->am && !c->pm && v[0] <= 12 && v[1] <= 12))
		return false;
	*out = (struct civil){ .year = v[2], .month = v[1], .day = v[0] };
	if (!c->dots && v[0] <= 12)
		*out =
		    (struct civil){ .year = v[2], .month = v[0], .day = v[1] };
	return true;
}

static bool
read_clock(struct clock *c, struct str s)
{
	*c = (struct clock){ .hour = -1 };
	while (s.n > 0) {
		if (ascii_is_digit(*s.p)) {
			if (!take_figure(c, &s))
				return false;
		} else if (is_letter(*s.p)) {
			take_word(c, &s);
		} else if ((*s.p != '+' && *s.p != '-') || !take_zone(c, &s)) {
			s = str_sub(s, 1, s.n);
		}
	}
	return c->hour >= 0;
}

int
forwarddate_parse(struct local_clock *clock, struct str s,
    struct arena *scratch, int64_t *out)
{
	struct clock c;
	struct civil when;
	int64_t t;

	if (!read_clock(&c, unicode_fold(str_sub(s, 0, 120), scratch)) ||
	    !set_date(&c, &when))
		return -1;
	if (c.pm && c.hour < 12)
		c.hour += 12;
	else if (c.am && c.hour == 12)
		c.hour = 0;
	when.hour = c.hour;
	when.minute = c.minute;
	when.second = c.second;
	if (c.hour > 23 || c.minute > 59 || c.second > 60 ||
	    time_from_civil(&when, &t) < 0)
		return -1;
	*out = c.zoned ? t - c.offset * 1000000 : local_instant(clock, &when);
	return *out == TIME_NONE ? -1 : 0;
}
