#include "hours/ics.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/io/file.h"
#include "core/text/ascii.h"
#include "core/text/contentline.h"
#include "core/vec.h"
#include "hours/calendar.h"

enum {
	ICS_MAX = 4 << 20, /* bytes a file */
	ICS_LINE = 64 << 10, /* bytes a line, unfolded */
	EVENT_DAYS = 366, /* days an event may last */
	SHOWN = 80, /* bytes of a value in a message */
};

/* A property as it stands in the file. */
struct property {
	struct str params, value; /* value is absent where it is not there */
	int line;
};

struct event {
	bool in, cancelled, all_day;
	int line; /* of its BEGIN */
	struct str summary;
	struct property start, end, duration, rule;
	struct properties VEC(struct property) without,
	    more; /* EXDATE, RDATE */
};

struct ics {
	struct holidays *h;
	const char *name;
	struct zone *zone;
	struct err *e;
	struct event ev;
	struct arena arena;
	int line;
	int depth; /* of components inside of the event (VALARM) */
};

static int
refuse(struct ics *p, int line, const char *what, struct str value)
{
	return err_set(p->e, "%s:%d: %s: '%.*s'", p->name, line, what,
	    STR_ARG(str_sub(value, 0, SHOWN)));
}

/* --- days and times --- */

/* What a value says of a day. */
enum day {
	DAY_NONE = -1, /* no date */
	DAY_WHOLE, /* a day, or its midnight */
	DAY_PART, /* another time of it */
};

/* "20261225" and what may stand behind: "T080000", "T080000Z". */
static int
read_civil(struct str s, struct civil *c, bool *utc)
{
	int64_t date, clock = 0, t;

	*utc = s.n == 16 && s.p[15] == 'Z';
	if (s.n != 8 && s.n != 15 && !*utc)
		return -1;
	if (!str_is_digits(str_sub(s, 0, 8)) ||
	    str_to_int(str_sub(s, 0, 8), &date) != 0)
		return -1;
	if (s.n > 8 && ((s.p[8] != 'T' && s.p[8] != 't') ||
			   !str_is_digits(str_sub(s, 9, 6)) ||
			   str_to_int(str_sub(s, 9, 6), &clock) != 0))
		return -1;
	*c = (struct civil){ .year = (int)(date / 10000),
		.month = (int)(date / 100 % 100),
		.day = (int)(date % 100),
		.hour = (int)(clock / 10000),
		.minute = (int)(clock / 100 % 100),
		.second = (int)(clock % 100) };
	return time_from_civil(c, &t);
}

/* The value of a parameter, without quotes; STR_NONE. */
static struct str
param(struct str params, const char *name)
{
	while (params.p != NULL) {
		struct str v = str_split(&params, ';');
		struct str key = str_split(&v, '=');

		if (!str_eq_nocase(key, str_of(name)))
			continue;
		if (v.n > 1 && v.p[0] == '"' && v.p[v.n - 1] == '"')
			v = str_sub(v, 1, v.n - 2);
		return v;
	}
	return STR_NONE;
}

/*
 * The wall clock of a zone that a file names, in the calendar's.  A zone that
 * the system does not have ("W. Europe Standard Time") is that of the
 * calendar: who keeps such a file lives by it.
 */
static void
to_own_zone(struct ics *p, struct str tzid, struct civil *c)
{
	struct zone *z;
	struct err e;

	if (p->zone == NULL || tzid.n == 0 || str_is(tzid, zone_name(p->zone)))
		return;
	z = zone_open(arena_cstr(&p->arena, tzid), &e);
	if (z == NULL)
		return;
	zone_civil(p->zone, zone_instant(z, c), c, NULL);
	zone_free(z);
}

static enum day
read_day(struct ics *p, struct str params, struct str value, int64_t *day)
{
	struct civil c;
	bool utc;
	int64_t t;

	if (read_civil(value, &c, &utc) != 0)
		return DAY_NONE;
	/* The mark says that the clock is 0:00 to whoever looks at it. */
	if (p->ev.all_day && c.hour == 0 && c.minute == 0 && !utc)
		c.second = 0;
	else if (utc && p->zone != NULL && time_from_civil(&c, &t) == 0)
		zone_civil(p->zone, t, &c, NULL);
	else if (value.n > 8 && !utc)
		to_own_zone(p, param(params, "TZID"), &c);
	*day = time_days(c.year, c.month, c.day);
	return c.hour == 0 && c.minute == 0 && c.second == 0 ? DAY_WHOLE
							     : DAY_PART;
}

/* For recur_read: the last day of a rule. */
static int
until_day(void *arg, struct str value, int64_t *day)
{
	struct ics *p = arg;

	return read_day(p, p->ev.start.params, value, day) == DAY_NONE ? -1 : 0;
}

/* "P3D", "P1W", "PT24H", "P1DT0H0M0S" as days; 0 where it is of none, -1 where
 * it is no duration. */
static int64_t
duration_days(struct str v)
{
	static const char units[] = "WDHMS";
	static const int seconds[] = { 604800, 86400, 3600, 60, 1 };
	int64_t sum = 0, n = -1;
	size_t i = v.n > 0 && v.p[0] == '+';

	if (i == v.n || v.p[i++] != 'P' || i == v.n)
		return -1;
	for (; i < v.n; i++) {
		const char *unit = strchr(units, v.p[i]);

		if (ascii_is_digit(v.p[i]) && n < 100000000)
			n = (n < 0 ? 0 : n) * 10 + (v.p[i] - '0');
		else if (v.p[i] == 'T' && n < 0)
			continue;
		else if (v.p[i] != '\0' && unit != NULL && n >= 0) {
			sum += n * seconds[unit - units];
			n = -1;
		} else
			return -1;
	}
	if (n >= 0)
		return -1;
	return sum % 86400 == 0 ? sum / 86400 : 0;
}

/* --- events --- */

/* The event is left out, and the file goes on. */
static int
leave_out(struct ics *p, struct str what)
{
	const struct event *ev = &p->ev;
	struct str name = ev->summary.n > 0 ? ev->summary : STR("an event");

	holidays_warn(
	    p->h, arena_printf(&p->arena,
		      "%s:%d: '%.*s' is no whole day and is left out: '%.*s'",
		      p->name, ev->start.line, STR_ARG(str_sub(name, 0, SHOWN)),
		      STR_ARG(str_sub(what, 0, SHOWN))));
	return 0;
}

/* How many days from the start on.  1; 0 where they are not whole; -1. */
static int
event_days(struct ics *p, int64_t start, int64_t *days)
{
	const struct event *ev = &p->ev;
	int64_t end;

	*days = 1;
	if (ev->duration.value.p != NULL) {
		*days = duration_days(ev->duration.value);
		if (*days < 0)
			return refuse(p, ev->duration.line, "no duration",
			    ev->duration.value);
		return *days > 0;
	}
	if (ev->end.value.p == NULL)
		return ev->start.value.n == 8;
	switch (read_day(p, ev->end.params, ev->end.value, &end)) {
	case DAY_WHOLE:
		*days = end - start;
		break;
	case DAY_PART:
		return 0;
	default:
		return refuse(p, ev->end.line, "no date", ev->end.value);
	}
	if (*days < 1) {
		*days = 1;
		return ev->start.value.n == 8;
	}
	return 1;
}

/* Every day of these lists to *v.  0 or -1. */
static int
read_dates(struct ics *p, const struct properties *all, int64_t **v, size_t *n)
{
	size_t cap = 0;

	for (size_t i = 0; i < all->n; i++) {
		struct str rest = all->v[i].value;

		while (rest.p != NULL) {
			struct str one = str_split(&rest, ',');
			struct str day = one;

			/* A period has its end behind a slash. */
			day = str_split(&day, '/');
			vec_hold(*v, *n, cap, 1);
			if (*n == CALENDAR_HOLIDAYS ||
			    read_day(p, all->v[i].params, day, &(*v)[*n]) ==
				DAY_NONE)
				return refuse(
				    p, all->v[i].line, "no date", one);
			(*n)++;
		}
	}
	return 0;
}

static int
ascending(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* One day that the event begins on, unless EXDATE takes it out; its days are
 * sorted. */
static int
add_start(
    struct ics *p, int64_t start, int days, const int64_t *without, size_t n)
{
	if (n > 0 &&
	    bsearch(&start, without, n, sizeof(*without), ascending) != NULL)
		return 0;
	return holidays_add_days(p->h, start, days);
}

/* The days that the event begins on by its rule, or else its own. */
static int
add_starts(
    struct ics *p, int64_t start, int days, const int64_t *without, size_t n)
{
	const struct property *rule = &p->ev.rule;
	struct recur r;
	int rc;

	if (rule->value.p == NULL) {
		rc = add_start(p, start, days, without, n);
	} else {
		rc = recur_read(&r, rule->value, start, until_day, p);
		if (rc < 0)
			return refuse(p, rule->line,
			    "a recurrence rule that is none of RFC 5545",
			    rule->value);
		if (rc > 0)
			return leave_out(p, rule->value);
		rc = holidays_add_recur(p->h, &r, days, without, n);
	}
	return rc == 0 ? 0 : refuse(p, p->line, "too many holidays", STR(""));
}

static int
add_event(struct ics *p, int64_t start, int days)
{
	int64_t *without = NULL, *more = NULL;
	size_t n = 0, n_more = 0;
	int rc = read_dates(p, &p->ev.without, &without, &n);

	if (rc == 0)
		rc = read_dates(p, &p->ev.more, &more, &n_more);
	if (n > 0)
		qsort(without, n, sizeof(*without), ascending);
	if (rc == 0)
		rc = add_starts(p, start, days, without, n);
	for (size_t i = 0; rc == 0 && i < n_more; i++)
		if (add_start(p, more[i], days, without, n) != 0)
			rc = refuse(p, p->line, "too many holidays", STR(""));
	free(without);
	free(more);
	return rc;
}

static int
event_end(struct ics *p)
{
	struct event *ev = &p->ev;
	int64_t start, days;
	int rc;

	ev->in = false;
	if (ev->cancelled)
		return 0;
	if (ev->start.value.p == NULL)
		return refuse(p, p->line, "an event without DTSTART", STR(""));
	switch (read_day(p, ev->start.params, ev->start.value, &start)) {
	case DAY_NONE:
		return refuse(p, ev->start.line,
		    "a holiday must be a whole day", ev->start.value);
	case DAY_PART:
		return leave_out(p, ev->start.value);
	default:
		break;
	}
	rc = event_days(p, start, &days);
	if (rc <= 0)
		return rc < 0 ? -1
			      : leave_out(p, ev->duration.value.p != NULL
						 ? ev->duration.value
					     : ev->end.value.p != NULL
						 ? ev->end.value
						 : ev->start.value);
	if (days > EVENT_DAYS)
		return refuse(p, ev->start.line,
		    "an event of more than 366 days", STR(""));
	return add_event(p, start, (int)days);
}

static void
event_release(struct event *ev)
{
	free(ev->without.v);
	free(ev->more.v);
	*ev = (struct event){ 0 };
}

/* --- lines --- */

static void
property(struct ics *p, struct str name, struct str params, struct str value)
{
	struct event *ev = &p->ev;
	struct property own = { params, value, p->line };

	if (str_eq_nocase(name, STR("DTSTART")))
		ev->start = own;
	else if (str_eq_nocase(name, STR("DTEND")))
		ev->end = own;
	else if (str_eq_nocase(name, STR("DURATION")))
		ev->duration = own;
	else if (str_eq_nocase(name, STR("RRULE")))
		ev->rule = own;
	else if (str_eq_nocase(name, STR("EXDATE")))
		vec_add(&ev->without, own);
	else if (str_eq_nocase(name, STR("RDATE")))
		vec_add(&ev->more, own);
	else if (str_eq_nocase(name, STR("SUMMARY")))
		ev->summary = value;
	else if (str_eq_nocase(name, STR("STATUS")))
		ev->cancelled = str_eq_nocase(value, STR("CANCELLED"));
	else if (str_eq_nocase(name, STR("X-MICROSOFT-CDO-ALLDAYEVENT")))
		ev->all_day = str_eq_nocase(value, STR("TRUE"));
}

/* One unfolded line: NAME;PARAM=VALUE:value. */
static int
content_line(struct ics *p, struct str line)
{
	size_t at = content_value(line, 0);
	struct str name, params, value;

	if (line.n == 0)
		return 0;
	if (at == 0)
		return refuse(p, p->line, "not iCalendar", line);
	params = str_sub(line, 0, at - 1);
	value = str_trim_right(str_sub(line, at, line.n));
	name = str_split(&params, ';');
	if (str_eq_nocase(name, STR("BEGIN"))) {
		if (p->ev.in)
			p->depth++;
		else if (str_eq_nocase(value, STR("VEVENT"))) {
			event_release(&p->ev);
			p->ev.in = true;
		}
	} else if (str_eq_nocase(name, STR("END"))) {
		if (p->depth > 0)
			p->depth--;
		else if (p->ev.in)
			return event_end(p);
	} else if (p->ev.in && p->depth == 0) {
		property(p, name, params, value);
	}
	return 0;
}

int
ics_parse(struct holidays *h, const char *name, struct str text,
    struct zone *zone, struct err *e)
{
	struct ics p = { .h = h, .name = name, .zone = zone, .e = e };
	struct content lines;
	struct str line;
	int rc = 0;

	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.n);
	if (!str_starts_nocase(text, STR("BEGIN:VCALENDAR")))
		return err_set(e, "%s:1: not an iCalendar file", name);
	content_init(&lines, text, &p.arena, ICS_LINE);
	while (rc == 0 && content_next(&lines, &line)) {
		if (line.n > 0)
			p.line = lines.at;
		rc = content_line(&p, line);
	}
	if (rc == 0 && lines.over)
		rc = refuse(&p, p.line, "a line too long", STR(""));
	if (rc == 0 && p.ev.in)
		rc = refuse(
		    &p, p.line, "the file ends inside of an event", STR(""));
	event_release(&p.ev);
	arena_release(&p.arena);
	return rc;
}

int
ics_read(struct holidays *h, const char *path, struct zone *zone, struct err *e)
{
	struct buf text;
	int rc;

	buf_init(&text, ICS_MAX);
	rc = file_read(path, &text, e);
	if (rc == 0)
		rc = ics_parse(h, path, buf_str(&text), zone, e);
	buf_release(&text);
	return rc;
}
