#ifndef KITH_REPLY_SENDING_REQUEST_H
#define KITH_REPLY_SENDING_REQUEST_H
/*
 * From a draft to what goes over the wire by a transport, and from the other
 * side's answer to what became of it.
 */
#include "mail/compose.h"
#include "net/dns/mx.h"
#include "net/net.h"
#include "reply/draft.h"
#include "reply/sending/outbox.h"
#include "reply/sending/transport.h"

enum {
	REQUEST_MAX = 32 << 20, /* bytes of a request */
	REASON_MAX = 500, /* bytes of a reason that is kept */
};

/* A job and the memory of what it borrows. */
struct request {
	struct net_job job;
	struct arena arena;
	struct buf body, text, shown, attached, listed;
	struct str channel; /* of a draft to which the transport gives an
			       account; else absent */
	struct str asked; /* what programs see of the draft behind the answer */
	struct mail_file files[DRAFT_FILES];
	struct mail_party cc[DRAFT_CC];
	struct mx_list hosts; /* of a mail that goes by MX, see exchange.h */
	size_t next_host;
	struct dane dane;
};

void request_init(struct request *q);
void request_release(struct request *q);
/*
 * Makes q->job ready to start.  d is what was read of r.  -1: this draft cannot
 * be sent by this transport, e says why.
 */
int request_build(struct request *q, const struct transport *t,
    const struct draft *d, struct record *r, int64_t now, struct err *e);

/* What the transport says of TLS. */
enum net_tls request_tls(const struct transport *t);

struct verdict {
	enum outbox_state state; /* sent, failed or ambiguous */
	bool temporary; /* failed, but worth another try */
	bool folded; /* its end is not known, but a double is no harm */
	int64_t retry_after; /* microseconds, or TIME_NONE: not said */
	struct str native; /* as outbox_entry has it */
	struct str reason; /* absent when sent */
};

/* What a job that is done says; texts live in q->arena. */
void
request_judge(struct request *q, const struct transport *t, struct verdict *v);

#endif
