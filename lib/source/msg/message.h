#ifndef KITH_SOURCE_MSG_MESSAGE_H
#define KITH_SOURCE_MSG_MESSAGE_H
/*
 * A mail of Outlook's as the mail that it was (RFC 5322, MIME): header.c
 * writes its fields, content.c its text and files.
 */
#include "mail/compose.h"
#include "source/msg/mapi.h"

enum {
	MSG_DEPTH = 8, /* mails in mails */
	MSG_RECIPIENTS = 20000,
};

struct msg {
	struct mapi_file file;
	struct buf *out; /* borrowed */
	unsigned depth, boundaries;
};

/* The fields of the header, without those of MIME. */
void msg_put_header(struct msg *g, const struct mapi *m);
/* What a report is of, as multipart/report has it: NULL where it is none. */
const char *msg_report_type(const struct mapi *m);
/* The part for programs of one that is. */
void msg_put_report(struct buf *out, const struct mapi *m);
/* All of a mail: that, the fields of MIME, and what they say. */
void msg_put(struct msg *g, const struct mapi *m);

#endif
