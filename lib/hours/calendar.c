#include "hours/calendar.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/text/nearest.h"
#include "hours/dates.h"
#include "hours/ics.h"

/* An open interval, and what was open in its year before it. */
struct span {
	int64_t from, to, before;
};

/* The intervals that begin on the days of one year, none within another. */
struct year {
	int year;
	struct span *v;
	size_t n;
	int64_t total;
};

struct calendar {
	struct zone *zone;
	struct week week;
	struct holidays *holidays;
	struct dates *dates;
	struct year cache[CALENDAR_CACHE];
	size_t cached, oldest;
};

static const char *const key_names[] = { "zone", "hours", "holidays", "dates" };

enum { KEYS = sizeof(key_names) / sizeof(*key_names) };

struct reader {
	struct calendar *c;
	const struct yaml *y;
	const char *name, *folder;
	struct err *e;
};

static int
read_holiday(struct reader *r, const struct yaml_node *n)
{
	struct str s = yaml_text(n);
	struct arena a = { 0 };
	struct err inner;
	int rc = 0;

	if (str_ends_nocase(s, STR(".ics"))) {
		bool beside = s.p[0] != '/' && r->folder[0] != '\0';

		s = ARENA_JOIN(&a, str_of(beside ? r->folder : ""),
		    str_of(beside ? "/" : ""), s);
		if (ics_read(r->c->holidays, s.p, r->c->zone, &inner) != 0)
			rc = yaml_fail(r->e, r->y, n, "%s", inner.msg);
	} else if (holidays_add(r->c->holidays, s) != 0) {
		rc = yaml_fail(r->e, r->y, n,
		    "'%.*s' is no holiday; write 2026-12-25, 12-25 for every "
		    "year, or the name of an .ics file",
		    STR_ARG(s));
	}
	arena_release(&a);
	return rc;
}

static int
read_holidays(struct reader *r, const struct yaml_node *n)
{
	size_t i;

	if (n == NULL)
		return 0;
	if (yaml_kind(n) == YAML_SCALAR)
		return read_holiday(r, n);
	for (i = 0; i < yaml_count(n); i++)
		if (read_holiday(r, yaml_at(n, i)) != 0)
			return -1;
	return 0;
}

static int
read_zone(struct reader *r, const struct yaml_node *n)
{
	const struct yaml_node *v = yaml_get(n, "zone");
	struct err inner;
	char *name;

	if (yaml_text(v).n == 0)
		return yaml_fail(r->e, r->y, v == NULL ? n : v,
		    "calendar %s has no zone; write zone: Europe/Berlin",
		    r->name);
	name = xmemdup0(yaml_text(v).p, yaml_text(v).n);
	r->c->zone = zone_open(name, &inner);
	free(name);
	if (r->c->zone == NULL)
		return yaml_fail(r->e, r->y, v, "%s", inner.msg);
	return 0;
}

static int
check_keys(struct reader *r, const struct yaml_node *n)
{
	const struct yaml_node *hours = yaml_get(n, "hours");
	const char *near;
	size_t i, j;

	for (i = 0; i < yaml_count(n); i++) {
		struct str key = yaml_text(yaml_key(n, i));

		for (j = 0; j < KEYS && !str_is(key, key_names[j]); j++)
			;
		if (j < KEYS)
			continue;
		near = nearest(key, key_names, KEYS);
		return yaml_fail(r->e, r->y, yaml_key(n, i),
		    "unknown key '%.*s' in a calendar%s%s%s", STR_ARG(key),
		    near == NULL ? "" : "; did you mean '",
		    near == NULL ? "" : near, near == NULL ? "" : "'?");
	}
	if (hours == NULL || yaml_kind(hours) != YAML_MAP)
		return yaml_fail(r->e, r->y, hours == NULL ? n : hours,
		    "the calendar has no hours; write {mon-fri: "
		    "\"09:00-17:00\"}");
	return 0;
}

struct calendar *
calendar_new(const struct yaml *y, const struct yaml_node *n, const char *name,
    const char *folder, struct err *e)
{
	struct calendar *c;
	struct reader r = { .y = y,
		.name = name,
		.e = e,
		.folder = folder == NULL ? "" : folder };

	if (n == NULL || yaml_kind(n) != YAML_MAP) {
		yaml_fail(e, y, n, "calendar %s needs zone and hours", name);
		return NULL;
	}
	c = r.c = xcalloc(1, sizeof(*c));
	c->holidays = holidays_new();
	c->dates = dates_new();
	if (check_keys(&r, n) == 0 && read_zone(&r, n) == 0 &&
	    week_read(&c->week, y, yaml_get(n, "hours"), name, e) == 0 &&
	    read_holidays(&r, yaml_get(n, "holidays")) == 0 &&
	    dates_read(c->dates, y, yaml_get(n, "dates"), e) == 0)
		return c;
	calendar_free(c);
	return NULL;
}

static int
find(const char *rules_path, const char *name, struct calendar **out,
    struct err *e)
{
	struct yaml *y = yaml_read(rules_path, e);
	const struct yaml_node *all, *n;
	struct str path = str_of(rules_path), key;
	char *folder, *called;
	int rc = -1;

	if (y == NULL)
		return -1;
	all = yaml_get(yaml_root(y), "calendars");
	n = name == NULL ? yaml_at(all, 0) : yaml_get(all, name);
	if (n != NULL) {
		path = str_sub(path, 0, (size_t)(str_rchr(path, '/') + 1));
		/* "/rules.yaml" lies in "/", "a/rules.yaml" in "a". */
		folder = xmemdup0(path.p, path.n > 1 ? path.n - 1 : path.n);
		key = name == NULL ? yaml_text(yaml_key(all, 0)) : str_of(name);
		called = xmemdup0(key.p, key.n);
		*out = calendar_new(y, n, called, folder, e);
		rc = *out == NULL ? -1 : 0;
		free(called);
		free(folder);
	} else if (name == NULL) {
		rc = 0;
	} else {
		err_set(e, "%s: no calendar is called %s", rules_path, name);
	}
	yaml_free(y);
	return rc;
}

int
calendar_named(const char *rules_path, const char *name, struct calendar **out,
    struct err *e)
{
	*out = NULL;
	if (rules_path != NULL)
		return find(rules_path, name, out, e);
	if (name == NULL)
		return 0;
	return err_set(e,
	    "--calendar %s: name the rule file that has it with --rules FILE",
	    name);
}

void
calendar_free(struct calendar *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->cached; i++)
		free(c->cache[i].v);
	zone_free(c->zone);
	holidays_free(c->holidays);
	dates_free(c->dates);
	free(c);
}

static int64_t
instant(struct calendar *c, int64_t day, int minutes)
{
	struct civil civil = { .year = 1970, .month = 1, .minute = minutes };

	civil.day = (int)day + 1; /* days carry over */
	return zone_instant(c->zone, &civil);
}

int64_t
calendar_midnight(struct calendar *c, int64_t day)
{
	return c == NULL ? day * TIME_DAY : instant(c, day, 0);
}

/* The hours of a day: what its date says, else none on a holiday, else its
 * weekday's. */
static const struct hours *
hours_on(struct calendar *c, int64_t day, size_t *n)
{
	int wd = (int)(((day + 3) % 7 + 7) % 7);
	const struct week *w = dates_week(c->dates, day);

	if (w == NULL && holidays_has(c->holidays, day)) {
		*n = 0;
		return NULL;
	}
	if (w == NULL)
		w = &c->week;
	*n = w->n[wd];
	return w->v[wd];
}

/* Adds a day's intervals; what lies before the cursor is open already. */
static void
add_day(struct calendar *c, struct year *y, int64_t day, int64_t *cursor)
{
	struct span s;
	size_t n;
	const struct hours *h = hours_on(c, day, &n);

	for (size_t i = 0; i < n; i++) {
		s.from = instant(c, day, h[i].from);
		s.to = instant(c, day, h[i].to);
		if (s.from < *cursor)
			s.from = *cursor;
		if (s.to <= s.from)
			continue;
		s.before = y->total;
		y->total += s.to - s.from;
		y->v[y->n++] = s;
		*cursor = s.to;
	}
}

static void
build(struct calendar *c, struct year *y, int year)
{
	int64_t day = time_days(year, 1, 1), end = time_days(year + 1, 1, 1);
	int64_t cursor = INT64_MIN;
	struct span eve[CALENDAR_SPANS];
	struct year before = { .v = eve };
	size_t most = 0, n;

	for (int64_t d = day; d < end; d++) {
		(void)hours_on(c, d, &n);
		most += n;
	}
	/* Hours of New Year's Eve that reach into this year. */
	add_day(c, &before, day - 1, &cursor);
	*y = (struct year){ .year = year };
	y->v = xreallocarray(NULL, most + 1, sizeof(*y->v));
	for (; day < end; day++)
		add_day(c, y, day, &cursor);
}

static const struct year *
year_of(struct calendar *c, int year)
{
	struct year *y;
	size_t i;

	for (i = 0; i < c->cached; i++)
		if (c->cache[i].year == year)
			return &c->cache[i];
	if (c->cached < CALENDAR_CACHE) {
		y = &c->cache[c->cached++];
	} else {
		y = &c->cache[c->oldest++ % CALENDAR_CACHE];
		free(y->v);
	}
	build(c, y, year);
	return y;
}

/* How much of the year's open time lies before t. */
static int64_t
open_before(const struct year *y, int64_t t)
{
	size_t lo = 0, hi = y->n, mid;
	const struct span *s;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (y->v[mid].from <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0)
		return 0;
	s = &y->v[lo - 1];
	return s->before + (t < s->to ? t : s->to) - s->from;
}

/* The instant by which so much (more than 0) of the year was open. */
static int64_t
when_open(const struct year *y, int64_t sum)
{
	size_t lo = 0, hi = y->n, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (y->v[mid].before < sum)
			lo = mid + 1;
		else
			hi = mid;
	}
	return y->v[lo - 1].from + sum - y->v[lo - 1].before;
}

static int
local_year(struct calendar *c, int64_t t)
{
	struct civil civil;

	zone_civil(c->zone, t, &civil, NULL);
	return civil.year;
}

const char *
calendar_warning(const struct calendar *c, size_t i)
{
	return holidays_warning(c->holidays, i);
}

int64_t
calendar_add(struct calendar *c, int64_t from, int64_t d)
{
	const struct year *y;
	int64_t gone;
	int year, i;

	if (c == NULL || d <= 0)
		return from + (d > 0 ? d : 0);
	/* Last year's last hours may reach into this one. */
	year = local_year(c, from) - 1;
	for (i = 0; i <= CALENDAR_YEARS; i++) {
		y = year_of(c, year + i);
		gone = open_before(y, from);
		if (y->total - gone >= d)
			return when_open(y, gone + d);
		d -= y->total - gone;
	}
	return TIME_NONE;
}

int64_t
calendar_between(struct calendar *c, int64_t a, int64_t b)
{
	const struct year *y;
	int64_t sum = 0;
	int year, last;

	if (b <= a)
		return 0;
	if (c == NULL)
		return b - a;
	year = local_year(c, a);
	last = local_year(c, b);
	if (last - year > CALENDAR_YEARS)
		return TIME_NONE;
	/* Last year's last hours may reach into this one. */
	for (year--; year <= last; year++) {
		y = year_of(c, year);
		sum += open_before(y, b) - open_before(y, a);
	}
	return sum;
}

bool
calendar_open_at(struct calendar *c, int64_t t)
{
	return calendar_between(c, t, t + 1) > 0;
}
