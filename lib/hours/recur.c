#include "hours/recur.h"

#include <string.h>

#include "core/time.h"

static const char weekday_names[] = "MOTUWETHFRSASU";

/* --- sets --- */

static void
set_add(struct recur_set *s, int n)
{
	uint64_t *bits = n > 0 ? s->plus : s->minus;
	int i = (n > 0 ? n : -n) - 1;

	bits[i / 64] |= UINT64_C(1) << (i % 64);
	s->any = true;
}

static bool
has_bit(const uint64_t *bits, int i)
{
	return (bits[i / 64] >> (i % 64) & 1) != 0;
}

/* Number n of `all`, counted from 1 or, as -1, from the end. */
static bool
set_has(const struct recur_set *s, int n, int all)
{
	return has_bit(s->plus, n - 1) || has_bit(s->minus, all - n);
}

/* --- days --- */

static struct civil
civil_of(int64_t day)
{
	struct civil c;

	time_to_civil(day * TIME_DAY, &c);
	return c;
}

/* Months may run past the year. */
static int64_t
month_start(int64_t year, int64_t month)
{
	return time_days(
	    (int)(year + (month - 1) / 12), (int)((month - 1) % 12 + 1), 1);
}

static int
weekday_of(int64_t day)
{
	/* Day 0 was a Thursday. */
	return (int)(((day + 3) % 7 + 7) % 7);
}

/* The day on which the week of a day begins. */
static int64_t
week_of(const struct recur *r, int64_t day)
{
	return day - (weekday_of(day) - r->week_start + 7) % 7;
}

/* Where week 1 of a year begins: the first with four days of it. */
static int64_t
first_week(const struct recur *r, int year)
{
	return week_of(r, time_days(year, 1, 4));
}

static bool
week_fits(const struct recur *r, int64_t day, int year)
{
	int64_t first = first_week(r, year), next = first_week(r, year + 1);

	if (day < first) {
		next = first;
		first = first_week(r, year - 1);
	} else if (day >= next) {
		first = next;
		next = first_week(r, year + 2);
	}
	return set_has(
	    &r->week, (int)(day - first) / 7 + 1, (int)(next - first) / 7);
}

/* What a day is counted in. */
struct scope {
	int year;
	int64_t year_start, month_start;
	int year_days, month_days;
};

static bool
weekday_fits(const struct recur *r, int64_t day, const struct scope *s)
{
	int w = weekday_of(day), n, all;
	bool monthly = r->frequency == RECUR_MONTHLY || r->month.any;

	if ((r->weekdays >> w & 1) != 0)
		return true;
	if (!r->nth[w].any)
		return false;
	n = (int)(day - (monthly ? s->month_start : s->year_start));
	all = monthly ? s->month_days : s->year_days;
	return set_has(&r->nth[w], n / 7 + 1, n / 7 + 1 + (all - 1 - n) / 7);
}

/* Of a day in a month that fits. */
static bool
fits(const struct recur *r, int64_t day, const struct scope *s)
{
	if (r->month_day.any &&
	    !set_has(
		&r->month_day, (int)(day - s->month_start) + 1, s->month_days))
		return false;
	if (r->by_day && !weekday_fits(r, day, s))
		return false;
	if (r->year_day.any &&
	    !set_has(
		&r->year_day, (int)(day - s->year_start) + 1, s->year_days))
		return false;
	return !r->week.any || week_fits(r, day, s->year);
}

/* --- the walk --- */

/* The days of period k, counted from the start's. */
static void
period_bounds(const struct recur *r, int64_t k, int64_t *from, int64_t *to)
{
	struct civil c = civil_of(r->start);
	int64_t by = k * r->interval;

	switch (r->frequency) {
	case RECUR_YEARLY:
		*from = time_days((int)(c.year + by), 1, 1);
		*to = time_days((int)(c.year + by) + 1, 1, 1);
		break;
	case RECUR_MONTHLY:
		*from = month_start(c.year, c.month + by);
		*to = month_start(c.year, c.month + by + 1);
		break;
	case RECUR_WEEKLY:
		*from = week_of(r, r->start) + by * 7;
		*to = *from + 7;
		break;
	default:
		*from = r->start + by;
		*to = *from + 1;
	}
}

/* The last period that begins no later than a day behind the start. */
static int64_t
period_of(const struct recur *r, int64_t day)
{
	struct civil a = civil_of(r->start), b = civil_of(day);
	int64_t units = 0;

	switch (r->frequency) {
	case RECUR_YEARLY:
		units = b.year - a.year;
		break;
	case RECUR_MONTHLY:
		units = (b.year - a.year) * 12 + b.month - a.month;
		break;
	case RECUR_WEEKLY:
		units = (week_of(r, day) - week_of(r, r->start)) / 7;
		break;
	default:
		units = day - r->start;
	}
	return units / r->interval;
}

/* Those days of the period that fit, month by month. */
static void
gather(struct recur_walk *w, int64_t from, int64_t to)
{
	const struct recur *r = w->rule;
	int64_t day = from, end;

	w->n = w->i = 0;
	while (day < to) {
		struct civil c = civil_of(day);
		struct scope s = {
			.year = c.year,
			.year_start = time_days(c.year, 1, 1),
			.month_start = time_days(c.year, c.month, 1),
		};

		end = month_start(c.year, c.month + 1);
		s.year_days = (int)(time_days(c.year + 1, 1, 1) - s.year_start);
		s.month_days = (int)(end - s.month_start);
		end = end < to ? end : to;
		if (r->month.any && !set_has(&r->month, c.month, 12))
			day = end;
		for (; day < end; day++)
			if (fits(r, day, &s))
				w->days[w->n++] = day;
	}
}

/* BYSETPOS: those of the period's days that it names. */
static void
pick(struct recur_walk *w)
{
	size_t n = 0;

	if (!w->rule->position.any)
		return;
	for (size_t i = 0; i < w->n; i++)
		if (set_has(&w->rule->position, (int)i + 1, (int)w->n))
			w->days[n++] = w->days[i];
	w->n = n;
}

void
recur_begin(
    struct recur_walk *w, const struct recur *r, int64_t from, int64_t to)
{
	int64_t last = time_days(9999, 12, 31);

	w->rule = r;
	w->n = w->i = 0;
	w->from = from > r->start ? from : r->start;
	if (last > r->until)
		last = r->until;
	w->to = to <= last ? to : last + 1;
	w->period = w->from < w->to ? period_of(r, w->from) : 0;
}

bool
recur_next(struct recur_walk *w, int64_t *day)
{
	int64_t from, to;

	for (;;) {
		while (w->i < w->n) {
			*day = w->days[w->i++];
			if (*day >= w->to)
				return false;
			if (*day >= w->from)
				return true;
		}
		if (w->from >= w->to)
			return false;
		period_bounds(w->rule, w->period, &from, &to);
		if (from >= w->to)
			return false;
		w->period++;
		gather(w, from, to);
		pick(w);
	}
}

/* --- reading --- */

static int
number(struct str s, int max, int *out)
{
	int64_t n;

	if (s.n > 1 && s.p[0] == '+')
		s = str_sub(s, 1, s.n);
	if (str_to_int(s, &n) != 0 || n == 0 || n > max || n < -max)
		return -1;
	*out = (int)n;
	return 0;
}

static int
read_set(struct recur_set *set, struct str list, int max)
{
	int n;

	while (list.p != NULL) {
		if (number(str_split(&list, ','), max, &n) != 0)
			return -1;
		set_add(set, n);
	}
	return 0;
}

static int
weekday_named(struct str s)
{
	for (int i = 0; s.n == 2 && i < 7; i++)
		if (str_eq_nocase(s, str_make(weekday_names + i * 2, 2)))
			return i;
	return -1;
}

/* "MO", "4TH", "-1MO". */
static int
read_days(struct recur *r, struct str list)
{
	while (list.p != NULL) {
		struct str s = str_trim(str_split(&list, ','));
		size_t at = s.n < 2 ? 0 : s.n - 2;
		int w = weekday_named(str_sub(s, at, s.n)), n;

		if (w < 0)
			return -1;
		if (at == 0)
			r->weekdays |= 1U << w;
		else if (number(str_sub(s, 0, at), 53, &n) != 0)
			return -1;
		else
			set_add(&r->nth[w], n);
	}
	r->by_day = true;
	return 0;
}

static int
read_frequency(struct recur *r, struct str v)
{
	static const char *const names[] = { "YEARLY", "MONTHLY", "WEEKLY",
		"DAILY" };

	for (int i = RECUR_YEARLY; i <= RECUR_DAILY; i++)
		if (str_eq_nocase(v, str_of(names[i]))) {
			r->frequency = (enum recur_frequency)i;
			return 0;
		}
	return str_eq_nocase(v, STR("HOURLY")) ||
		       str_eq_nocase(v, STR("MINUTELY")) ||
		       str_eq_nocase(v, STR("SECONDLY"))
		   ? 1
		   : -1;
}

/* COUNT and UNTIL are the caller's. */
static int
read_part(struct recur *r, struct str name, struct str v)
{
	if (str_eq_nocase(name, STR("FREQ")))
		return read_frequency(r, v);
	if (str_eq_nocase(name, STR("BYDAY")))
		return read_days(r, v);
	if (str_eq_nocase(name, STR("INTERVAL")))
		return number(v, 1000, &r->interval) != 0 || r->interval < 1
			   ? -1
			   : 0;
	if (str_eq_nocase(name, STR("WKST")))
		return (r->week_start = weekday_named(v)) < 0 ? -1 : 0;
	if (str_eq_nocase(name, STR("BYMONTH")))
		return read_set(&r->month, v, 12);
	if (str_eq_nocase(name, STR("BYMONTHDAY")))
		return read_set(&r->month_day, v, 31);
	if (str_eq_nocase(name, STR("BYYEARDAY")))
		return read_set(&r->year_day, v, 366);
	if (str_eq_nocase(name, STR("BYWEEKNO")))
		return read_set(&r->week, v, 53);
	if (str_eq_nocase(name, STR("BYSETPOS")))
		return read_set(&r->position, v, 366);
	/* Midnight is what a whole day begins with. */
	if (str_eq_nocase(name, STR("BYHOUR")) ||
	    str_eq_nocase(name, STR("BYMINUTE")) ||
	    str_eq_nocase(name, STR("BYSECOND")))
		return str_is(v, "0") || str_is(v, "00") ? 0 : 1;
	return -1;
}

/* What the rule leaves open is as it is on the day of the start. */
static void
complete(struct recur *r)
{
	struct civil c = civil_of(r->start);
	bool week = r->week.any && !r->by_day;

	if (week || (r->frequency == RECUR_WEEKLY && !r->by_day)) {
		r->weekdays = 1U << weekday_of(r->start);
		r->by_day = true;
	}
	if (r->by_day || r->month_day.any || r->year_day.any ||
	    r->frequency > RECUR_MONTHLY)
		return;
	set_add(&r->month_day, c.day);
	if (r->frequency == RECUR_YEARLY && !r->month.any)
		set_add(&r->month, c.month);
}

/* So that after COUNT starts none counts. */
static void
end_after(struct recur *r, int64_t count)
{
	struct recur_walk w;
	int64_t day = r->start;

	r->until = r->start + RECUR_YEARS * INT64_C(365);
	recur_begin(&w, r, r->start, INT64_MAX);
	while (count > 0 && recur_next(&w, &day))
		count--;
	if (count == 0)
		r->until = day;
}

static bool
is_sound(const struct recur *r)
{
	bool nth = false;

	for (int i = 0; i < 7; i++)
		nth |= r->nth[i].any;
	return !nth || (r->frequency <= RECUR_MONTHLY && !r->week.any);
}

int
recur_read(struct recur *r, struct str rule, int64_t start,
    int (*until_day)(void *arg, struct str value, int64_t *day), void *arg)
{
	int64_t count = 0;
	bool frequency = false;
	int rc = 0;

	*r =
	    (struct recur){ .interval = 1, .start = start, .until = INT64_MAX };
	while (rc == 0 && rule.p != NULL) {
		struct str v = str_split(&rule, ';');
		struct str name = str_split(&v, '=');

		if (name.n == 0 && v.p == NULL)
			continue;
		frequency |= str_eq_nocase(name, STR("FREQ"));
		if (str_eq_nocase(name, STR("UNTIL")))
			rc = until_day(arg, v, &r->until);
		else if (str_eq_nocase(name, STR("COUNT")))
			rc = str_to_int(v, &count) != 0 || count < 1 ? -1 : 0;
		else
			rc = read_part(r, name, v);
	}
	if (rc == 0 && (!frequency || !is_sound(r)))
		rc = -1;
	if (rc != 0)
		return rc;
	complete(r);
	if (count > 0)
		end_after(r, count);
	return 0;
}

int
recur_yearly(struct recur *r, int month, int day)
{
	if (month < 1 || month > 12 || day < 1 ||
	    day > month_start(2000, month + 1) - month_start(2000, month))
		return -1;
	*r = (struct recur){
		.interval = 1, .start = time_days(1, 1, 1), .until = INT64_MAX
	};
	set_add(&r->month, month);
	set_add(&r->month_day, day);
	return 0;
}
