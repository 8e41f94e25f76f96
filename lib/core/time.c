#include "core/time.h"

#include <stdio.h>
#include <time.h>

#include "core/text/ascii.h"

/* Howard Hinnant's days_from_civil: exact for every proleptic date. */
int64_t
time_days(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool
within(int v, int min, int max)
{
	return v >= min && v <= max;
}

int
time_from_civil(const struct civil *c, int64_t *out)
{
	int64_t s;

	if (!within(c->year, 1, 9999) || !within(c->month, 1, 12) ||
	    !within(c->day, 1, month_days(c->year, c->month)) ||
	    !within(c->hour, 0, 23) || !within(c->minute, 0, 59) ||
	    !within(c->second, 0, 60) || !within(c->usec, 0, 999999))
		return -1;
	s = time_days(c->year, c->month, c->day) * 86400 +
	    c->hour * INT64_C(3600) + c->minute * INT64_C(60) + c->second;
	*out = s * TIME_SECOND + c->usec;
	return 0;
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Neri, Schneider: Euclidean affine functions and their application to calendar
 * algorithms (2022); years are counted from one that leaves none negative. */
void
time_to_civil(int64_t t, struct civil *out)
{
	enum { ERAS = 750 };
	int64_t days = floor_div(t, TIME_DAY), rest = t - days * TIME_DAY;
	uint32_t n = (uint32_t)(days + 719468 + ERAS * 146097) * 4 + 3;
	uint32_t century = n / 146097, n2 = n % 146097 / 4 * 4 + 3;
	uint64_t product = UINT64_C(2939745) * n2;
	uint32_t day = (uint32_t)product / 2939745 / 4;
	uint32_t n3 = 2141 * day + 197913, s = (uint32_t)(rest / TIME_SECOND);
	bool next = day >= 306; /* January and February */

	out->year = (int)(100 * century + (uint32_t)(product >> 32)) -
		    400 * ERAS + next;
	out->month = (int)(n3 >> 16) - (next ? 12 : 0);
	out->day = (int)((n3 & 0xffff) / 2141) + 1;
	out->hour = (int)(s / 3600);
	out->minute = (int)(s / 60 % 60);
	out->second = (int)(s % 60);
	out->usec = (int)(rest % TIME_SECOND);
}

int
time_weekday(const struct civil *c)
{
	int64_t d = time_days(c->year, c->month, c->day);

	/* 1970-01-01 was a Thursday. */
	return (int)(d + 3 - floor_div(d + 3, 7) * 7);
}

/* Takes exactly n digits off s. */
static int
digits(struct str *s, size_t n, int *out)
{
	int v = 0;
	size_t i;

	if (s->n < n)
		return -1;
	for (i = 0; i < n; i++) {
		if (!ascii_is_digit(s->p[i]))
			return -1;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = str_sub(*s, n, s->n);
	*out = v;
	return 0;
}

static bool
take(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = str_sub(*s, 1, s->n);
	return true;
}

/* Digits behind the point; what is finer than a microsecond is cut. */
static int
fraction(struct str *s, int *usec)
{
	int unit = 100000;
	size_t i;

	*usec = 0;
	for (i = 0; i < s->n && ascii_is_digit(s->p[i]); i++) {
		*usec += (s->p[i] - '0') * unit;
		unit /= 10;
	}
	*s = str_sub(*s, i, s->n);
	return i == 0 ? -1 : 0;
}

/* "Z", "+02:00", "+0200", "-05": seconds east of UTC. */
static int
offset(struct str *s, int *out)
{
	bool minus;
	int h, m = 0;

	*out = 0;
	if (take(s, 'Z') || take(s, 'z'))
		return 0;
	minus = s->n > 0 && s->p[0] == '-';
	if (!take(s, '+') && !take(s, '-'))
		return -1;
	if (digits(s, 2, &h) != 0)
		return -1;
	if (s->n > 0) {
		take(s, ':');
		if (digits(s, 2, &m) != 0)
			return -1;
	}
	if (h > 23 || m > 59)
		return -1;
	*out = (h * 3600 + m * 60) * (minus ? -1 : 1);
	return 0;
}

static int
clock_part(struct str *s, struct civil *c, int *east)
{
	if (!take(s, 'T') && !take(s, 't') && !take(s, ' '))
		return -1;
	if (digits(s, 2, &c->hour) != 0 || !take(s, ':') ||
	    digits(s, 2, &c->minute) != 0)
		return -1;
	if (take(s, ':')) {
		if (digits(s, 2, &c->second) != 0)
			return -1;
		if (take(s, '.') && fraction(s, &c->usec) != 0)
			return -1;
	}
	return offset(s, east);
}

/* Eight bytes less those of a form, in which 0 stands for a digit; *bad is set
 * in its high bits where they are not of that form: past 9 at a digit, which
 * has 0x76 in `most`, past 0 at a sign, which has 0x7f. */
static inline uint64_t
less_form(const char *p, const char *form, uint64_t most, uint64_t *bad)
{
	uint64_t x, f;

	memcpy(&x, p, sizeof(x));
	memcpy(&f, form, sizeof(f));
	x ^= f;
	*bad |= x | ((x & UINT64_C(0x7f7f7f7f7f7f7f7f)) + most);
	return x;
}

static inline int
pair(uint64_t x, int at)
{
	return (int)(x >> 8 * at & 15) * 10 + (int)(x >> 8 * (at + 1) & 15);
}

/*
 * "2026-01-31T09:30:00Z", as our own times are written, without a step for
 * each character.
 */
static bool
read_plain(struct str s, struct civil *c)
{
	uint64_t date, clock, end, bad = 0;

	if (s.n != 20)
		return false;
	date = less_form(s.p, "0000-00-", UINT64_C(0x7f76767f76767676), &bad);
	clock =
	    less_form(s.p + 8, "00T00:00", UINT64_C(0x76767f76767f7676), &bad);
	end =
	    less_form(s.p + 12, "0:00:00Z", UINT64_C(0x7f76767f76767f76), &bad);
	if ((bad & UINT64_C(0x8080808080808080)) != 0)
		return false;
	c->year = pair(date, 0) * 100 + pair(date, 2);
	c->month = pair(date, 5);
	c->day = pair(clock, 0);
	c->hour = pair(clock, 3);
	c->minute = pair(clock, 6);
	c->second = pair(end, 5);
	return true;
}

int
time_parse(struct str s, int64_t *out)
{
	struct civil c = { 0 };
	int64_t t, min, max;
	int east = 0;

	if (read_plain(s, &c))
		return time_from_civil(&c, out);
	if (digits(&s, 4, &c.year) != 0 || !take(&s, '-') ||
	    digits(&s, 2, &c.month) != 0 || !take(&s, '-') ||
	    digits(&s, 2, &c.day) != 0)
		return -1;
	if (s.n > 0 && clock_part(&s, &c, &east) != 0)
		return -1;
	if (s.n > 0 || time_from_civil(&c, &t) != 0)
		return -1;
	t -= east * TIME_SECOND;
	min = time_days(1, 1, 1) * TIME_DAY;
	max = time_days(10000, 1, 1) * TIME_DAY;
	if (t < min || t >= max)
		return -1;
	*out = t;
	return 0;
}

static char *
two(char *p, int v)
{
	unsigned tens = (unsigned)v / 10;

	p[0] = (char)('0' + tens);
	p[1] = (char)('0' + ((unsigned)v - tens * 10));
	return p + 2;
}

size_t
time_format(int64_t t, char out[TIME_SIZE])
{
	struct civil c;
	char *p = out;
	int unit;

	time_to_civil(t, &c);
	if (!within(c.year, 0, 9999))
		return (size_t)snprintf(out, TIME_SIZE,
		    "%d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day,
		    c.hour, c.minute, c.second);
	p = two(two(p, c.year / 100), c.year % 100);
	*p++ = '-';
	p = two(p, c.month);
	*p++ = '-';
	p = two(p, c.day);
	*p++ = 'T';
	p = two(p, c.hour);
	*p++ = ':';
	p = two(p, c.minute);
	*p++ = ':';
	p = two(p, c.second);
	if (c.usec != 0) {
		*p++ = '.';
		for (unit = 100000; unit >= (c.usec % 1000 == 0 ? 1000 : 1);
		     unit /= 10)
			*p++ = (char)('0' + c.usec / unit % 10);
	}
	*p++ = 'Z';
	*p = '\0';
	return (size_t)(p - out);
}

size_t
time_quote(struct time_memo *m, int64_t t, char out[TIME_SIZE])
{
	size_t i = 0, n;

	while (i < TIME_MEMOS && (m->t[i] != t || m->n[i] == 0))
		i++;
	if (i == TIME_MEMOS) {
		i = m->next;
		m->next = (uint8_t)((i + 1) % TIME_MEMOS);
		n = time_format(t, m->text[i] + 1);
		m->text[i][0] = m->text[i][n + 1] = '"';
		m->n[i] = (uint8_t)(n + 2);
		m->t[i] = t;
	}
	memcpy(out, m->text[i], TIME_SIZE);
	return m->n[i];
}

static int64_t
unit_of(char c)
{
	switch (c) {
	case 's':
		return TIME_SECOND;
	case 'm':
		return TIME_MINUTE;
	case 'h':
		return TIME_HOUR;
	case 'd':
		return TIME_DAY;
	case 'w':
		return 7 * TIME_DAY;
	default:
		return 0;
	}
}

int
duration_parse(struct str s, int64_t *out)
{
	int64_t sum = 0, v, unit;
	size_t i;

	if (s.n == 0)
		return -1;
	while (s.n > 0) {
		v = 0;
		for (i = 0; i < s.n && ascii_is_digit(s.p[i]); i++) {
			if (__builtin_mul_overflow(v, 10, &v) ||
			    __builtin_add_overflow(v, s.p[i] - '0', &v))
				return -1;
		}
		if (i == 0 || i == s.n || (unit = unit_of(s.p[i])) == 0)
			return -1;
		if (__builtin_mul_overflow(v, unit, &v) ||
		    __builtin_add_overflow(sum, v, &sum))
			return -1;
		s = str_sub(s, i + 1, s.n);
	}
	*out = sum;
	return 0;
}

size_t
duration_format(int64_t d, char out[TIME_SIZE])
{
	static const struct {
		int64_t unit;
		char letter;
	} units[] = { { TIME_DAY, 'd' }, { TIME_HOUR, 'h' },
		{ TIME_MINUTE, 'm' }, { TIME_SECOND, 's' } };
	uint64_t rest = d < 0 ? -(uint64_t)d : (uint64_t)d, u, v;
	size_t n = 0, i, given = 0;

	if (d < 0 && rest >= (uint64_t)TIME_SECOND)
		out[n++] = '-';
	for (i = 0; i < 4 && given < 2; i++) {
		u = (uint64_t)units[i].unit;
		v = rest / u;
		rest %= u;
		/* The two units stand beside each other: "2d", not "2d 5s". */
		if (given > 0)
			given++;
		if (v == 0)
			continue;
		if (given == 0)
			given = 1;
		n += (size_t)snprintf(out + n, TIME_SIZE - n, "%s%llu%c",
		    given > 1 ? " " : "", (unsigned long long)v,
		    units[i].letter);
	}
	if (given == 0)
		n = (size_t)snprintf(out, TIME_SIZE, "0s");
	return n;
}

int64_t
time_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * TIME_SECOND + ts.tv_nsec / 1000;
}

int64_t
time_steady_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
