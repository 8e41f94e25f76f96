#ifndef KITH_REPLY_OPTEDOUT_H
#define KITH_REPLY_OPTEDOUT_H
/*
 * May a draft go to people who said that they want no messages
 * (record/consent)?  By what its context says, as of when it was drafted, and
 * by the state, at the moment of sending.
 *
 * A solicitation goes to nobody who opted out of marketing, or of all.  What
 * they asked since they opted out of all is answered, but where the network
 * stops it; what is not sure holds a solicitation, and whatever else a machine
 * answers by itself, until a person approved.
 */
#include "people/store/store.h"
#include "reply/draft.h"

enum { REMARK_BYTES = 1000 };

/* True where it may not; reason has the sentence. */
bool optedout_by_context(const struct draft *d, struct buf *reason);
/* The same of all who get it, by the state's people: 1 where it may, with a
 * remark or nothing; 0 with the reason, -1. */
int optedout_now(struct store *s, const struct draft *d, struct buf *reason,
    struct buf *remark, struct err *e);
/* Appends what whoever sends it should know by its context; nothing where there
 * is nothing. */
void optedout_remark(const struct draft *d, struct buf *out);

#endif
