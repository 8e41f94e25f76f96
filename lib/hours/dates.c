#include "hours/dates.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/time.h"

/* A day of one year, or of each (year 0). */
struct date {
	int year, month, day;
};

struct entry {
	struct date from, to;
	struct week week;
};

struct dates {
	struct entry *v;
	size_t n;
};

struct dates *
dates_new(void)
{
	return xcalloc(1, sizeof(struct dates));
}

void
dates_free(struct dates *d)
{
	if (d == NULL)
		return;
	free(d->v);
	free(d);
}

/* "2026-12-24" or "12-24"; false where it is neither. */
static bool
date_read(struct str s, struct date *out)
{
	struct str part[3];
	int64_t v[3] = { 0 };
	size_t n = 0;
	struct civil c;
	int64_t t;

	for (s = str_trim(s); s.p != NULL && n < 3; n++)
		part[n] = str_split(&s, '-');
	if (s.p != NULL || n < 2)
		return false;
	for (size_t i = 0; i < n; i++)
		if (part[i].n != (n == 3 && i == 0 ? 4 : 2) ||
		    !str_is_digits(part[i]) ||
		    str_to_int(part[i], &v[3 - n + i]) != 0)
			return false;
	*out = (struct date){ (int)v[0], (int)v[1], (int)v[2] };
	/* 29 February is a day of some years. */
	c = (struct civil){ .year = n == 3 ? out->year : 2000,
		.month = out->month,
		.day = out->day };
	return time_from_civil(&c, &t) == 0;
}

static bool
span_read(struct str s, struct entry *e)
{
	ptrdiff_t dots = str_find(s, STR(".."));

	if (dots < 0) {
		if (!date_read(s, &e->from))
			return false;
		e->to = e->from;
		return true;
	}
	return date_read(str_sub(s, 0, (size_t)dots), &e->from) &&
	       date_read(str_sub(s, (size_t)dots + 2, s.n), &e->to) &&
	       (e->from.year == 0) == (e->to.year == 0) &&
	       (e->from.year == 0 ||
		   time_days(e->from.year, e->from.month, e->from.day) <=
		       time_days(e->to.year, e->to.month, e->to.day));
}

bool
dates_span(struct str s, int64_t *first, int64_t *last)
{
	struct entry e;

	if (!span_read(s, &e) || e.from.year == 0)
		return false;
	*first = time_days(e.from.year, e.from.month, e.from.day);
	*last = time_days(e.to.year, e.to.month, e.to.day);
	return true;
}

/* The hours of calendar i of the file, which n names. */
static int
week_of_calendar(const struct yaml *y, const struct yaml_node *n, size_t i,
    struct week *out, struct err *e)
{
	const struct yaml_node *all = yaml_get(yaml_root(y), "calendars");
	const struct yaml_node *hours = yaml_get(yaml_at(all, i), "hours");
	struct str key = yaml_text(yaml_key(all, i));
	char *name;
	int rc;

	if (hours == NULL || yaml_kind(hours) != YAML_MAP)
		return yaml_fail(
		    e, y, n, "calendar %.*s has no hours", STR_ARG(key));
	name = xmemdup0(key.p, key.n);
	rc = week_read(out, y, hours, name, e);
	free(name);
	return rc;
}

/* Hours, the word closed, or the name of a calendar. */
static int
week_of(const struct yaml *y, const struct yaml_node *n, struct week *out,
    struct err *e)
{
	const struct yaml_node *all = yaml_get(yaml_root(y), "calendars");
	struct str s = yaml_text(n);
	struct hours spans[CALENDAR_SPANS];
	size_t count = 0;

	for (size_t i = 0; s.n > 0 && i < yaml_count(all); i++)
		if (str_eq(yaml_text(yaml_key(all, i)), s))
			return week_of_calendar(y, n, i, out, e);
	if (!str_eq_nocase(s, STR("closed")) &&
	    hours_read(y, n, spans, &count, e) != 0)
		return s.n > 0 && str_chr(s, ':') < 0
			   ? yaml_fail(e, y, n,
				 "'%.*s' is no calendar of this file; write "
				 "hours, closed, or a calendar's name",
				 STR_ARG(s))
			   : -1;
	for (size_t i = 0; i < 7; i++) {
		memcpy(out->v[i], spans, count * sizeof(*spans));
		out->n[i] = count;
	}
	return 0;
}

int
dates_read(struct dates *d, const struct yaml *y, const struct yaml_node *n,
    struct err *e)
{
	if (n == NULL)
		return 0;
	if (yaml_kind(n) != YAML_MAP || yaml_count(n) > DATES_MAX)
		return yaml_fail(e, y, n,
		    "dates are a map of at most %d days, such as {12-24: "
		    "\"09:00-12:00\"}",
		    DATES_MAX);
	d->v = xcalloc(yaml_count(n) + 1, sizeof(*d->v));
	for (size_t i = 0; i < yaml_count(n); i++) {
		struct entry *x = &d->v[d->n];

		if (!span_read(yaml_text(yaml_key(n, i)), x))
			return yaml_fail(e, y, yaml_key(n, i),
			    "'%.*s' is no date; write 2026-12-24, 12-24 for "
			    "every year, or 2026-12-24..2026-12-31",
			    STR_ARG(yaml_text(yaml_key(n, i))));
		if (week_of(y, yaml_at(n, i), &x->week, e) != 0)
			return -1;
		d->n++;
	}
	return 0;
}

/* In the order of days: those of each year by month and day, so that no
 * 29 February becomes the day behind it where a year has none. */
static int
ordinal(int year, int month, int day)
{
	return (year * 12 + month) * 31 + day;
}

static bool
holds(const struct entry *x, const struct civil *c)
{
	int from = ordinal(x->from.year, x->from.month, x->from.day);
	int to = ordinal(x->to.year, x->to.month, x->to.day);
	int day = ordinal(x->from.year == 0 ? 0 : c->year, c->month, c->day);

	/* Over the turn of the year: its end or its beginning. */
	return from <= to ? day >= from && day <= to : day >= from || day <= to;
}

const struct week *
dates_week(const struct dates *d, int64_t day)
{
	struct civil c;

	if (d->n == 0)
		return NULL;
	time_to_civil(day * TIME_DAY, &c);
	for (size_t i = d->n; i-- > 0;)
		if (holds(&d->v[i], &c))
			return &d->v[i].week;
	return NULL;
}
