#include "hours/holidays.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/ascii.h"
#include "core/buf.h"
#include "core/contentline.h"
#include "core/io/file.h"
#include "core/vec.h"
#include "hours/calendar.h"

enum {
	ICS_MAX = 4 << 20, /* bytes a file */
	ICS_LINE = 64 << 10, /* bytes a line, unfolded */
	EVENT_DAYS = 366, /* days an event may last */
	YEARS_KEPT = 4,
	ANY_DAY = 0,
};

/* A day that comes every year, or every few. */
struct yearly {
	int month, day; /* day: of the month, or 0 where nth is set */
	int nth, weekday; /* the nth such weekday, -1 the last */
	int first, last, interval; /* years */
	int64_t until; /* no start later than this day */
	int64_t from; /* nor earlier than this */
	int days;
};

/* One year's days as bits. */
struct year {
	int year;
	int64_t first, until; /* its days; empty where both are 0 */
	uint64_t bits[6];
};

struct holidays {
	int64_t *days; /* single ones, unordered until filled */
	size_t n, cap;
	int64_t *without; /* starts that EXDATE takes out */
	size_t n_not, cap_not;
	struct yearly *yearly;
	size_t n_yearly, cap_yearly;
	struct year years[YEARS_KEPT];
	unsigned next;
};

struct holidays *
holidays_new(void)
{
	return xcalloc(1, sizeof(struct holidays));
}

void
holidays_free(struct holidays *h)
{
	if (h == NULL)
		return;
	free(h->days);
	free(h->without);
	free(h->yearly);
	free(h);
}

static void
add_day(int64_t **v, size_t *n, size_t *cap, int64_t day)
{
	vec_hold(*v, *n, *cap, 1);
	(*v)[(*n)++] = day;
}

static bool
full(const struct holidays *h)
{
	return h->n + h->n_not + h->n_yearly >= CALENDAR_HOLIDAYS;
}

static void
add_yearly(struct holidays *h, const struct yearly *y)
{
	vec_hold(h->yearly, h->n_yearly, h->cap_yearly, 1);
	h->yearly[h->n_yearly++] = *y;
}

static int
month_days(int year, int month)
{
	int64_t next = month == 12 ? time_days(year + 1, 1, 1)
				   : time_days(year, month + 1, 1);

	return (int)(next - time_days(year, month, 1));
}

int
holidays_add(struct holidays *h, struct str s)
{
	struct yearly y = { .first = 1,
		.last = 9999,
		.interval = 1,
		.until = INT64_MAX,
		.from = INT64_MIN,
		.days = 1 };
	int64_t t, month, day;

	if (full(h))
		return -1;
	if (s.n == 10 && time_parse(s, &t) == 0) {
		add_day(&h->days, &h->n, &h->cap,
		    t / TIME_DAY - (t % TIME_DAY < 0));
		return 0;
	}
	if (s.n != 5 || s.p[2] != '-' ||
	    str_to_int(str_sub(s, 0, 2), &month) != 0 ||
	    str_to_int(str_sub(s, 3, 2), &day) != 0)
		return -1;
	if (month < 1 || month > 12 || day < 1 ||
	    day > month_days(2000, (int)month))
		return -1;
	y.month = (int)month;
	y.day = (int)day;
	add_yearly(h, &y);
	return 0;
}

/* The start of y's occurrence in a year; false where it has none. */
static bool
occurs(const struct yearly *y, int year, int64_t *start)
{
	struct civil c = { .year = year, .month = y->month, .day = 1 };
	int length = month_days(year, y->month), day = y->day, shift;

	if (year < y->first || year > y->last ||
	    (year - y->first) % y->interval != 0)
		return false;
	if (y->nth > 0) {
		shift = (y->weekday - time_weekday(&c) + 7) % 7;
		day = 1 + shift + (y->nth - 1) * 7;
	} else if (y->nth < 0) {
		c.day = length;
		shift = (time_weekday(&c) - y->weekday + 7) % 7;
		day = length - shift + (y->nth + 1) * 7;
	} else if (day < 0) {
		day = length + 1 + day;
	}
	if (day < 1 || day > length)
		return false;
	*start = time_days(year, y->month, day);
	return *start >= y->from && *start <= y->until;
}

static void
mark(struct year *y, int64_t day)
{
	if (day >= y->first && day < y->until)
		y->bits[(day - y->first) / 64] |= UINT64_C(1)
						  << ((day - y->first) % 64);
}

static bool
taken_out(const struct holidays *h, int64_t start)
{
	size_t i;

	for (i = 0; i < h->n_not; i++)
		if (h->without[i] == start)
			return true;
	return false;
}

static void
fill(struct holidays *h, struct year *y, int year)
{
	int64_t start;
	size_t i;
	int back, d;

	*y = (struct year){ .year = year,
		.first = time_days(year, 1, 1),
		.until = time_days(year + 1, 1, 1) };
	for (i = 0; i < h->n; i++)
		mark(y, h->days[i]);
	/* What began last year may reach into this one. */
	for (i = 0; i < h->n_yearly; i++)
		for (back = 0; back < 2; back++)
			if (occurs(&h->yearly[i], year - back, &start) &&
			    !taken_out(h, start))
				for (d = 0; d < h->yearly[i].days; d++)
					mark(y, start + d);
}

bool
holidays_has(struct holidays *h, int64_t day)
{
	struct year *y = NULL;
	struct civil c;
	unsigned i;

	if (h->n == 0 && h->n_yearly == 0)
		return false;
	for (i = 0; i < YEARS_KEPT; i++)
		if (day >= h->years[i].first && day < h->years[i].until)
			y = &h->years[i];
	if (y == NULL) {
		time_to_civil(day * TIME_DAY, &c);
		y = &h->years[h->next++ % YEARS_KEPT];
		fill(h, y, c.year);
	}
	return (y->bits[(day - y->first) / 64] >> ((day - y->first) % 64)) & 1;
}

/* --- iCalendar --- */

struct event {
	bool in, cancelled;
	int64_t start, end; /* days; end is exclusive, INT64_MIN: not given */
	int start_line, duration;
	struct str rule;
	int rule_line;
};

struct ics {
	struct holidays *h;
	const char *name;
	struct err *e;
	struct event ev;
	struct arena *arena;
	int line;
	int depth; /* of components inside of the event (VALARM) */
};

static int
refuse(struct ics *p, int line, const char *what, struct str value)
{
	return err_set(p->e, "%s:%d: %s: '%.*s'", p->name, line, what,
	    STR_ARG(str_sub(value, 0, 80)));
}

/* "20261225"; a time behind it is refused by the caller. */
static int
ics_date(struct str s, int64_t *day)
{
	struct civil c = { 0 };
	int64_t year, rest, t;

	if (s.n != 8 || str_to_int(str_sub(s, 0, 4), &year) != 0 ||
	    str_to_int(str_sub(s, 4, 4), &rest) != 0)
		return -1;
	c.year = (int)year;
	c.month = (int)(rest / 100);
	c.day = (int)(rest % 100);
	if (time_from_civil(&c, &t) != 0)
		return -1;
	*day = time_days(c.year, c.month, c.day);
	return 0;
}

/* A list of dates, of which each goes to a set. */
static int
ics_dates(struct ics *p, struct str value, bool out)
{
	struct holidays *h = p->h;
	struct str rest = value, one;
	int64_t day;

	while (rest.p != NULL) {
		one = str_split(&rest, ',');
		/* EXDATE may repeat the time of a whole-day event's start. */
		if (ics_date(str_sub(one, 0, 8), &day) != 0 || full(h))
			return refuse(p, p->line, "no date", one);
		if (out)
			add_day(&h->without, &h->n_not, &h->cap_not, day);
		else
			add_day(&h->days, &h->n, &h->cap, day);
	}
	return 0;
}

/* "4TH", "-1MO": which one of a month. */
static int
by_day(struct str s, struct yearly *y)
{
	static const char days[] = "MOTUWETHFRSASU";
	int64_t nth;
	int i;

	if (s.n < 3 || str_to_int(str_sub(s, 0, s.n - 2), &nth) != 0)
		return -1;
	for (i = 0; i < 7; i++)
		if (memcmp(days + (size_t)i * 2, s.p + s.n - 2, 2) == 0)
			break;
	if (i == 7 || nth == 0 || nth > 5 || nth < -5)
		return -1;
	y->nth = (int)nth;
	y->weekday = i;
	y->day = ANY_DAY;
	return 0;
}

static int
rule_part(struct yearly *y, struct str name, struct str v)
{
	int64_t n;

	if (str_is(name, "FREQ"))
		return str_is(v, "YEARLY") ? 0 : -1;
	if (str_is(name, "WKST"))
		return 0;
	if (str_is(name, "UNTIL"))
		return ics_date(str_sub(v, 0, 8), &y->until);
	if (str_is(name, "BYDAY"))
		return by_day(v, y);
	if (str_to_int(v, &n) != 0)
		return -1;
	if (str_is(name, "INTERVAL") && n >= 1 && n <= 1000)
		y->interval = (int)n;
	else if (str_is(name, "COUNT") && n >= 1 && n <= 10000)
		y->last = y->first + (int)n - 1; /* times interval, below */
	else if (str_is(name, "BYMONTH") && n >= 1 && n <= 12)
		y->month = (int)n;
	else if (str_is(name, "BYMONTHDAY") && n != 0 && n >= -31 && n <= 31)
		y->day = (int)n;
	else
		return -1;
	return 0;
}

static int
recurring(struct ics *p, int days)
{
	struct event *ev = &p->ev;
	struct str rest = ev->rule, part;
	struct civil c;
	struct yearly y = { .until = INT64_MAX,
		.interval = 1,
		.last = 9999,
		.days = days,
		.from = ev->start };
	ptrdiff_t eq;

	time_to_civil(ev->start * TIME_DAY, &c);
	y.month = c.month;
	y.day = c.day;
	y.first = c.year;
	while (rest.p != NULL) {
		part = str_split(&rest, ';');
		eq = str_chr(part, '=');
		if (eq < 0 || rule_part(&y, str_sub(part, 0, (size_t)eq),
				  str_sub(part, (size_t)eq + 1, part.n)) != 0)
			return refuse(p, ev->rule_line,
			    "a recurrence that is not a simple yearly one",
			    ev->rule);
	}
	if (y.last != 9999)
		y.last = y.first + (y.last - y.first) * y.interval;
	add_yearly(p->h, &y);
	return 0;
}

static int
event_end(struct ics *p)
{
	struct event *ev = &p->ev;
	int64_t days, d;

	ev->in = false;
	if (ev->cancelled)
		return 0;
	if (ev->start == INT64_MIN)
		return refuse(p, p->line, "an event without DTSTART", STR(""));
	days = ev->duration > 0       ? ev->duration
	       : ev->end != INT64_MIN ? ev->end - ev->start
				      : 1;
	if (days < 1)
		days = 1;
	if (days > EVENT_DAYS)
		return refuse(p, ev->start_line,
		    "an event of more than 366 days", STR(""));
	if (p->h->n + (size_t)days > CALENDAR_HOLIDAYS || full(p->h))
		return refuse(p, p->line, "too many holidays", STR(""));
	if (ev->rule.p != NULL)
		return recurring(p, (int)days);
	for (d = 0; d < days; d++)
		add_day(&p->h->days, &p->h->n, &p->h->cap, ev->start + d);
	return 0;
}

/* "P3D" or "P1W"; nothing finer holds for whole days. */
static int
ics_duration(struct str v, int *days)
{
	int64_t n;

	if (v.n < 3 || v.p[0] != 'P' ||
	    str_to_int(str_sub(v, 1, v.n - 2), &n) != 0 || n < 1 ||
	    n > EVENT_DAYS)
		return -1;
	if (v.p[v.n - 1] != 'D' && v.p[v.n - 1] != 'W')
		return -1;
	*days = (int)n * (v.p[v.n - 1] == 'W' ? 7 : 1);
	return 0;
}

static int
property(struct ics *p, struct str name, struct str value)
{
	struct event *ev = &p->ev;

	if (str_eq_nocase(name, STR("DTSTART"))) {
		ev->start_line = p->line;
		if (ics_date(value, &ev->start) != 0)
			return refuse(
			    p, p->line, "a holiday must be a whole day", value);
	} else if (str_eq_nocase(name, STR("DTEND"))) {
		if (ics_date(value, &ev->end) != 0)
			return refuse(
			    p, p->line, "a holiday must be a whole day", value);
	} else if (str_eq_nocase(name, STR("DURATION"))) {
		if (ics_duration(value, &ev->duration) != 0)
			return refuse(p, p->line, "no days", value);
	} else if (str_eq_nocase(name, STR("RRULE"))) {
		ev->rule = arena_dup(p->arena, value);
		ev->rule_line = p->line;
	} else if (str_eq_nocase(name, STR("STATUS"))) {
		ev->cancelled = str_eq_nocase(value, STR("CANCELLED"));
	} else if (str_eq_nocase(name, STR("EXDATE"))) {
		return ics_dates(p, value, true);
	} else if (str_eq_nocase(name, STR("RDATE"))) {
		return ics_dates(p, value, false);
	}
	return 0;
}

/* One unfolded line: NAME;PARAM=VALUE:value. */
static int
content_line(struct ics *p, struct str line)
{
	ptrdiff_t colon = str_chr(line, ':');
	struct str name, value;

	if (line.n == 0)
		return 0;
	if (colon < 0)
		return refuse(p, p->line, "not iCalendar", line);
	name = str_sub(line, 0, (size_t)colon);
	value = str_trim_right(str_sub(line, (size_t)colon + 1, line.n));
	name = str_split(&name, ';');
	if (str_eq_nocase(name, STR("BEGIN"))) {
		if (p->ev.in)
			p->depth++;
		else if (str_eq_nocase(value, STR("VEVENT")))
			p->ev = (struct event){
				.in = true, .start = INT64_MIN, .end = INT64_MIN
			};
		return 0;
	}
	if (str_eq_nocase(name, STR("END"))) {
		if (p->depth > 0)
			p->depth--;
		else if (p->ev.in)
			return event_end(p);
		return 0;
	}
	return p->ev.in && p->depth == 0 ? property(p, name, value) : 0;
}

static int
read_lines(struct ics *p, struct str text)
{
	struct content lines;
	struct str line;
	int rc = 0;

	content_init(&lines, text, p->arena, ICS_LINE);
	while (rc == 0 && content_next(&lines, &line)) {
		if (line.n == 0)
			continue;
		p->line = lines.at;
		rc = lines.over || line.n > ICS_LINE
			 ? refuse(p, p->line, "a line too long", line)
			 : content_line(p, line);
	}
	return rc;
}

int
holidays_parse_ics(
    struct holidays *h, const char *name, struct str text, struct err *e)
{
	struct arena arena = { 0 };
	struct ics p = { .h = h, .name = name, .e = e, .arena = &arena };
	int rc;

	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.n);
	if (!str_starts_nocase(text, STR("BEGIN:VCALENDAR")))
		return err_set(e, "%s:1: not an iCalendar file", name);
	rc = read_lines(&p, text);
	if (rc == 0 && p.ev.in)
		rc = refuse(
		    &p, p.line, "the file ends inside of an event", STR(""));
	arena_release(&arena);
	return rc;
}

int
holidays_read_ics(struct holidays *h, const char *path, struct err *e)
{
	struct buf text;
	int rc;

	buf_init(&text, ICS_MAX);
	rc = file_read(path, &text, e);
	if (rc == 0)
		rc = holidays_parse_ics(h, path, buf_str(&text), e);
	buf_release(&text);
	return rc;
}
