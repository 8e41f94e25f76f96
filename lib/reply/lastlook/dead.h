#ifndef KITH_REPLY_DEAD_H
#define KITH_REPLY_DEAD_H
/*
 * Which of a draft's addresses something of ours came back from since it was
 * drafted, and nobody has written from, or got anything at, since.
 */
#include "people/store/store.h"
#include "reply/draft.h"

/* Zero but for d. */
struct dead {
	const struct draft *d;
	/* When: to first, then cc; 0 where nothing did. */
	int64_t since[1 + DRAFT_CC];
};

/*
 * Takes what came after the draft, oldest first.  here: in its conversation, so
 * that what tells nobody's address is about who gets the draft, on the same
 * channel.  What the draft knew (reply.bounced) is not taken.
 */
void dead_see(struct dead *x, const struct store_message *m, bool here);
/* Puts the sentence into reason where there is one. */
void dead_say(const struct dead *x, struct buf *reason);

#endif
