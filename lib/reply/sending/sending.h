#ifndef KITH_REPLY_SENDING_SENDING_H
#define KITH_REPLY_SENDING_SENDING_H
/*
 * The inside of a sender, for send.c and accept.c: slots keep the order of
 * the output, lanes the order and the pace of each transport.
 */
#include "reply/sending/exchange.h"
#include "reply/sending/request.h"
#include "reply/sending/send.h"

/* A draft in its place in the order of the output. */
struct slot {
	int64_t number; /* the outbox's; 0: the line comes out as it stands */
	struct buf line;
	bool done;
	bool known; /* was settled before this run */
	uint64_t round; /* of syncs, in which it was done */
};

struct queued {
	int64_t number;
	uint64_t slot;
	uint64_t recipient; /* whom it goes to, where that has a pace */
	int64_t begun; /* time_steady_ms of the first try, or 0 */
	int tries; /* in this run */
};

/* One in flight, or about to be. */
struct attempt {
	struct request request;
	struct lane *lane;
	struct queued w;
	int64_t attempts, first; /* as the outbox has them */
	struct attempt *next;
};

struct queue {
	struct queued *v; /* a ring */
	size_t first, n, cap;
};

/* All that leaves by one transport. */
struct lane {
	struct transport *t;
	struct queue queue, reserve;
	size_t active;
	int64_t start_at; /* time_steady_ms before which nothing starts */
	/* time_steady_ms by recipient, SEND_RECIPIENTS of them, or NULL.
	 * Recipients that share one wait for both. */
	int64_t *free_at;
	bool down; /* not reachable in this run */
	char why[256];
};

struct sender {
	const struct preflight *p;
	int (*emit)(void *, struct record *, struct err *);
	void *arg;
	struct net *net;
	struct dns *dns; /* where a transport goes by MX, else NULL */
	struct lane lanes[TRANSPORT_MAX];
	struct slot *slots; /* a ring of SEND_WINDOW */
	uint64_t slot_first, slot_end;
	size_t queued, active; /* queued: reserved ones too */
	uint64_t round; /* of syncs */
	struct attempt *idle;
	struct attempt *marked, **marked_end; /* in the order of marking */
	struct record *record;
	struct buf line, reason, recipient, fresh;
	struct arena arena;
	struct sender_sums sums;
	bool keeps; /* the state may have attachments that nobody needs */
};

/* queue.c: a growing ring. */
void queue_push(struct queue *l, struct queued w);
/* Before all others: what goes to one recipient keeps its order. */
void queue_push_first(struct queue *l, struct queued w);
/* The first; there must be one. */
struct queued queue_pop(struct queue *l);
/* The i-th, which must be there, and the same taken out. */
const struct queued *queue_at(const struct queue *l, size_t i);
struct queued queue_take(struct queue *l, size_t i);

struct slot *sender_slot(struct sender *s, uint64_t i);
struct lane *sender_lane(struct sender *s, const struct transport *t);
/* A hash of whom a draft goes to by t; r is what d was read from. */
uint64_t sender_recipient(struct sender *s, const struct transport *t,
    const struct draft *d, struct record *r);
/* Is this entry of the outbox on its way? */
bool sender_in_hand(const struct sender *s, int64_t number);
/* Reads an entry, its draft parsed into s->record; texts live in s->arena. */
int sender_load(struct sender *s, int64_t number, struct outbox_entry *entry,
    struct err *e);
/* Writes down why an entry was not sent, and finishes its slot. */
int sender_settle_failed(struct sender *s, struct outbox_entry *entry,
    uint64_t slot, const char *reason, int64_t next, struct err *e);
/* Gives out what is finished and on disk, in order. */
int sender_emit_ready(struct sender *s, struct err *e);
/* One round: write down, start, give out, work, take results. */
int sender_pump(struct sender *s, int64_t wait_ms, struct err *e);

#endif
