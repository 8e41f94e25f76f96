#ifndef KITH_REPLY_SENDING_SEND_H
#define KITH_REPLY_SENDING_SEND_H
/*
 * Drafts in, deliveries out, the outbox and the network between.  Deliveries
 * come out in the order of the drafts, and only what the disk knows comes out.
 * A sync serves SEND_RESERVE drafts: they are reserved together, before the
 * first of them leaves.
 */
#include "reply/preflight.h"

enum {
	SEND_RESERVE = 64, /* drafts that one sync lets leave, a transport */
	SEND_QUEUE = 1024, /* drafts that wait for a free place */
	SEND_WINDOW = 16384, /* drafts between the oldest unfinished one and
				the newest */
	SEND_RECIPIENTS =
	    4096, /* recipients that are told apart for their pace */
	SEND_GATHER = 4, /* of those in flight one in so many is awaited ... */
	SEND_GATHER_MS = 2, /* ... for so long, to be written down together */
	SEND_TRIES = 5, /* of one draft in one run, when told to come again */
	SEND_PATIENCE = 60, /* seconds that a run waits to come again */
	SEND_SOON = 200, /* milliseconds to another try that is folded */
	SEND_FIRST_WAIT = 300, /* seconds to the second attempt; doubles */
	SEND_LONGEST_WAIT = 4000,
	SEND_GIVE_UP = 5 * 24 * 3600, /* seconds after the first attempt */
};

struct sender;

struct sender_sums {
	int64_t sent, failed, again, ambiguous, refused;
	int64_t known; /* sent by an earlier run */
};

/*
 * p and what it points to (with an outbox) are borrowed.  emit takes each
 * delivery: what it appends to is its affair; -1 ends the sending.
 */
struct sender *sender_new(const struct preflight *p,
    int (*emit)(void *arg, struct record *delivery, struct err *e), void *arg,
    struct err *e);
/* Gives up what is in flight: its entries stay attempting. */
void sender_free(struct sender *s);

/* Takes a draft in. */
int sender_add(struct sender *s, struct record *draft, struct err *e);
/* A record that is no draft: comes out as it is, in its place. */
int sender_pass(struct sender *s, struct record *r, struct err *e);
/* An entry of the outbox, by its number. */
int sender_add_entry(struct sender *s, int64_t number, struct err *e);
/* All that the outbox holds to be sent by now and that is not in hand. */
int sender_add_due(struct sender *s, int64_t *count, struct err *e);
/* Works until nothing is in hand. */
int sender_drain(struct sender *s, struct err *e);
const struct sender_sums *sender_sums(const struct sender *s);

#endif
