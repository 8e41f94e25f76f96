#ifndef KITH_REPLY_SENDING_RUN_H
#define KITH_REPLY_SENDING_RUN_H
/*
 * What one run does with drafts that are to leave, around the sender
 * (reply/send.h): the outbox in the state's folder, what a run before left in
 * it, a check without sending, trying again, and what all came to.
 */
#include "record/sink.h"
#include "reply/preflight.h"
#include "reply/sending/request.h"
#include "reply/sending/send.h"

/* What becomes of attempts with unknown outcome. */
enum on_ambiguous { AMBIGUOUS_HOLD, AMBIGUOUS_RESEND, AMBIGUOUS_GIVE_UP };

struct sendrun {
	/* config, transports, state and now are set before it is opened, and
	 * borrowed; folder with each draft. */
	struct preflight preflight;
	/* private */
	struct request request; /* that a check builds, and nobody sends */
	struct record *shown; /* the draft, as that is built from it */
	struct sender *sender;
	struct sink *out;
};

/* What the exit code has to say. */
struct sendrun_end {
	bool person; /* one is needed */
	bool again; /* another run is */
};

/* To look only; where the state has no outbox yet (or there is no state) it
 * does without. */
int sendrun_look(struct sendrun *s, struct err *e);
/* The same, for sendrun_check. */
int sendrun_look_closely(struct sendrun *s, struct err *e);
/* To send; deliveries go to out, borrowed. */
int sendrun_open(
    struct sendrun *s, enum on_ambiguous what, struct sink *out, struct err *e);
void sendrun_release(struct sendrun *s);

/* Puts into a draft what the preflight says, and sends nothing: 1 it may
 * leave, 0 it may not, -1. */
int sendrun_check(
    struct sendrun *s, struct record *draft, struct sink *out, struct err *e);
/* A record in, a draft or not. */
int sendrun_add(struct sendrun *s, struct record *r, struct err *e);
/* What is due of earlier runs in, counted as records in. */
int sendrun_add_due(struct sendrun *s, struct err *e);
/* Tries again what `which` means, a key, an id or all-failed; an error where
 * it means nothing. */
int sendrun_retry(struct sendrun *s, const char *which, struct err *e);
/* Works until nothing is in hand. */
int sendrun_drain(struct sendrun *s, struct err *e);
/* The same, then the sums. */
int sendrun_finish(struct sendrun *s, struct sendrun_end *end, struct err *e);

#endif
