/*
 * Times in logs of IRC, which every program writes in its own way, and many
 * without their day: it stands in lines between, or in the file's name.
 */
#include "core/text/ascii.h"
#include "mail/date.h"
#include "source/irc/irc.h"

enum { STAMP_BYTES = 48 };

struct cursor {
	struct str s;
	size_t i;
};

static char
at(const struct cursor *c)
{
	return c->i < c->s.n ? c->s.p[c->i] : '\0';
}

/* A number of `least` to `most` digits, or -1. */
static int
number(struct cursor *c, size_t least, size_t most)
{
	size_t from = c->i;
	int v = 0;

	while (c->i - from < most && ascii_is_digit(at(c)))
		v = v * 10 + (c->s.p[c->i++] - '0');
	return c->i - from < least || ascii_is_digit(at(c)) ? -1 : v;
}

static bool
take(struct cursor *c, char wanted)
{
	if (at(c) != wanted)
		return false;
	c->i++;
	return true;
}

/* " PM" and " AM". */
static void
take_half(struct cursor *c, int *hour)
{
	struct str half = str_sub(c->s, c->i, c->i + 3);

	if (half.n < 3 || half.p[0] != ' ' || (half.p[2] | 0x20) != 'm')
		return;
	if ((half.p[1] | 0x20) == 'p' && *hour < 12)
		*hour += 12;
	else if ((half.p[1] | 0x20) == 'a')
		*hour %= 12;
	else
		return;
	c->i += 3;
}

/* "10:05", "10:05:33", "10:05:33.250", "10:05 PM". */
static bool
take_clock(struct cursor *c, struct irc_stamp *out)
{
	int hour = number(c, 1, 2), minute, second = 0;

	if (hour < 0 || hour > 23 || !take(c, ':'))
		return false;
	minute = number(c, 2, 2);
	if (minute < 0 || minute > 59)
		return false;
	if (at(c) == ':' && c->i + 1 < c->s.n &&
	    ascii_is_digit(c->s.p[c->i + 1])) {
		c->i++;
		second = number(c, 2, 2);
		if (second < 0 || second > 60)
			return false;
	}
	if (at(c) == '.' || at(c) == ',') {
		c->i++;
		for (int unit = 100000; ascii_is_digit(at(c)); unit /= 10)
			out->c.usec += (c->s.p[c->i++] - '0') * unit;
	}
	take_half(c, &hour);
	out->c.hour = hour;
	out->c.minute = minute;
	out->c.second = second > 59 ? 59 : second;
	out->clock = true;
	return true;
}

static int
month_of(struct str s)
{
	static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";

	/* Asked of each line that begins with no day: most have a digit. */
	if (s.n < 3 || !ascii_is_letter(s.p[0]))
		return 0;
	for (int m = 0; m < 12; m++) {
		const char *is = &months[3 * m];

		if ((s.p[0] | 0x20) == is[0] && (s.p[1] | 0x20) == is[1] &&
		    (s.p[2] | 0x20) == is[2])
			return m + 1;
	}
	return 0;
}

/* "2026-03-02", "2.3.2026", "02/03/2026" with the day first. */
static bool
take_day(struct cursor *c, struct irc_stamp *out)
{
	size_t from = c->i;
	int first = number(c, 1, 4), second, third;
	bool year_first = c->i - from == 4;
	char sign = at(c);

	if (first < 0 || (sign != '-' && sign != '.' && sign != '/'))
		return false;
	c->i++;
	second = number(c, 1, 2);
	if (second < 0 || !take(c, sign))
		return false;
	third = number(c, 1, 4);
	out->c.year = year_first ? first : third;
	out->c.day = year_first ? third : first;
	out->c.month = second;
	/* Only months go to twelve. */
	if (!year_first && second > 12 && first <= 12) {
		out->c.day = second;
		out->c.month = first;
	}
	if (out->c.year < 100)
		out->c.year += 2000;
	out->day = true;
	return out->c.month >= 1 && out->c.month <= 12 && out->c.day >= 1 &&
	       out->c.day <= 31 && third >= 0;
}

/* "Mar 02": HexChat's. */
static bool
take_month(struct cursor *c, struct irc_stamp *out)
{
	out->c.month = month_of(str_sub(c->s, c->i, 3));
	if (out->c.month == 0)
		return false;
	c->i += 3;
	while (at(c) == ' ')
		c->i++;
	out->c.day = number(c, 1, 2);
	out->month_day = true;
	return out->c.day >= 1 && out->c.day <= 31;
}

/* "Z", "+0100", "+01:00" right behind the clock. */
static void
take_zone(struct cursor *c, struct irc_stamp *out)
{
	struct str text = str_sub(c->s, 0, c->i), rest;
	char joined[STAMP_BYTES];
	size_t n = 0;

	rest = str_sub(c->s, c->i, c->s.n);
	if (at(c) == 'Z')
		n = 1;
	else if ((at(c) == '+' || at(c) == '-') && rest.n >= 5)
		n = rest.p[3] == ':' ? 6 : 5;
	if (n == 0 || n > rest.n || text.n + n > sizeof(joined) || !out->day)
		return;
	memcpy(joined, text.p, text.n);
	memcpy(joined + text.n, rest.p, n);
	out->zoned =
	    mailtime_parse(str_make(joined, text.n + n), &out->at) == 0 ||
	    time_parse(str_make(joined, text.n + n), &out->at) == 0;
	if (!out->zoned && n == 5) {
		/* RFC 3339 has a colon there. */
		memmove(joined + text.n + 4, joined + text.n + 3, 2);
		joined[text.n + 3] = ':';
		out->zoned =
		    text.n + 6 <= sizeof(joined) &&
		    time_parse(str_make(joined, text.n + 6), &out->at) == 0;
	}
	if (out->zoned)
		c->i += n;
}

/* A day, a clock, or both. */
static bool
take_when(struct cursor *c, struct irc_stamp *out)
{
	size_t from = c->i;

	if (take_day(c, out) || (c->i = from, take_month(c, out))) {
		if (at(c) != ' ' && at(c) != 'T' && at(c) != ',')
			return false;
		while (at(c) == ' ' || at(c) == ',' || at(c) == 'T')
			c->i++;
		if (!take_clock(c, out))
			return false;
		take_zone(c, out);
		return true;
	}
	c->i = from;
	*out = (struct irc_stamp){ 0 };
	return take_clock(c, out);
}

bool
irc_stamp(struct str line, struct irc_stamp *out)
{
	struct cursor c = { line, 0 };
	char open;

	*out = (struct irc_stamp){ 0 };
	while (at(&c) == ' ')
		c.i++;
	open = at(&c);
	if (open == '[' || open == '(')
		c.s = str_sub(line, ++c.i, line.n), c.i = 0;
	if (!take_when(&c, out))
		return false;
	if ((open == '[' && !take(&c, ']')) || (open == '(' && !take(&c, ')')))
		return false;
	if (c.i < c.s.n && at(&c) != ' ' && at(&c) != '\t')
		return false;
	out->rest = str_sub(c.s, c.i, c.s.n);
	return true;
}

/* "Mon Mar 02 10:05:00 2026", "Tue Mar 03 2026", by its words. */
static void
day_of(struct str s, struct civil *out)
{
	struct str rest = str_trim(s);

	*out = (struct civil){ .year = 0 };
	while (rest.p != NULL) {
		struct str word = str_split(&rest, ' ');
		int64_t v;

		if (str_ends(word, STR(",")))
			word = str_sub(word, 0, word.n - 1);
		if (out->month == 0 &&
		    ascii_is_letter(word.n > 0 ? word.p[0] : ' '))
			out->month = month_of(word);
		else if (word.n <= 2 && str_to_int(word, &v) == 0 &&
			 out->day == 0)
			out->day = (int)v;
		else if (word.n == 4 && str_to_int(word, &v) == 0)
			out->year = (int)v;
	}
	if (out->month == 0 || out->day < 1 || out->day > 31 ||
	    out->year < 1980)
		*out = (struct civil){ .year = 0 };
}

bool
irc_mark(struct str line, struct civil *when, struct str *channel)
{
	static const char *const marks[] = { "--- Log opened ",
		"--- Day changed ", "--- Log closed ", "**** BEGIN LOGGING AT ",
		"**** ENDING LOGGING AT ",
		"Session Start: ", "Session Close: ", "Session Time: ", "--- ",
		"- Day changed to ", "Day changed to ", NULL };

	*when = (struct civil){ .year = 0 };
	*channel = STR_NONE;
	line = str_trim(line);
	if (line.n == 0 || strchr("-*SD", line.p[0]) == NULL)
		return false;
	if (str_starts(line, STR("Session Ident: "))) {
		*channel = str_trim(str_sub(line, 15, line.n));
		return true;
	}
	for (size_t i = 0; marks[i] != NULL; i++) {
		struct str mark = str_of(marks[i]);

		if (!str_starts(line, mark))
			continue;
		day_of(str_sub(line, mark.n, line.n), when);
		return when->year > 0 || mark.n > 4;
	}
	return false;
}

bool
irc_day_of(struct str name, struct civil *out)
{
	for (size_t i = 0; i + 8 <= name.n; i++) {
		struct cursor c = { name, i };
		size_t sign;

		if (i > 0 && ascii_is_digit(name.p[i - 1]))
			continue;
		for (sign = 0; sign < 4 && ascii_is_digit(name.p[i + sign]);)
			sign++;
		if (sign != 4)
			continue;
		out->year = (name.p[i] - '0') * 1000 +
			    (name.p[i + 1] - '0') * 100 +
			    (name.p[i + 2] - '0') * 10 + name.p[i + 3] - '0';
		c.i = i + 4;
		if (ascii_is_digit(at(&c))) {
			int rest = number(&c, 4, 4);

			out->month = rest / 100;
			out->day = rest % 100;
		} else {
			c.i++;
			out->month = number(&c, 2, 2);
			c.i++;
			out->day = number(&c, 2, 2);
		}
		if (out->year >= 1988 && out->year < 2200 && out->month >= 1 &&
		    out->month <= 12 && out->day >= 1 && out->day <= 31)
			return true;
	}
	return false;
}
