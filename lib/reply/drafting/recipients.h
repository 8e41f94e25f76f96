#ifndef KITH_REPLY_DRAFTING_RECIPIENTS_H
#define KITH_REPLY_DRAFTING_RECIPIENTS_H
/*
 * Who else stood in To and Cc of a mail, or wrote in its conversation since our
 * last answer, and so reads the answer to it: by mail as its Cc.  Not ourselves,
 * not the recipient, nor an address that a list or a machine reads.
 */
#include "core/vec.h"
#include "reply/draft.h"
#include "workspace/workspace.h"

struct recipients VEC(struct party);

/* Where a mail asks to be answered to: the first of data.replyTo that is not
 * us, nor what carried it.  Lives in the record's arena. */
struct party recipients_reply_to(struct record *r, const struct workspace *c);
/* to: whom the answer goes to; wrote: a list of address objects, or absent, of
 * who else wrote and was not answered.  All lives in the request's arena.  They
 * may be more than the DRAFT_CC of a draft. */
void recipients_also(struct record *request, const struct workspace *c,
    const struct party *to, struct json wrote, struct recipients *out);

#endif
