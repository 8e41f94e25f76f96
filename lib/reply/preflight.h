#ifndef KITH_REPLY_PREFLIGHT_H
#define KITH_REPLY_PREFLIGHT_H
/*
 * What must be true before a draft may leave.  Every refusal is a sentence
 * with the reason and, where there is one, the mend.
 */
#include "core/time.h"
#include "people/store/store.h"
#include "reply/draft.h"
#include "reply/sending/outbox.h"
#include "reply/sending/transport.h"
#include "workspace/workspace.h"

/* The backstop against two machines that answer each other. */
enum { LOOP_MAX = 10, LOOP_MINUTES = 180 };

struct preflight {
	const struct workspace *workspace;
	const struct transports *transports;
	struct outbox *outbox; /* NULL: what went before is not known */
	struct store *people; /* for the last look, or NULL */
	const char *state; /* its folder, or NULL */
	struct str folder; /* where the draft's attachments are relative to */
	int64_t now;
};

/*
 * 1: may leave, by *transport; reason has nothing, or what whoever sends it
 * should know.  0: may not, reason has the sentence; *until is
 * when it may, where it need but wait (else TIME_NONE).  -1.
 */
int preflight_check(const struct preflight *p, const struct draft *d,
    struct transport **transport, struct buf *reason, int64_t *until,
    struct err *e);

#endif
