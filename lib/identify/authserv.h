#ifndef KITH_IDENTIFY_AUTHSERV_H
#define KITH_IDENTIFY_AUTHSERV_H
/*
 * A mail server that left its Authentication-Results in every mail that came
 * in, and is not believed: most times it is the company's own, whose name the
 * workspace's `authserv` does not have, and so no sender of mail is
 * authenticated.
 */
#include "record/record.h"
#include "workspace/workspace.h"

enum {
	AUTHSERV_IDS = 8, /* of the first mail */
	AUTHSERV_BYTES = 256, /* of an id with its NUL; longer ones are none */
};

/* A zeroed one is ready. */
struct authserv {
	bool settled; /* one is believed, or none stands in all mails */
	uint64_t mails, inbound; /* until it was settled; all that came in */
	char ids[AUTHSERV_IDS]
		[AUTHSERV_BYTES]; /* that all had, topmost first */
	size_t n;
	char unsure[AUTHSERV_BYTES]; /* see auth_of_ours; of the first */
};

void
authserv_see(struct authserv *s, struct record *r, const struct workspace *c);
/* What says to be from us came to this server from outside, and is believed. */
void authserv_unsure(struct authserv *s, struct str by);
/* After the last record: a warning, where there is such a server; where no
 * server is named at all, that no sender is verified (with -v), and that mail
 * from us is not. */
void authserv_warn(const struct authserv *s, const struct workspace *c);

#endif
