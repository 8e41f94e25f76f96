#ifndef KITH_REPLY_DRAFTING_OFFERS_H
#define KITH_REPLY_DRAFTING_OFFERS_H
/*
 * Other ways to somebody whose address does not work any more, as recall knew
 * them: the channels that they wrote on, the latest first, then addresses of
 * theirs that nobody has tried.  None that a message of ours came back from,
 * or of a channel that they opted out of.  A person decides; nothing is sent
 * another way by itself.
 */
#include "record/record.h"
#include "reply/drafting/bounced.h"

enum { OFFERS_MAX = 8 };

/* Writes the member `offers`, where there are any: [{channel, to}]. */
void offers_write(struct writer *w, struct record *r, const struct bounced *b,
    struct arena *a);

#endif
