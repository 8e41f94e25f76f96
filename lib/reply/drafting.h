#ifndef KITH_REPLY_DRAFTING_H
#define KITH_REPLY_DRAFTING_H
/*
 * Drafts from the triaged stream: one for each conversation that waits for
 * us, made from its last request.  Holds the last request's line of every
 * waiting conversation.  The same stream gives the same drafts.
 */
#include "record/sink.h"
#include "record/waiting.h"
#include "reply/sending/transport.h"
#include "reply/template.h"
#include "workspace/workspace.h"

struct drafting;

/* All are borrowed for its life. */
struct drafting *drafting_new(struct template *t, const struct workspace *c,
    const struct transports *transports);
/* NULL is allowed. */
void drafting_free(struct drafting *d);
/* Takes a record of the stream in. */
void drafting_add(struct drafting *d, struct record *r);
/* After the last: the drafts of all that wait, the one that waits longest
 * first, ids deciding; what cannot be drafted is rejected.  0 or -1. */
int drafting_finish(struct drafting *d, struct sink *out, struct err *e);

#endif
