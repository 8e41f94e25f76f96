#include "source/clock/localtime.h"

#include "core/diag.h"
#include "hours/zone.h"

static void
open_zone(struct local_clock *l)
{
	struct err e;

	l->open = true;
	if (l->workspace->zone != NULL)
		l->zone = zone_open(l->workspace->zone, &e);
	if (l->zone == NULL)
		diag(DIAG_WARN, NULL,
		    "times without a zone are read as UTC: name the zone they "
		    "were written in by \"zone:\" in the workspace file");
}

int64_t
local_instant(struct local_clock *l, const struct civil *c)
{
	int64_t t;

	if (!l->open)
		open_zone(l);
	if (l->zone != NULL)
		return zone_instant(l->zone, c);
	return time_from_civil(c, &t) < 0 ? TIME_NONE : t;
}

void
local_release(struct local_clock *l)
{
	zone_free(l->zone);
	l->zone = NULL;
	l->open = false;
}
