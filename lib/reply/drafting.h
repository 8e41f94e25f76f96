#ifndef KITH_REPLY_DRAFTING_H
#define KITH_REPLY_DRAFTING_H
/*
 * Drafts from the triaged stream: one for each conversation that waits for
 * us, made from its last request.  Holds the last request's line of every
 * waiting conversation.  The same stream gives the same drafts.
 */
#include "record/waiting.h"
#include "reply/template.h"
#include "reply/transport.h"
#include "workspace/workspace.h"

struct drafting;

/* All are borrowed for its life. */
struct drafting *drafting_new(struct template *t, const struct config *c,
    const struct transports *transports);
/* NULL is allowed. */
void drafting_free(struct drafting *d);
/* Takes a record of the stream in. */
void drafting_add(struct drafting *d, struct record *r);
/* After the last: orders the conversations, oldest waiting first, ids
 * deciding; returns how many wait. */
size_t drafting_finish(struct drafting *d);
/* Appends the draft of the i-th. */
int
drafting_write(struct drafting *d, size_t i, struct buf *out, struct err *e);
/* The id of its request, for messages. */
struct str drafting_request(const struct drafting *d, size_t i);

#endif
