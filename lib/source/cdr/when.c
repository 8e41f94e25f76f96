/*
 * Times in tables of calls.  What a program writes for people has the day
 * before the month, or behind it, and one table has one order.
 */
#include <stdio.h>

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "source/cdr/cdr.h"
#include "source/clock/dayhalf.h"
#include "source/clock/when.h"

enum {
	CLOCK_BYTES = 64, /* of a time; longer ones are none */
	WORD_BYTES = 24, /* of a word beside it */
};

/* One to `most` digits. */
static bool
number(struct str *s, size_t most, int *out, size_t *n)
{
	*out = 0;
	for (*n = 0; *n < s->n && ascii_is_digit(s->p[*n]); ++*n) {
		if (*n == most)
			return false;
		*out = *out * 10 + (s->p[*n] - '0');
	}
	*s = str_sub(*s, *n, s->n);
	return *n > 0;
}

/* "12/2/2026": three numbers with one sign between them; what is behind them
 * in *rest. */
static bool
take_date(struct str s, int v[3], size_t n[3], char *sign, struct str *rest)
{
	for (int i = 0; i < 3; i++) {
		if (i > 0) {
			if (s.n == 0 || !ascii_is_in(s.p[0], "/-.") ||
			    (i == 2 && s.p[0] != *sign))
				return false;
			*sign = s.p[0];
			s = str_sub(s, 1, s.n);
		}
		if (!number(&s, 4, &v[i], &n[i]))
			return false;
	}
	*rest = s;
	return true;
}

/* ASCII digits, no marks of direction, blanks of one kind. */
static struct str
plain(struct str s, char out[CLOCK_BYTES])
{
	size_t n = 0;

	while (s.n > 0 && n + 4 < CLOCK_BYTES) {
		uint32_t c = utf8_take(&s, NULL);
		int digit = utf8_digit(c);

		if (digit >= 0)
			out[n++] = (char)('0' + digit);
		else if (c == 0xa0 || c == 0x202f)
			out[n++] = ' ';
		else if (c != 0x200e && c != 0x200f && c != ',')
			n += utf8_put(out + n, c);
	}
	return s.n > 0 ? STR("") : str_trim(str_make(out, n));
}

/* The same without a day of the week before the numbers: "Fri 03/01/2026". */
static struct str
numbers(struct str s, char out[CLOCK_BYTES])
{
	struct str all = plain(s, out), rest = all;
	struct str word = str_split(&rest, ' ');

	rest = str_trim(rest);
	for (size_t i = 0; i < word.n; i++)
		if (ascii_is_digit(word.p[i]))
			return all;
	return rest.n > 0 && ascii_is_digit(rest.p[0]) ? rest : all;
}

/* 0 for Sunday (Sakamoto's rule). */
static int
weekday(int year, int month, int day)
{
	static const int shift[] = { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 };

	year -= month < 3;
	return (year + year / 4 - year / 100 + year / 400 + shift[month - 1] +
		   day) %
	       7;
}

/* What the day of the week before a date proves of its order; or 0. */
static char
order_by_weekday(struct str s, const int v[3])
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	char text[CLOCK_BYTES];
	struct str word = plain(s, text);
	int day = 0;

	while (day < 7 && !str_starts_nocase(word, str_of(days[day])))
		day++;
	if (day == 7 || v[0] < 1 || v[0] > 12 || v[1] < 1 || v[1] > 12 ||
	    v[0] == v[1])
		return 0;
	return weekday(v[2], v[1], v[0]) == day   ? 'd'
	       : weekday(v[2], v[0], v[1]) == day ? 'm'
						  : 0;
}

char
cdr_day_order(struct str s)
{
	char text[CLOCK_BYTES], sign = 0, said;
	struct str rest;
	size_t n[3];
	int v[3];

	if (!take_date(numbers(s, text), v, n, &sign, &rest) || n[0] > 2 ||
	    n[2] == 3)
		return 0;
	said = order_by_weekday(s, v);
	if (said != 0)
		return said;
	return v[0] > 12 && v[1] <= 12   ? 'd'
	       : v[1] > 12 && v[0] <= 12 ? 'm'
					 : 0;
}

/* " 1:05:30 p. m.", "下午1:05", "", a fraction, an offset: as of 24 hours. */
static bool
take_clock(struct str s, char out[CLOCK_BYTES])
{
	char word[WORD_BYTES + 1];
	int hour, minute = 0, second = 0;
	size_t n, w = 0;
	bool before;
	struct dayhalf is;

	s = str_trim(s);
	if (s.n > 0 && s.p[0] == 'T')
		s = str_sub(s, 1, s.n);
	out[0] = '\0';
	if (s.n == 0)
		return true;
	before = !ascii_is_digit(s.p[0]);
	for (; s.n > 0 && !ascii_is_digit(s.p[0]); s = str_sub(s, 1, s.n))
		if (!ascii_is_in(s.p[0], ". ") && w < WORD_BYTES)
			word[w++] = ascii_lower(s.p[0]);
	if (!number(&s, 2, &hour, &n) || s.n == 0 ||
	    !ascii_is_in(s.p[0], ":.h"))
		return false;
	s = str_sub(s, 1, s.n);
	if (!number(&s, 2, &minute, &n))
		return false;
	if (s.n > 0 && ascii_is_in(s.p[0], ":.")) {
		s = str_sub(s, 1, s.n);
		if (!number(&s, 2, &second, &n))
			return false;
	}
	if (s.n > 1 && s.p[0] == '.' && ascii_is_digit(s.p[1]))
		for (s = str_sub(s, 1, s.n); s.n > 0 && ascii_is_digit(s.p[0]);)
			s = str_sub(s, 1, s.n);
	for (; !before && s.n > 0 && !ascii_is_digit(s.p[0]) && s.p[0] != '+' &&
	       s.p[0] != '-';
	     s = str_sub(s, 1, s.n))
		if (!ascii_is_in(s.p[0], ". ") && w < WORD_BYTES)
			word[w++] = ascii_lower(s.p[0]);
	is = dayhalf_of(str_make(word, w), before);
	if (is.half == 0 || hour > 24 || minute > 59 || second > 60)
		return false;
	snprintf(out, CLOCK_BYTES, " %02d:%02d:%02d%.*s",
	    dayhalf_hour(hour, is.half), minute, second, s.n > 8 ? 0 : (int)s.n,
	    s.p);
	return true;
}

int
cdr_when(struct normalize *n, struct str s, char order, int64_t *out)
{
	char text[CLOCK_BYTES], clock[CLOCK_BYTES], whole[2 * CLOCK_BYTES];
	const char *region = n->workspace == NULL ? NULL : n->workspace->region;
	struct str date = plain(s, text), rest;
	char sign = 0, said;
	size_t digits[3];
	int v[3], day;

	if (when_parse(n->clock, date, out) == 0)
		return 0;
	date = numbers(s, text);
	if (!take_date(date, v, digits, &sign, &rest) ||
	    !take_clock(rest, clock))
		return -1;
	said = cdr_day_order(s);
	if (digits[0] > 2) {
		day = v[2];
		v[2] = v[0];
	} else if (said == 'm' ||
		   (said == 0 && sign != '.' &&
		       (order == 'm' || (order == 0 && region != NULL &&
					    str_is(str_of(region), "US"))))) {
		day = v[1];
		v[1] = v[0];
	} else {
		day = v[0];
	}
	if (digits[0] <= 2 && digits[2] == 2)
		v[2] += 2000;
	snprintf(
	    whole, sizeof(whole), "%04d-%02d-%02d%s", v[2], v[1], day, clock);
	return when_parse(n->clock, str_of(whole), out);
}
