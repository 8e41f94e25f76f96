#ifndef KITH_MAIL_DATE_H
#define KITH_MAIL_DATE_H
/*
 * Dates as mail writes them: RFC 5322 section 3.3 with its obsolete forms,
 * asctime(3) as in mbox, and what programs make of both.
 */
#include "core/buf.h"
#include "core/time.h"

/*
 * Comments, folding and a missing weekday are allowed, the parts may stand in
 * either order; without a zone it is UTC, as "-0000" says.  0, or -1 where
 * day, month, year or time is missing or there is no such instant.
 */
int mailtime_parse(struct str s, int64_t *out);
/* The same, and a day without a time is that day's midnight in UTC. */
int mailtime_parse_day(struct str s, int64_t *out);
/* The time in a Received field: what stands behind its last semicolon. */
int mailtime_received(struct str field, int64_t *out);
/* How many minutes east of UTC a zone is by its short name, "JST", in any case;
 * false where it is none, or, as CST, of two parts of the world. */
bool mailtime_zone(struct str word, int *minutes);
/* "Thu, 05 Mar 2026 10:00:00 +0000" (RFC 5322, 3.3), appended. */
void mailtime_write(int64_t t, struct buf *out);

#endif
