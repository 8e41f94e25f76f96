#include "core/text/date.h"

#include <stdio.h>

#include "core/text/ascii.h"

enum { YEAR_LEAST = 1000, YEAR_MOST = 2199, YEAR_NOW = 26 };

static unsigned
number(struct str s, size_t at, size_t n)
{
	unsigned v = 0;

	for (size_t i = at; i < at + n; i++)
		v = v * 10 + (unsigned)(s.p[i] - '0');
	return v;
}

/* The numbers of s, up to three, and how long each is. */
static size_t
numbers_of(struct str s, unsigned v[3], size_t len[3])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < 3;) {
		size_t from = i;

		while (i < s.n && ascii_is_digit(s.p[i]) && i - from < 8)
			i++;
		if (i > from) {
			v[n] = number(s, from, i - from);
			len[n++] = i - from;
		} else {
			i++;
		}
	}
	return n;
}

/* "78" of a year that nobody was born in the future of. */
static unsigned
century(unsigned y, size_t digits)
{
	return digits > 2 ? y : y <= YEAR_NOW ? 2000 + y : 1900 + y;
}

/* Where a month stands by its English name: its number; else 0. */
static unsigned
month_of(struct str s)
{
	static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
	char word[3];

	for (size_t i = 0; i + 3 <= s.n; i++) {
		if (!ascii_is_letter(s.p[i]))
			continue;
		for (size_t j = 0; j < 3; j++)
			word[j] = ascii_lower(s.p[i + j]);
		for (unsigned m = 0; m < 12; m++)
			if (memcmp(word, names + (size_t)3 * m, 3) == 0)
				return m + 1;
		return 0;
	}
	return 0;
}

bool
date_digits(struct str s, char out[DATE_DIGITS + 1])
{
	unsigned v[3] = { 0 }, y, m, d;
	size_t len[3] = { 0 }, n;
	bool yearless;

	s = str_trim(s);
	yearless = str_starts(s, STR("--"));
	n = numbers_of(s, v, len);
	if (yearless && n == 2) {
		y = 0, m = v[0], d = v[1];
	} else if (n == 1 && len[0] == 8) {
		y = v[0] / 10000, m = v[0] / 100 % 100, d = v[0] % 100;
	} else if (n == 3 && len[0] == 4) {
		y = v[0], m = v[1], d = v[2];
	} else if (n == 2 && month_of(s) > 0) {
		bool first = len[0] == 4;

		y = century(v[!first], len[!first]);
		m = month_of(s);
		d = v[first];
	} else if (n == 3) {
		/* Of d/m and m/d the one that can be. */
		y = century(v[2], len[2]), m = v[1], d = v[0];
		if ((s.p[len[0]] == '/' && v[1] <= 31 && v[0] <= 12) || m > 12)
			m = v[0], d = v[1];
	} else if (n == 1 && len[0] == 4) {
		y = v[0], m = d = 0;
	} else {
		return false;
	}
	if (m > 99 || d > 99 ||
	    (!yearless && (y < YEAR_LEAST || y > YEAR_MOST)))
		return false;
	snprintf(
	    out, DATE_DIGITS + 1, "%04u%02u%02u", y % 10000, m % 100, d % 100);
	return true;
}

enum date_order
date_order(struct str s)
{
	unsigned v[3] = { 0 };
	size_t len[3] = { 0 };

	s = str_trim(s);
	if (numbers_of(s, v, len) != 3 || len[0] > 2 || s.p[len[0]] != '/')
		return DATE_TOLD;
	if (v[0] > 12)
		return DATE_DAY_FIRST;
	return v[1] > 12 ? DATE_MONTH_FIRST : DATE_EITHER;
}
