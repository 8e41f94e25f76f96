/*
 * Only offsets come from ICU; dates are counted by core/time.h, so that no
 * Julian calendar enters.  Offsets hold between two transitions: the last few
 * such spans are kept, and a record costs no call to ICU as a rule.
 */
#include "hours/zone.h"

#include <math.h>
#include <stdlib.h>
#include <unicode/ucal.h>

#include "core/alloc.h"

enum { SPANS = 4, NAME_MAX_UNITS = 64 };

struct span {
	int64_t from, until; /* from <= t < until */
	int offset; /* seconds */
};

struct zone {
	char *name;
	UCalendar *cal;
	struct span spans[SPANS];
	unsigned next;
};

/* 16-bit units of an IANA name, which is ASCII; -1 where it cannot be one. */
static int
widen(const char *name, UChar *out)
{
	size_t i, n = strlen(name);

	if (n == 0 || n > NAME_MAX_UNITS)
		return -1;
	for (i = 0; i < n; i++) {
		if ((unsigned char)name[i] >= 0x80)
			return -1;
		out[i] = (UChar)name[i];
	}
	return (int)n;
}

struct zone *
zone_open(const char *name, struct err *e)
{
	UChar wide[NAME_MAX_UNITS], canonical[NAME_MAX_UNITS * 2];
	UErrorCode status = U_ZERO_ERROR;
	UBool system = 0;
	struct zone *z;
	UCalendar *cal;
	int n = widen(name, wide);

	if (n > 0)
		ucal_getCanonicalTimeZoneID(
		    wide, n, canonical, NAME_MAX_UNITS * 2, &system, &status);
	if (n < 0 || U_FAILURE(status) || !system) {
		err_set(e,
		    "no time zone is called '%s'; give an IANA name "
		    "such as Europe/Berlin",
		    name);
		return NULL;
	}
	cal = ucal_open(wide, n, "en_US_POSIX", UCAL_GREGORIAN, &status);
	if (U_FAILURE(status)) {
		err_set(e, "time zone '%s' cannot be opened: %s", name,
		    u_errorName(status));
		return NULL;
	}
	z = xcalloc(1, sizeof(*z));
	z->name = xstrdup(name);
	z->cal = cal;
	return z;
}

void
zone_free(struct zone *z)
{
	if (z == NULL)
		return;
	ucal_close(z->cal);
	free(z->name);
	free(z);
}

const char *
zone_name(const struct zone *z)
{
	return z->name;
}

/* The instant of a transition near the calendar's time, or `none`. */
static int64_t
transition(struct zone *z, UTimeZoneTransitionType type, int64_t none)
{
	UErrorCode status = U_ZERO_ERROR;
	UDate at = 0;

	if (!ucal_getTimeZoneTransitionDate(z->cal, type, &at, &status) ||
	    U_FAILURE(status) || fabs(at) > 1e15)
		return none;
	return (int64_t)at * 1000;
}

static const struct span *
span_load(struct zone *z, int64_t t)
{
	UErrorCode status = U_ZERO_ERROR;
	struct span *s = &z->spans[z->next++ % SPANS];
	double ms = floor((double)t / 1000);
	int offset;

	ucal_setMillis(z->cal, ms, &status);
	offset = ucal_get(z->cal, UCAL_ZONE_OFFSET, &status) +
		 ucal_get(z->cal, UCAL_DST_OFFSET, &status);
	s->offset = U_FAILURE(status) ? 0 : offset / 1000;
	s->from =
	    transition(z, UCAL_TZ_TRANSITION_PREVIOUS_INCLUSIVE, INT64_MIN);
	s->until = transition(z, UCAL_TZ_TRANSITION_NEXT, INT64_MAX);
	/* Never trust a span that does not hold what was asked. */
	if (t < s->from || t >= s->until) {
		s->from = t;
		s->until = t + 1;
	}
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
	UErrorCode status = U_ZERO_ERROR;
	UEnumeration *it = ucal_openTimeZoneIDEnumeration(
	    UCAL_ZONE_TYPE_CANONICAL_LOCATION, region, NULL, &status);
	const char *name;
	int32_t length;
	size_t n = 0;

	if (U_FAILURE(status))
		return 0;
	while ((name = uenum_next(it, &length, &status)) != NULL &&
	       U_SUCCESS(status)) {
		if (n < max)
			names[n] =
			    arena_cstr(a, str_make(name, (size_t)length));
		n++;
	}
	uenum_close(it);
	return n;
}
