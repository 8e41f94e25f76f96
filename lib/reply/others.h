#ifndef KITH_REPLY_OTHERS_H
#define KITH_REPLY_OTHERS_H
/*
 * Who else stood in To and Cc of a mail, and so reads the answer to it: by mail
 * as its Cc.  Not ourselves, not the recipient, nor an address that a list or
 * a machine reads.
 */
#include "reply/draft.h"
#include "workspace/workspace.h"

struct others {
	struct party v[DRAFT_CC];
	size_t n;
};

/* to: whom the answer goes to.  Texts live in the request's arena. */
void others_of(struct record *request, const struct workspace *c,
    const struct party *to, struct others *out);

#endif
