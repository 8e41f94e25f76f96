#include "source/clock/when.h"

#include <stdio.h>

#include "core/text/ascii.h"

enum { WHEN_SIZE = 48 };

/* Digits at i, exactly n of them, or -1. */
static int
digits(struct str s, size_t i, size_t n)
{
	int v = 0;

	if (i + n > s.n)
		return -1;
	for (size_t k = i; k < i + n; k++) {
		if (!ascii_is_digit(s.p[k]))
			return -1;
		v = v * 10 + (s.p[k] - '0');
	}
	return v;
}

/* "2024-06-03 10:00", seconds and their fraction optional, no offset. */
static int
wall_clock(struct local_clock *l, struct str s, int64_t *out)
{
	struct civil c = {
		.year = digits(s, 0, 4),
		.month = digits(s, 5, 2),
		.day = digits(s, 8, 2),
		.hour = digits(s, 11, 2),
		.minute = digits(s, 14, 2),
	};
	size_t i = 16;
	int64_t t;

	if (s.n < 16 || s.p[4] != '-' || s.p[7] != '-' || s.p[13] != ':' ||
	    (s.p[10] != ' ' && s.p[10] != 'T'))
		return -1;
	if (i < s.n && s.p[i] == ':') {
		c.second = digits(s, i + 1, 2);
		i += 3;
	}
	for (int unit = 100000;
	     i < s.n && (s.p[i] == '.' || digits(s, i, 1) >= 0); i++) {
		if (s.p[i] == '.')
			continue;
		c.usec += digits(s, i, 1) * unit;
		unit /= 10;
	}
	if (i != s.n || time_from_civil(&c, &t) < 0)
		return -1;
	*out = local_instant(l, &c);
	return *out == TIME_NONE ? -1 : 0;
}

/* In the form of RFC 3339: dashes, no blank before the offset, Z. */
static struct str
straighten(struct str s, char out[WHEN_SIZE + 8])
{
	size_t n = 0;

	if (str_ends(s, STR(" UTC")) || str_ends(s, STR(" GMT"))) {
		s = str_trim_right(str_sub(s, 0, s.n - 4));
		memcpy(out, s.p, s.n);
		out[s.n] = 'Z';
		return str_make(out, s.n + 1);
	}
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool offset =
		    i + 1 < s.n && (s.p[i + 1] == '+' || s.p[i + 1] == '-');

		if (c == ' ' && offset && i > 10)
			continue;
		out[n++] = c == '/' && (i == 4 || i == 7) ? '-' : c;
	}
	return str_make(out, n);
}

/* "3.6.2024 10:00": with dots the day stands first everywhere. */
static struct str
turn_dotted(struct str s, char out[WHEN_SIZE + 8])
{
	size_t first = s.n > 1 && s.p[1] == '.' ? 1 : 2;
	size_t second = first + 2 < s.n && s.p[first + 2] == '.' ? 1 : 2;
	size_t year = first + second + 2;
	int day = digits(s, 0, first), month = digits(s, first + 1, second);

	if (year + 4 > s.n || s.p[first] != '.' || s.p[year - 1] != '.' ||
	    day < 0 || month < 0 || digits(s, year, 4) < 0)
		return s;
	return str_make(
	    out, (size_t)snprintf(out, WHEN_SIZE + 8, "%04d-%02d-%02d%.*s",
		     digits(s, year, 4), month, day,
		     STR_ARG(str_sub(s, year + 4, s.n))));
}

int
when_parse(struct local_clock *l, struct str s, int64_t *out)
{
	char turned[WHEN_SIZE + 8], text[WHEN_SIZE + 8];

	s = str_trim(s);
	if (s.n < 8 || s.n + 1 > WHEN_SIZE)
		return -1;
	s = straighten(turn_dotted(s, turned), text);
	if (time_parse(s, out) == 0)
		return 0;
	return wall_clock(l, s, out);
}
