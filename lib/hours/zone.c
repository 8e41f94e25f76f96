/*
 * Offsets hold between two transitions: the last few such spans are kept, and
 * a record costs no search as a rule.
 */
#include "hours/zone.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "hours/tzfile.h"

enum { SPANS = 4 };

struct span {
	int64_t from, until; /* from <= t < until */
	int offset; /* seconds */
};

struct zone {
	char *name;
	struct tzfile file;
	struct span spans[SPANS];
	unsigned next;
};

struct zone *
zone_open(const char *name, struct err *e)
{
	struct tzfile file;
	struct zone *z;

	if (tzfile_read(name, &file, e) < 0)
		return NULL;
	z = xcalloc(1, sizeof(*z));
	z->name = xstrdup(name);
	z->file = file;
	return z;
}

void
zone_free(struct zone *z)
{
	if (z == NULL)
		return;
	tzfile_release(&z->file);
	free(z->name);
	free(z);
}

const char *
zone_name(const struct zone *z)
{
	return z->name;
}

/* How many transitions are at or before t. */
static size_t
passed(const struct tzfile *f, int64_t t)
{
	size_t low = 0, high = f->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (f->at[mid] <= t)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct span *
span_load(struct zone *z, int64_t t)
{
	const struct tzfile *f = &z->file;
	struct span *s = &z->spans[z->next++ % SPANS];
	size_t i = passed(f, t);
	int64_t last = f->n == 0 ? INT64_MIN : f->at[f->n - 1];

	if (i == f->n && f->has_rule) {
		s->offset = tzrule_offset(&f->rule, t, &s->from, &s->until);
		if (s->from < last)
			s->from = last;
		return s;
	}
	s->offset = i == 0 ? f->first : f->offset[i - 1];
	s->from = i == 0 ? INT64_MIN : f->at[i - 1];
	s->until = i == f->n ? INT64_MAX : f->at[i];
	return s;
}

static int
offset_at(struct zone *z, int64_t t)
{
	int i;

	for (i = 0; i < SPANS; i++)
		if (t >= z->spans[i].from && t < z->spans[i].until)
			return z->spans[i].offset;
	return span_load(z, t)->offset;
}

void
zone_civil(struct zone *z, int64_t t, struct civil *out, int *offset)
{
	int east = offset_at(z, t);

	time_to_civil(t + east * TIME_SECOND, out);
	if (offset != NULL)
		*offset = east;
}

/* The civil time as if it were UTC; months and days carry over. */
static int64_t
naive(const struct civil *c)
{
	int64_t months = (int64_t)c->year * 12 + c->month - 1;
	int year = (int)(months / 12 - (months % 12 < 0));
	int month = (int)(months - (int64_t)year * 12) + 1;
	int64_t days = time_days(year, month, 1) + c->day - 1;

	return days * TIME_DAY + c->hour * TIME_HOUR + c->minute * TIME_MINUTE +
	       c->second * TIME_SECOND + c->usec;
}

int64_t
zone_instant(struct zone *z, const struct civil *c)
{
	int64_t local = naive(c), a, b;
	/* No offset reaches a day: these two lie on either side for sure. */
	int before = offset_at(z, local - TIME_DAY);
	int after = offset_at(z, local + TIME_DAY);

	a = local - before * TIME_SECOND;
	if (before == after)
		return a;
	b = local - after * TIME_SECOND;
	if (offset_at(z, a) == before && (offset_at(z, b) != after || a < b))
		return a;
	if (offset_at(z, b) == after)
		return b;
	return a; /* a gap: the clock before it, carried on */
}

size_t
zone_of_region(
    const char *region, const char **names, size_t max, struct arena *a)
{
	return tzfile_of_region(region, names, max, a);
}
