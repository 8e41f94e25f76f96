#include "reply/quiet.h"

#include "hours/zone.h"
#include "text/phone.h"

enum { STEPS = 2 * 24 * 4 }; /* quarters of an hour that are looked ahead */

struct clocks {
	struct zone *v[QUIET_ZONES];
	size_t n;
};

static void
add(struct clocks *c, const char *name)
{
	struct err e;
	struct zone *z = zone_open(name, &e);

	if (z != NULL)
		c->v[c->n++] = z;
}

static void
open_clocks(struct clocks *c, struct str zone, struct str tel)
{
	const char *names[QUIET_ZONES];
	char region[PHONE_REGION];
	struct arena a = { 0 };
	size_t n = 0;

	if (zone.n > 0)
		add(c, arena_cstr(&a, zone));
	if (c->n == 0 && phone_is_e164(tel))
		n = zone_of_region(
		    phone_region(tel, region), names, QUIET_ZONES, &a);
	/* Of too many it cannot be said. */
	for (size_t i = 0; n <= QUIET_ZONES && i < n; i++)
		add(c, names[i]);
	arena_release(&a);
}

static bool
all_awake(struct clocks *c, int64_t t, struct civil *asleep)
{
	for (size_t i = 0; i < c->n; i++) {
		zone_civil(c->v[i], t, asleep, NULL);
		if (asleep->hour < QUIET_TO || asleep->hour >= QUIET_FROM)
			return false;
	}
	return true;
}

bool
quiet_allows(struct str zone, struct str tel, int64_t now, struct buf *reason,
    int64_t *until)
{
	struct clocks c = { .n = 0 };
	struct civil at, any;
	int64_t quarter = 15 * TIME_MINUTE, t = now - now % quarter;
	bool awake;

	*until = TIME_NONE;
	open_clocks(&c, zone, tel);
	awake = c.n > 0 && all_awake(&c, now, &at);
	if (c.n == 0)
		buf_add_z(reason,
		    "quiet hours: the recipient's zone is not known "
		    "(context.zone gives it)");
	else if (!awake)
		buf_printf(reason,
		    "quiet hours: it is %02d:%02d at the recipient; %d:00 to "
		    "%d:00 is allowed",
		    at.hour, at.minute, QUIET_TO, QUIET_FROM);
	for (int i = 0; c.n > 0 && !awake && i < STEPS; i++) {
		t += quarter;
		if (*until == TIME_NONE && all_awake(&c, t, &any))
			*until = t;
	}
	for (size_t i = 0; i < c.n; i++)
		zone_free(c.v[i]);
	return awake;
}
