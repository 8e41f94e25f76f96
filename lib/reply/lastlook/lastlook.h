#ifndef KITH_REPLY_LASTLOOK_H
#define KITH_REPLY_LASTLOOK_H
/*
 * The last look, over the conversation as the state has it at the moment of
 * sending: who answered, wrote, took something back, or said that it is done
 * or put off, and whether what went to its recipients came back, since the last
 * record that the draft knew (reply.seen, else what it answers).
 */
#include "people/store/store.h"
#include "reply/draft.h"

/* The state's people to look at, or NULL: none are known there yet (*e is
 * then of no account), or it cannot be read, and *broken is set. */
struct store *lastlook_open(const char *state, bool *broken, struct err *e);
/* 1: nothing has happened; 0: reason says who did what, and when; -1.  What
 * operators decided is read from the same state; now: for what was put off. */
int lastlook(struct store *s, const char *state, int64_t now,
    const struct draft *d, struct buf *reason, struct err *e);

#endif
