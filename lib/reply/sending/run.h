#ifndef KITH_REPLY_SENDING_RUN_H
#define KITH_REPLY_SENDING_RUN_H
/*
 * What one run does with drafts: it looks at them, takes down a person's
 * approval, or sends them by a sender (reply/sending/send.h), with the outbox
 * in the state's folder, what a run before left in it, trying again, and what
 * all came to.
 */
#include "record/sink.h"
#include "reply/preflight.h"
#include "reply/sending/request.h"
#include "reply/sending/send.h"

/* What becomes of attempts with unknown outcome. */
enum on_ambiguous { AMBIGUOUS_HOLD, AMBIGUOUS_RESEND, AMBIGUOUS_GIVE_UP };
/* "hold" ..., and NULL. */
extern const char *const on_ambiguous_words[];

struct sendrun {
	/* workspace, transports, state and now are set before it is opened, and
	 * borrowed. */
	struct preflight preflight;
	/* private */
	int (*take)(struct sendrun *s, struct record *r, struct err *e);
	const char *by; /* who approves */
	struct request request; /* that a check builds, and nobody sends */
	struct record *shown; /* the draft, as that is built from it */
	struct sender *sender; /* NULL where nothing is sent */
	bool again; /* only what was asked for again is sent */
	struct sink *out;
};

/* What the exit code has to say. */
struct sendrun_end {
	bool person; /* one is needed */
	bool again; /* another run is */
};

/* Opens it for one of three: what comes out goes to out, borrowed.  Where the
 * state has no outbox yet, or there is no state, a check does without. */
int sendrun_to_check(struct sendrun *s, struct sink *out, struct err *e);
void sendrun_to_approve(struct sendrun *s, const char *by, struct sink *out);
int sendrun_to_send(
    struct sendrun *s, enum on_ambiguous what, struct sink *out, struct err *e);
void sendrun_release(struct sendrun *s);

/*
 * Takes a record in; one that is no draft comes out as it is.  1; 0 where the
 * draft needs a person, which it then says or a diagnostic; -1.  When a sender
 * has it, what became of it comes out later, and is part of sendrun_end.
 */
int sendrun_take(struct sendrun *s, struct record *r, struct err *e);
/* Of a sender: tries again what `which` means, a key, an id or all-failed; an
 * error where it means nothing. */
int sendrun_retry(struct sendrun *s, const char *which, struct err *e);
/* Works until nothing is in hand. */
int sendrun_drain(struct sendrun *s, struct err *e);
/* What is due of earlier runs is sent (but for sendrun_retry), counted as
 * records in; then the sums. */
int sendrun_finish(struct sendrun *s, struct sendrun_end *end, struct err *e);

/* Without opening it: writes the outbox as status_write does. */
int
sendrun_status(struct sendrun *s, bool json, struct sink *out, struct err *e);

#endif
