#include <stdlib.h>
#include <time.h>

#include "core/time.h"
#include "hours/tzfile.h"
#include "hours/zone.h"

#include "tap.h"

static void
rule(const char *text, const char *at, int want, const char *why)
{
	struct tzrule r;
	int64_t t = 0, from, until;

	time_parse(str_of(at), &t);
	if (tzrule_parse(str_of(text), &r) < 0) {
		ok(false, why);
		return;
	}
	is_int(tzrule_offset(&r, t, &from, &until), want, why);
	ok(from <= t && t < until, why);
}

static void
no_rule(const char *text)
{
	struct tzrule r;

	is_int(tzrule_parse(str_of(text), &r), -1, text);
}

static void
rules(void)
{
	const char *berlin = "CET-1CEST,M3.5.0,M10.5.0/3";

	rule("UTC0", "2030-01-01", 0, "UTC");
	rule("<+0530>-5:30", "2030-01-01", 19800, "a quoted name");
	rule(berlin, "2040-03-25T00:59:59Z", 3600, "before summer");
	rule(berlin, "2040-03-25T01:00:00Z", 7200, "summer");
	rule(berlin, "2040-10-28T01:00:00Z", 3600, "winter again");
	rule("NZST-12NZDT,M9.5.0,M4.1.0/3", "2041-01-01T00:00:00Z", 46800,
	    "summer over the turn of the year");
	rule("NZST-12NZDT,M9.5.0,M4.1.0/3", "2041-06-01T00:00:00Z", 43200,
	    "and winter in June");
	/* Greenland: the change stands before its day's midnight. */
	rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T00:59:59Z", -7200,
	    "hours below nothing");
	rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2030-03-31T01:00:00Z", -3600,
	    "and behind them");
	/* Gaza's changes stand days behind the day that they count from. */
	rule("EET-2EEST,M3.4.4/50,M10.4.4/50", "2030-03-30T00:00:00Z", 10800,
	    "hours above a day");
	rule("XXX3EDT4,0/0,J365/23", "2030-06-01T00:00:00Z", -14400,
	    "summer for ever");
	rule("XXX3EDT4,0/0,J365/23", "2030-12-31T23:59:59Z", -14400,
	    "also at its seam");
}

static void
broken(void)
{
	no_rule("");
	no_rule("CET");
	no_rule("CE-1");
	no_rule("CET-1CEST");
	no_rule("CET-1CEST,M3.5.0");
	no_rule("CET-1CEST,M13.5.0,M10.5.0");
	no_rule("CET-1CEST,M3.6.0,M10.5.0");
	no_rule("CET-1CEST,M3.5.7,M10.5.0");
	no_rule("CET-1CEST,J0,M10.5.0");
	no_rule("CET-1CEST,M3.5.0,M10.5.0/168");
	no_rule("CET-1CEST,M3.5.0,M10.5.0 ");
	no_rule("<+03-3");
	no_rule("CET-99999999999999999999");
}

static void
names(void)
{
	static const char *const bad[] = { "", "/etc/passwd", "../passwd",
		"Europe", "Europe/Berlin/", "Mars/Olympus", "zone.tab",
		"right/Europe/Berlin", "europe berlin", NULL };
	struct tzfile z;
	struct err e;

	for (size_t i = 0; bad[i] != NULL; i++)
		is_int(tzfile_read(bad[i], &z, &e), -1, bad[i]);
}

static void
of_region(void)
{
	const char *v[8];
	struct arena a = { 0 };

	is_int((int)tzfile_of_region("DE", v, 8, &a), 2, "Germany");
	is_str(str_of(v[0]), "Europe/Berlin", "its first");
	ok(tzfile_of_region("US", v, 8, &a) > 8, "more than there is room for");
	is_int((int)tzfile_of_region("ZZ", v, 8, &a), 0, "no such region");
	arena_release(&a);
}

/* Since ICU's table of 2022. */
static void
changed_since(void)
{
	static const struct {
		const char *zone, *at;
		int offset;
	} v[] = {
		{ "America/Mexico_City", "2025-07-15T12:00:00Z", -21600 },
		{ "Africa/Cairo", "2025-07-15T12:00:00Z", 10800 },
		{ "Asia/Almaty", "2025-01-15T12:00:00Z", 18000 },
		{ "America/Asuncion", "2025-07-15T12:00:00Z", -10800 },
		{ "America/Nuuk", "2025-01-15T12:00:00Z", -7200 },
		{ "America/Ciudad_Juarez", "2025-01-15T12:00:00Z", -25200 },
		{ "America/Coyhaique", "2025-07-15T12:00:00Z", -10800 },
	};
	struct err e;

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		struct zone *z = zone_open(v[i].zone, &e);
		struct civil c;
		int64_t t = 0;
		int offset = 0;

		time_parse(str_of(v[i].at), &t);
		if (z != NULL)
			zone_civil(z, t, &c, &offset);
		is_int(offset, v[i].offset, v[i].zone);
		zone_free(z);
	}
}

/* The C library reads the same files by its own code. */
static size_t
differs(const char *name, struct zone *z)
{
	size_t bad = 0;

	setenv("TZ", name, 1);
	tzset();
	for (int64_t day = -36500; day < 33000; day += 37) {
		time_t t = (time_t)(day * 86400 + day % 1440 * 60);
		struct civil c;
		struct tm tm;
		int offset;

		localtime_r(&t, &tm);
		zone_civil(z, t * TIME_SECOND, &c, &offset);
		bad += offset != tm.tm_gmtoff || c.minute != tm.tm_min;
	}
	if (bad > 0)
		printf("# %s: %zu instants\n", name, bad);
	return bad;
}

static void
as_libc(void)
{
	static const char *const regions[] = { "US", "BR", "RU", "AU", "MX",
		"KZ", "GL", "PY", "EG", "MA", "PS", "IR", "IE", "CL", "AQ",
		"FJ", "WS", "KP", "TR", "DE", "NZ", "LR" };
	const char *v[64];
	struct arena a = { 0 };
	struct err e;
	size_t bad = 0;

	for (size_t i = 0; i < sizeof(regions) / sizeof(*regions); i++) {
		size_t n = tzfile_of_region(regions[i], v, 64, &a);

		for (size_t k = 0; k < n; k++) {
			struct zone *z = zone_open(v[k], &e);

			bad += z == NULL ? 1 : differs(v[k], z);
			zone_free(z);
		}
	}
	is_int((int)bad, 0, "offsets are those of the C library");
	arena_release(&a);
}

int
main(void)
{
	rules();
	broken();
	names();
	of_region();
	changed_since();
	as_libc();
	return done();
}
