#ifndef KITH_SOURCE_MESSAGE_H
#define KITH_SOURCE_MESSAGE_H
/*
 * A record on its way out of normalize: a format fills it in, and message_emit
 * decides the direction, makes the id, and writes the members in their
 * canonical order.  All slices are borrowed until the emit; absent members
 * are STR_NONE, TIME_NONE, or lists of length 0.
 */
#include "core/vec.h"
#include "record/sink.h"
#include "record/us.h"

struct str_list VEC(struct str);

struct attachment {
	struct str name, type, blob_id;
	int64_t size; /* bytes of the decoded content, -1 unknown */
};
struct attachments VEC(struct attachment);

struct message {
	const char *type; /* "message" */
	const char *channel; /* "email" */
	struct str account;
	struct str native_id; /* what the id is made from, with channel and
				 account */
	bool id_without_account; /* native_id is unique in the world */
	struct str id; /* the record's, where it is known; else absent */
	const char *id_scope; /* what the id is made with instead of the
				 channel: a service whose exports do not
				 all tell on which channel it came; or NULL */
	const char *direction; /* NULL: decided from `us` and from, to, cc */
	int64_t sent, received;
	struct address from; /* who wrote it */
	struct address sender; /* who carried it, where that is another */
	struct address_list to, cc;
	struct str subject, text, quoted, signature;
	struct str message_id, thread_id; /* without angle brackets */
	struct str_list in_reply_to, references;
	struct attachments attachments;
	const char *keywords[16]; /* NULL-terminated */
	struct str data; /* a JSON object's text, or absent */
	struct str source; /* the native record's `source`, raw */
	struct str native; /* raw, where it is kept */
	const struct workspace
	    *workspace; /* borrowed, as the sink; both stay */
	struct sink *sink; /* where message_emit writes */
	struct us *us; /* to which messages and calls are told, or NULL */
	struct arena arena; /* memory of the message, reset by message_init */
};

/* For a fresh struct (zeroed but for workspace, sink and us) and again for every
 * message. */
void message_init(struct message *m);
void message_release(struct message *m);
/* False where the list is full (15) or has it already. */
bool message_keyword(struct message *m, const char *keyword);
void message_add_address(
    struct message *m, struct address_list *list, struct address a);
void message_add_str(struct message *m, struct str_list *list, struct str s);
void message_add_attachment(struct message *m, struct attachment a);
/* What `us` says of from, to and cc: "inbound", "outbound", "internal". */
const char *message_direction(const struct message *m);
/*
 * A telephone number as the export has it: in E.164 into a->tel, with the
 * workspace's region for national ones; what is no such number (a short code,
 * a sender's name) as "tel:..." into a->uri.  Nothing for an empty one.
 */
void message_phone(struct message *m, struct address *a, struct str raw);
/* A member that is a list of addresses; none where the list is empty.  What
 * stands where an address should and is none becomes a name. */
void message_write_addresses(struct message *m, struct writer *w,
    const char *name, const struct address_list *list);
/* Writes it to the sink and commits. */
int message_emit(struct message *m, struct err *e);

#endif
