#ifndef KITH_SOURCE_MAIL_TIMES_H
#define KITH_SOURCE_MAIL_TIMES_H
/*
 * When a mail was written and when it came.  The Date is the writer's clock's,
 * Received the server's; without Received the line of the mbox, the server that
 * kept it or the name of the Maildir's file tells when the mail was put there.
 *
 * A Date that has not come yet is a wrong clock, or a forger's way to stand
 * behind all others: then the mail came when somebody else says so.  With
 * nobody who does, the Date is all there is.
 */
#include "core/str.h"

struct mail_times {
	int64_t sent, received; /* TIME_NONE where nothing says so */
	int64_t misdated; /* the Date that was not believed, or TIME_NONE */
};

/* What a mail's fields and what keeps it say, each absent where it is not
 * there; file is a path.  now: what is more than a day later has not come. */
struct mail_clues {
	struct str date, received, envelope, file;
	int64_t internal; /* of the server that kept it, or TIME_NONE */
	int64_t now;
};

void mail_times(const struct mail_clues *c, struct mail_times *out);

#endif
