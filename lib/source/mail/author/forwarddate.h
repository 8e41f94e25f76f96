#ifndef KITH_SOURCE_MAIL_AUTHOR_FORWARDDATE_H
#define KITH_SOURCE_MAIL_AUTHOR_FORWARDDATE_H
/*
 * The date over a mail that was passed on, as mail programs write it for
 * people: "Mon, 5 Oct 2026 at 08:12", "Montag, 5. Oktober 2026 08:12",
 * "10/25/2026 8:12 AM", "2026年10月5日 8:12".
 */
#include "core/arena.h"
#include "source/clock/localtime.h"

/*
 * Without a zone it is a clock of the workspace's.  0, or -1 where it cannot be
 * read for sure: of 5/10/2026 nobody knows which is the month.
 */
int forwarddate_parse(struct local_clock *clock, struct str s,
    struct arena *scratch, int64_t *out);

#endif
