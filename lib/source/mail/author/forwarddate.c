#include "source/mail/author/forwarddate.h"

#include "core/text/ascii.h"
#include "core/time.h"
#include "mail/date.h"
#include "source/clock/dayhalf.h"
#include "text/unicode.h"

/* The sections are the months in their order. */
#define MEANS(SECTION, n) (n)
#include "source/mail/words/months.h"

enum {
	NUMBERS = 3,
	HOUR = 3600,
	HALF_WORDS = 4, /* "de la tarde" behind the time */
	HALF_BYTES = 64,
};

/* What was read so far. */
struct clock {
	int number[NUMBERS]; /* of the date, in their order */
	int digits[NUMBERS];
	int n, month; /* month 1..12 by its name, 0: none */
	bool early; /* it stands before all numbers, as a weekday may */
	int hour, minute, second; /* hour -1: none yet */
	char half; /* of the day, as dayhalf_of has it */
	bool dots, zoned;
	bool american; /* "8:12 PM": the month may stand first */
	int64_t offset; /* seconds, where zoned */
	struct str before; /* the word behind the last number */
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

/* Whether an hour was taken off s; behind the date a point will do: "8.12". */
static bool
before_minutes(const struct clock *c, struct str s)
{
	if (c->hour >= 0 || s.n < 2 || !ascii_is_digit(s.p[1]))
		return false;
	return *s.p == ':' ||
	       (*s.p == '.' && c->n == (c->month > 0 ? 2 : NUMBERS));
}

/* ":12" or ":12:30" behind an hour. */
static void
take_minutes(struct clock *c, struct str *s)
{
	int digits;
	char sign = *s->p;

	for (int i = 0;
	     i < 2 && s->n > 1 && *s->p == sign && ascii_is_digit(s->p[1]);
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
is_letter(char ch)
{
	return ascii_is_lower(ch) || ((unsigned char)ch & 0x80) != 0;
}

/* The half of the day that a word before the time says, or its end where it is
 * of a script that puts no blanks between words: "日下午". */
static char
half_before(struct str word)
{
	char half = dayhalf_of(word, true).half;

	for (size_t i = 1; half == 0 && i < word.n; i++)
		if ((unsigned char)word.p[i] >= 0xe3 && i + 3 < word.n)
			half = dayhalf_of(str_sub(word, i, word.n), true).half;
	return half == ' ' ? 0 : half;
}

/* The next word without its dots, behind the n bytes in word; what it has then,
 * 0 where there is none or too much. */
static size_t
add_word(struct str *s, char word[HALF_BYTES], size_t n)
{
	while (s->n > 0 && ascii_is_blank(*s->p))
		*s = str_sub(*s, 1, s->n);
	if (s->n == 0 || !is_letter(*s->p))
		return 0;
	for (; s->n > 0 && (is_letter(*s->p) || *s->p == '.');
	     *s = str_sub(*s, 1, s->n)) {
		if (n == HALF_BYTES)
			return 0;
		if (*s->p != '.')
			word[n++] = *s->p;
	}
	return n;
}

/* "PM", "p. m.", "de la tarde" behind the time: as many words as say a half of
 * the day. */
static void
take_half(struct clock *c, struct str *s)
{
	struct str from = *s, rest = *s;
	char word[HALF_BYTES];
	size_t n = 0;

	for (int words = 0; words < HALF_WORDS; words++) {
		struct str said;
		char half;

		n = add_word(&rest, word, n);
		if (n == 0)
			return;
		half = dayhalf_of(str_make(word, n), false).half;
		if (half == 0 || half == ' ')
			continue;
		c->half = half;
		said = str_trim(str_sub(from, 0, from.n - rest.n));
		c->american = str_is(said, "am") || str_is(said, "pm");
		*s = rest;
	}
}

static bool
take_figure(struct clock *c, struct str *s)
{
	int digits, v = take_number(s, &digits);

	if (digits <= 2 && before_minutes(c, *s)) {
		c->hour = v;
		c->half = half_before(c->before);
		take_minutes(c, s);
		take_half(c, s);
		return true;
	}
	if (c->n == NUMBERS)
		return c->hour >= 0;
	c->before = STR_NONE;
	c->dots = c->dots || (s->n > 0 && *s->p == '.');
	c->digits[c->n] = digits;
	c->number[c->n++] = v;
	return true;
}

static void
take_month(struct clock *c, struct str word)
{
	for (int m = 0; m < 12; m++)
		if (wordlist_is(&words_months, word, (unsigned)m)) {
			c->month = m + 1;
			c->early = c->n == 0;
			return;
		}
}

/* A month, a zone; what is before a time may be a half of the day. */
static void
take_word(struct clock *c, struct str *s)
{
	size_t n = 0;
	struct str word;
	int minutes;

	while (n < s->n && is_letter(s->p[n]))
		n++;
	word = str_sub(*s, 0, n);
	*s = str_sub(*s, n, s->n);
	/* "mar. 6 oct.": the first was Tuesday. */
	if (c->month == 0 || (c->early && c->n > 0 && c->hour < 0))
		take_month(c, word);
	c->before = word;
	if (c->hour >= 0 && !c->zoned && mailtime_zone(word, &minutes)) {
		c->zoned = true;
		c->offset = (int64_t)minutes * 60;
	}
	if (str_is(word, "utc") || str_is(word, "gmt") ||
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
	    (!c->dots && !c->american && v[0] <= 12 && v[1] <= 12))
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
	when.hour = c.half == 0 ? c.hour : dayhalf_hour(c.hour, c.half);
	when.minute = c.minute;
	when.second = c.second;
	if (c.hour > 23 || c.minute > 59 || c.second > 60 ||
	    time_from_civil(&when, &t) < 0)
		return -1;
	*out = c.zoned ? t - c.offset * 1000000 : local_instant(clock, &when);
	return *out == TIME_NONE ? -1 : 0;
}
