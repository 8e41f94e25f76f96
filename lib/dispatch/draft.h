#ifndef KITH_DISPATCH_DRAFT_H
#define KITH_DISPATCH_DRAFT_H
/*
 * A draft as the preflight and the transports see it.  What is sent is what
 * `reply` says; where the record's own members say something else, an edit
 * would be lost, and the draft has a fault.
 */
#include "core/hash.h"
#include "record/fields.h"

enum { DRAFT_IDS = 100 }; /* references that are read */

struct party {
	struct str name, email, tel, uri;
};

struct draft {
	struct str id, channel, account, subject, body;
	struct str conversation, person, thread_id, message_id;
	struct str template_name, approved_by;
	struct str answers; /* id of the request that it answers, or absent */
	struct str key; /* the given one, or one made of what is sent */
	struct party from, to;
	size_t to_count, cc_count;
	struct str recipient; /* to's address on the channel, folded; absent */
	struct str in_reply_to[DRAFT_IDS], references[DRAFT_IDS];
	size_t in_reply_to_count, reference_count;
	bool automatic, high_stakes, quarantined;
	bool to_bulk; /* answers a bounce or a list's mail */
	struct str opted_out; /* how, in words; absent: has not */
	const char *fault; /* why it cannot be read as one draft, or NULL */
};

/*
 * The id of the message that a draft becomes, as the next export of the
 * channel will give it: by mail from the Message-ID and our address.  Where
 * the channel makes its own ids it is the draft's own, until it was sent.
 */
void draft_id(char out[ID_SIZE], struct str channel, struct str account,
    struct str message_id, struct str from, struct str key);
/* True for a record that carries the keyword draft. */
bool draft_is(const struct record *r);
/* Reads it; texts live in the record's arena until its next parse. */
void draft_read(struct record *r, struct draft *out);
void party_read(struct json v, struct arena *a, struct party *out);
/* The address that the channel sends to: mail, telephone or the channel's own
 * id; absent where there is none. */
struct str party_address(const struct party *p, struct str channel);
/* Did the person opt out of the channel by context.consent?  How, or absent.
 */
struct str
consent_out(struct json consent, struct str channel, struct arena *a);

/* The channel's number of characters that a message may have. */
int64_t channel_max_chars(struct str channel);
bool channel_is_mail(struct str channel);

#endif
