#include "source/localtime.h"

#include "core/diag.h"
#include "hours/zone.h"

/* The run's zone, opened when the first clock is read. */
static struct {
	struct zone *zone;
	bool open;
} local;

static void
open_zone(struct run *r)
{
	const struct config *c = run_config(r);
	struct err e;

	local.open = true;
	if (c != NULL && c->zone != NULL)
		local.zone = zone_open(c->zone, &e);
	if (local.zone == NULL)
		diag(DIAG_WARN, NULL,
		    "times without a zone are read as UTC: name the zone they "
		    "were written in by \"zone:\" in the workspace file");
}

int64_t
local_instant(struct run *r, const struct civil *c)
{
	int64_t t;

	if (!local.open)
		open_zone(r);
	if (local.zone != NULL)
		return zone_instant(local.zone, c);
	return time_from_civil(c, &t) < 0 ? TIME_NONE : t;
}

void
local_done(void)
{
	zone_free(local.zone);
	local.zone = NULL;
	local.open = false;
}
