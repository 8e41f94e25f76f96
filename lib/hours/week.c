#include "hours/week.h"

#include "core/text/ascii.h"

static const char *const day_names[] = { "mon", "tue", "wed", "thu", "fri",
	"sat", "sun" };

/* "mon" or "monday", any case; -1. */
static int
day_of(struct str s)
{
	static const char *const full[] = { "monday", "tuesday", "wednesday",
		"thursday", "friday", "saturday", "sunday" };
	int i;

	for (i = 0; i < 7; i++)
		if (str_eq_nocase(s, str_of(day_names[i])) ||
		    str_eq_nocase(s, str_of(full[i])))
			return i;
	return -1;
}

/* "mon-thu,sat" as a set of bits; 0 where it is none. */
static unsigned
days_of(struct str s)
{
	struct str part, first;
	unsigned set = 0;
	int a, b;

	while (s.p != NULL) {
		part = str_split(&s, ',');
		first = str_trim(str_split(&part, '-'));
		a = b = day_of(first);
		if (part.p != NULL)
			b = day_of(str_trim(part));
		if (a < 0 || b < 0)
			return 0;
		for (set |= 1U << a; a != b; set |= 1U << a)
			a = (a + 1) % 7;
	}
	return set;
}

/* "09:00" in minutes, up to "24:00"; -1. */
static int
minutes_of(struct str s)
{
	int64_t h, m;
	ptrdiff_t colon = str_chr(s, ':');

	if (colon < 1 || colon > 2 || s.n != (size_t)colon + 3 ||
	    !ascii_is_digit(s.p[0]) || !ascii_is_digit(s.p[colon + 1]))
		return -1;
	if (str_to_int(str_sub(s, 0, (size_t)colon), &h) != 0 ||
	    str_to_int(str_sub(s, (size_t)colon + 1, 2), &m) != 0)
		return -1;
	if (h > 24 || m > 59 || (h == 24 && m > 0))
		return -1;
	return (int)(h * 60 + m);
}

/* NULL, or what is wrong with it and the mend. */
static const char *
hours_of(struct str s, struct hours *out)
{
	struct str whole = s, from = str_split(&s, '-');

	if (str_eq_nocase(whole, STR("closed")))
		return "is no interval; leave the days out that are closed";
	if (s.p == NULL)
		return "is no interval; write \"09:00-12:30 13:15-17:30\"";
	out->from = minutes_of(from);
	out->to = minutes_of(s);
	if (out->from < 0 || out->to < 0 || out->from == 24 * 60)
		return "is no interval; write \"09:00-12:30 13:15-17:30\"";
	if (out->from == out->to)
		return "is empty; a whole day is \"00:00-24:00\"";
	if (out->to < out->from)
		out->to += 24 * 60;
	return NULL;
}

/* Adds the intervals of "09:00-12:30 13:15-17:30": NULL, or what is wrong with
 * a piece of it. */
static const char *
spans_of(struct str s, struct hours *out, size_t *n, struct str *wrong)
{
	const char *why;
	struct str part;

	while (s.p != NULL) {
		part = str_trim(str_split(&s, ' '));
		if (part.n > 0 && part.p[part.n - 1] == ',')
			part.n--;
		if (part.n == 0)
			continue;
		*wrong = part;
		if (*n == CALENDAR_SPANS)
			return "is one interval too many for a day";
		why = hours_of(part, &out[*n]);
		if (why != NULL)
			return why;
		if (*n > 0 && out[*n].from < out[*n - 1].to)
			return "begins before the interval before it ends";
		++*n;
	}
	return NULL;
}

int
hours_read(const struct yaml *y, const struct yaml_node *value,
    struct hours *out, size_t *n, struct err *e)
{
	bool list = yaml_kind(value) == YAML_LIST;
	size_t count = list ? yaml_count(value) : 1;

	*n = 0;
	for (size_t i = 0; i < count; i++) {
		const struct yaml_node *at = list ? yaml_at(value, i) : value;
		struct str wrong = STR_NONE;
		const char *why;

		if (yaml_kind(at) != YAML_SCALAR)
			return yaml_fail(
			    e, y, at, "hours are text such as \"09:00-17:30\"");
		why = spans_of(yaml_text(at), out, n, &wrong);
		if (why != NULL)
			return yaml_fail(
			    e, y, at, "'%.*s' %s", STR_ARG(wrong), why);
	}
	return 0;
}

struct reader {
	struct week *w;
	const struct yaml *y;
	struct err *e;
};

static int
read_day(struct reader *r, const struct yaml_node *key,
    const struct yaml_node *value, unsigned *seen)
{
	struct hours spans[CALENDAR_SPANS];
	unsigned set = days_of(yaml_text(key));
	size_t n;
	int d;

	if (set == 0)
		return yaml_fail(r->e, r->y, key,
		    "'%.*s' is no day; write mon, mon-fri or sat,sun",
		    STR_ARG(yaml_text(key)));
	if ((set & *seen) != 0)
		return yaml_fail(r->e, r->y, key,
		    "'%.*s' names a day that has its hours already",
		    STR_ARG(yaml_text(key)));
	*seen |= set;
	if (hours_read(r->y, value, spans, &n, r->e) != 0)
		return -1;
	/* In {sat,sun: "10:00-14:00"} YAML takes sat for a key by itself. */
	if (n == 0)
		return yaml_fail(r->e, r->y, key,
		    "'%.*s' has no hours; leave the days out that are closed, "
		    "and within braces put \"sat,sun\" in quotes",
		    STR_ARG(yaml_text(key)));
	for (d = 0; d < 7; d++)
		if ((set >> d) & 1) {
			memcpy(r->w->v[d], spans, n * sizeof(*spans));
			r->w->n[d] = n;
		}
	return 0;
}

int
week_read(struct week *w, const struct yaml *y, const struct yaml_node *n,
    const char *name, struct err *e)
{
	struct reader r = { w, y, e };
	unsigned seen = 0;
	size_t total = 0;

	*w = (struct week){ 0 };
	for (size_t i = 0; i < yaml_count(n); i++)
		if (read_day(&r, yaml_key(n, i), yaml_at(n, i), &seen) != 0)
			return -1;
	for (size_t i = 0; i < 7; i++)
		total += w->n[i];
	return total > 0 ? 0
			 : yaml_fail(e, y, n, "calendar %s never opens", name);
}
