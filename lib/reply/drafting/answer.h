#ifndef KITH_REPLY_DRAFTING_ANSWER_H
#define KITH_REPLY_DRAFTING_ANSWER_H
/*
 * One draft from one request: on which channel, to which address, in which
 * thread, with which words.
 */
#include "record/consent/consents.h"
#include "reply/drafting/bounced.h"
#include "reply/sending/transport.h"
#include "reply/template.h"
#include "workspace/workspace.h"

/* All is borrowed. */
struct answer {
	struct template *template;
	const struct workspace *workspace;
	struct str seen; /* id of the conversation's last record, or absent */
	/* When the person last wrote on the answer's channel, or TIME_NONE,
	 * where that is not the request's own. */
	int64_t wrote_there;
	const struct transports *transports;
	struct record *request;
	struct str conversation;
	const struct bounced *bounced; /* addresses */
	/* The receipt by which the last answer to the request was taken back,
	 * and its time; absent. */
	struct str again;
	int64_t again_at;
	/* A reminder: its number; the request is the mirror of our own message
	 * (reminder.h).  Else 0. */
	unsigned reminder;
	/* Who else wrote in the conversation and was not answered, as a list of
	 * address objects; or JSON_ABSENT. */
	struct json wrote;
	struct json route; /* JSON_ABSENT where there is none */
	const struct consents *consents; /* what they said in the stream, or
					    NULL */
	struct buf *subject, *body; /* for the template's words */
};

/* The channel that the route names, else the request's own. */
struct str answer_channel(struct record *request, struct json route);
/* Appends the draft's line to out, without a newline. */
int answer_write(const struct answer *x, struct buf *out, struct err *e);

#endif
