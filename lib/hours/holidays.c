#include "hours/holidays.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "core/arena.h"
#include "core/vec.h"
#include "hours/calendar.h"

enum { YEARS_KEPT = 4 };

/* An event that comes again and again. */
struct again {
	struct recur rule;
	int days;
	size_t without, n; /* starts that EXDATE takes out, in h->without */
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
	int64_t *without;
	size_t n_not, cap_not;
	struct again *again;
	size_t n_again, cap_again;
	struct arena arena; /* of the warnings */
	char **warnings;
	size_t n_warn, cap_warn;
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
	free(h->again);
	free(h->warnings);
	arena_release(&h->arena);
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
	return h->n + h->n_not + h->n_again >= CALENDAR_HOLIDAYS;
}

static void
add_again(struct holidays *h, const struct again *a)
{
	vec_hold(h->again, h->n_again, h->cap_again, 1);
	h->again[h->n_again++] = *a;
}

int
holidays_add_days(struct holidays *h, int64_t first, int days)
{
	if (full(h) || h->n + (size_t)days > CALENDAR_HOLIDAYS)
		return -1;
	for (int d = 0; d < days; d++)
		add_day(&h->days, &h->n, &h->cap, first + d);
	return 0;
}

int
holidays_add_recur(struct holidays *h, const struct recur *r, int days,
    const int64_t *without, size_t n)
{
	struct again a = {
		.rule = *r, .days = days, .without = h->n_not, .n = n
	};

	if (full(h) || n >= CALENDAR_HOLIDAYS - h->n_not)
		return -1;
	for (size_t i = 0; i < n; i++)
		add_day(&h->without, &h->n_not, &h->cap_not, without[i]);
	add_again(h, &a);
	return 0;
}

void
holidays_warn(struct holidays *h, struct str text)
{
	if (h->n_warn == HOLIDAYS_WARNINGS)
		return;
	vec_hold(h->warnings, h->n_warn, h->cap_warn, 1);
	h->warnings[h->n_warn++] = arena_cstr(&h->arena, text);
}

const char *
holidays_warning(const struct holidays *h, size_t i)
{
	return i < h->n_warn ? h->warnings[i] : NULL;
}

int
holidays_add(struct holidays *h, struct str s)
{
	struct again y = { .days = 1 };
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
	if (recur_yearly(&y.rule, (int)month, (int)day) != 0)
		return -1;
	add_again(h, &y);
	return 0;
}

static void
mark(struct year *y, int64_t day)
{
	if (day >= y->first && day < y->until)
		y->bits[(day - y->first) / 64] |= UINT64_C(1)
						  << ((day - y->first) % 64);
}

static bool
taken_out(const struct holidays *h, const struct again *a, int64_t start)
{
	for (size_t i = 0; i < a->n; i++)
		if (h->without[a->without + i] == start)
			return true;
	return false;
}

static void
fill(struct holidays *h, struct year *y, int year)
{
	struct recur_walk w;
	int64_t start;

	*y = (struct year){ .year = year,
		.first = time_days(year, 1, 1),
		.until = time_days(year + 1, 1, 1) };
	for (size_t i = 0; i < h->n; i++)
		mark(y, h->days[i]);
	for (size_t i = 0; i < h->n_again; i++) {
		const struct again *a = &h->again[i];

		/* What began before may reach into this year. */
		recur_begin(&w, &a->rule, y->first - a->days + 1, y->until);
		while (recur_next(&w, &start))
			if (!taken_out(h, a, start))
				for (int d = 0; d < a->days; d++)
					mark(y, start + d);
	}
}

bool
holidays_has(struct holidays *h, int64_t day)
{
	struct year *y = NULL;
	struct civil c;
	unsigned i;

	if (h->n == 0 && h->n_again == 0)
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
