#include "hours/zone.h"

#include "tap.h"

static void
instant(struct zone *z, int y, int mo, int d, int h, int mi, const char *want)
{
	char out[TIME_SIZE];
	struct civil c = {
		.year = y, .month = mo, .day = d, .hour = h, .minute = mi
	};
	int64_t t = zone_instant(z, &c);

	is_str(str_make(out, time_format(t, out)), want, want);
}

static void
wall(struct zone *z, const char *at, int offset, int hour, int minute)
{
	struct civil c;
	int64_t t = 0;
	int east;

	time_parse(str_of(at), &t);
	zone_civil(z, t, &c, &east);
	is_int(east, offset, at);
	is_int(c.hour * 100 + c.minute, hour * 100 + minute, "wall clock");
}

static struct zone *
zone(const char *name)
{
	struct err e;
	struct zone *z = zone_open(name, &e);

	ok(z != NULL, name);
	return z;
}

static void
berlin(void)
{
	struct zone *z = zone("Europe/Berlin");

	wall(z, "2025-01-15T12:00:00Z", 3600, 13, 0);
	wall(z, "2025-07-15T12:00:00Z", 7200, 14, 0);
	wall(z, "2025-03-30T00:59:59Z", 3600, 1, 59);
	wall(z, "2025-03-30T01:00:00Z", 7200, 3, 0);
	wall(z, "2025-10-26T00:59:00Z", 7200, 2, 59);
	wall(z, "2025-10-26T01:00:00Z", 3600, 2, 0);
	instant(z, 2025, 1, 15, 13, 0, "2025-01-15T12:00:00Z");
	instant(z, 2025, 7, 15, 14, 0, "2025-07-15T12:00:00Z");
	/* In the gap: as far behind its start; in the overlap: the first. */
	instant(z, 2025, 3, 30, 2, 30, "2025-03-30T01:30:00Z");
	instant(z, 2025, 3, 30, 2, 0, "2025-03-30T01:00:00Z");
	instant(z, 2025, 3, 30, 3, 0, "2025-03-30T01:00:00Z");
	instant(z, 2025, 10, 26, 2, 30, "2025-10-26T00:30:00Z");
	instant(z, 2025, 10, 26, 3, 0, "2025-10-26T02:00:00Z");
	/* Carried over. */
	instant(z, 2025, 1, 32, 0, 0, "2025-01-31T23:00:00Z");
	instant(z, 2025, 13, 1, 0, 0, "2025-12-31T23:00:00Z");
	instant(z, 2025, 3, 29, 26, 0, "2025-03-30T01:00:00Z");
	zone_free(z);
}

static void
others(void)
{
	struct zone *z = zone("Pacific/Apia");

	/* 2011-12-30 was left out there. */
	instant(z, 2011, 12, 29, 23, 0, "2011-12-30T09:00:00Z");
	instant(z, 2011, 12, 30, 12, 0, "2011-12-30T22:00:00Z");
	instant(z, 2011, 12, 31, 0, 0, "2011-12-30T10:00:00Z");
	zone_free(z);
	z = zone("Australia/Lord_Howe");
	wall(z, "2025-04-05T15:00:00Z", 37800, 1, 30);
	instant(z, 2025, 4, 6, 1, 45, "2025-04-05T14:45:00Z");
	zone_free(z);
	z = zone("Asia/Kolkata");
	wall(z, "2025-04-05T15:00:00Z", 19800, 20, 30);
	zone_free(z);
	z = zone("UTC");
	wall(z, "2025-04-05T15:00:00Z", 0, 15, 0);
	instant(z, 2025, 4, 6, 1, 45, "2025-04-06T01:45:00Z");
	zone_free(z);
}

static void
round_trip(void)
{
	struct zone *z = zone("America/Sao_Paulo");
	struct civil c;
	int64_t t, end;
	bool same = true;

	time_parse(STR("2015-01-01"), &t);
	time_parse(STR("2020-01-01"), &end);
	for (; t < end; t += 59 * TIME_MINUTE) {
		int64_t back;

		zone_civil(z, t, &c, NULL);
		back = zone_instant(z, &c);
		/* Only the second of two may come back an hour early. */
		same = same && (back == t || back == t - TIME_HOUR);
	}
	ok(same, "five years go there and back");
	zone_free(z);
}

static void
unknown(void)
{
	struct err e = { 0 };

	ok(zone_open("Europe/Atlantis", &e) == NULL, "no such zone");
	is_str(str_of(e.msg),
	    "no time zone is called 'Europe/Atlantis'; give an IANA name "
	    "such as Europe/Berlin",
	    "says so");
	ok(zone_open("", &e) == NULL, "no empty zone");
	ok(zone_open("GMT+3", &e) == NULL, "no zone of ICU's own making");
	ok(zone_open("Z\xc3\xbcrich", &e) == NULL, "not ASCII");
	zone_free(NULL);
}

int
main(void)
{
	berlin();
	others();
	round_trip();
	unknown();
	return done();
}
