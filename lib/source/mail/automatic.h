#ifndef KITH_SOURCE_MAIL_AUTOMATIC_H
#define KITH_SOURCE_MAIL_AUTOMATIC_H
/*
 * Mail that nobody wrote to us (answers of machines, bounces, mailing lists),
 * and mail that no machine may answer: two questions.  Told by header fields
 * alone (RFC 3834, RFC 2919, RFC 3464 and what programs set in practice), never
 * by the words of a subject, which are in any language.
 */
#include "workspace/workspace.h"

enum {
	AUTOMATIC_ANSWER = 1, /* a machine wrote it */
	AUTOMATIC_BOUNCE = 2, /* a report that something was not delivered */
	AUTOMATIC_LIST = 4, /* it came through a mailing list, ours or not */
	AUTOMATIC_NOREPLY = 8, /* no machine may answer it */
	/* Who gets it may unsubscribe (RFC 2369), in one click (RFC 8058): that
	 * has been sent to many, if by no list. */
	AUTOMATIC_UNSUBSCRIBE = 16,
	AUTOMATIC_ONE_CLICK = 32,
	AUTOMATIC_POSTMASTER = 64, /* from who looks after a mail server */
	AUTOMATIC_NO_PATH = 128, /* nobody wants to hear what becomes of it */
	AUTOMATIC_REPORT = 256, /* of a type that says of what kind it is */
};

/*
 * What one header field says, to be or-ed over all fields.  value is unfolded
 * or not; From is judged by its address, so give "From" with the bare address.
 */
unsigned automatic_field(struct str name, struct str value);
/* What all of them say together: a postmaster's machine tells that something
 * was not delivered, also where its report is words alone. */
unsigned automatic_all(unsigned says);
/* Does a field that says AUTOMATIC_LIST name a list of ours? */
bool automatic_our_list(
    const struct workspace *c, struct str name, struct str value);

#endif
