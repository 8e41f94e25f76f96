#ifndef KITH_REPLY_OTHERS_H
#define KITH_REPLY_OTHERS_H
/*
 * Who else stood in To and Cc of a mail, and so reads the answer to it: by mail
 * as its Cc.  Not ourselves, not the recipient, nor an address that a list or
 * a machine reads.
 */
#include "core/vec.h"
#include "reply/draft.h"
#include "workspace/workspace.h"

struct others VEC(struct party);

/* to: whom the answer goes to.  All lives in the request's arena.  They may be
 * more than the DRAFT_CC of a draft. */
void others_of(struct record *request, const struct workspace *c,
    const struct party *to, struct others *out);

#endif
