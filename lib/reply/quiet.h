#ifndef KITH_REPLY_QUIET_H
#define KITH_REPLY_QUIET_H
/*
 * Quiet hours: a solicitation reaches nobody before 8:00 or from 21:00 on by
 * the recipient's own clock.  Where a number's region has several zones, it
 * must be right in all of them; where no zone is known, it never is.
 */
#include "core/buf.h"

enum {
	QUIET_FROM = 21, /* o'clock */
	QUIET_TO = 8,
	QUIET_ZONES = 64, /* of a region, that are looked at */
};

/*
 * zone is an IANA name, or absent; tel E.164, or absent.  True where it is
 * right at now.  Else reason has the sentence, and *until the next instant
 * when it will be, or TIME_NONE.
 */
bool quiet_allows(struct str zone, struct str tel, int64_t now,
    struct buf *reason, int64_t *until);

#endif
