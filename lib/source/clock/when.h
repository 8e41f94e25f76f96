#ifndef KITH_SOURCE_CLOCK_WHEN_H
#define KITH_SOURCE_CLOCK_WHEN_H
/*
 * Times as tables and web exports write them.
 */
#include "source/clock/localtime.h"

/*
 * RFC 3339; "2024-06-03 10:00:00 -0500" and "... UTC" likewise; without an
 * offset in the workspace's zone; "2024/06/03" and "3.6.2024" like
 * "2024-06-03"; a plain date means its midnight in UTC.  0, or -1 where it is
 * none of them.
 */
int when_parse(struct local_clock *l, struct str s, int64_t *out);

#endif
