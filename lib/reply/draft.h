#ifndef KITH_REPLY_DRAFT_H
#define KITH_REPLY_DRAFT_H
/*
 * A draft as the preflight and the transports see it.  What is sent is what
 * `reply` says; where the record's own members say something else, an edit
 * would be lost, and the draft has a fault.
 *
 * `text` is the plain rendering of `reply.body`, and `reply.drafted` a hash of
 * it as it was drafted: it tells which of the two a person edited, and that
 * one counts.
 */
#include "core/hash.h"
#include "record/channels.h"
#include "record/fields.h"
#include "reply/markdown.h"

enum {
	DRAFT_IDS = 100, /* references that are read */
	DRAFT_FILES = 50, /* attachments of one draft */
	DRAFT_CC = 50,
};

/* A file that goes out with it (reply/attach.h). */
struct draft_file {
	struct str name, type; /* shown; absent: application/octet-stream */
	struct str file, blob_id; /* where it comes from */
	struct str sha256; /* hexadecimal; absent until it is known */
	int64_t size;
	/* Where its bytes are, folder NULL until that is known: its name below
	 * a folder (core/io/file.h). */
	const char *folder;
	struct str below;
};

struct party {
	struct str name, email, tel, uri;
};

struct draft {
	struct str id, channel, account, subject;
	const struct channel *row; /* the channel's, or NULL */
	struct str body; /* what counts: reply.body, or an edited text */
	struct str conversation, person, thread_id, message_id;
	struct str template_name;
	struct str service; /* whose transport is to take it; or absent */
	struct str approved_by; /* who approved it, bound to its words or not */
	/* reply.approval; `of` is the content that was approved. */
	struct {
		struct str by, at, of;
	} approval;
	struct str queue; /* that it was routed to, or absent */
	struct str fill; /* words that a person has to replace, or absent */
	struct str seen; /* id of the last record that it knew, or absent */
	struct str answers; /* id of the request that it answers, or absent */
	int64_t again; /* when the last answer to it came back, or TIME_NONE */
	struct json bounced; /* addresses that our last message came back
				from: a list of {address, at, code, reason} */
	struct json offers; /* other ways to them: [{channel, to}] */
	struct str key; /* the given one, or one made of what is sent */
	struct party from, to;
	size_t to_count, cc_count;
	struct party cc[DRAFT_CC]; /* the first of cc_count */
	/* To's address on the channel, folded; where the channel answers a
	 * message and not an address, that message's id; where a service knows
	 * whose thread it is, any address of theirs, or the thread; absent. */
	struct str recipient;
	struct str in_reply_to[DRAFT_IDS], references[DRAFT_IDS];
	size_t in_reply_to_count, reference_count;
	struct draft_file files[DRAFT_FILES];
	size_t file_count;
	/* Hash of recipients, channel, text and attachments: what a key and
	 * an approval stand for. */
	char content[ID_SIZE];
	struct str template_raw; /* JSON of the approved template, or absent */
	bool key_made, message_id_made; /* the draft brought none */
	struct str zone; /* the recipient's, or absent */
	int64_t answers_at; /* when they wrote on this channel, or TIME_NONE */
	bool marketing; /* a solicitation */
	bool approved_template; /* goes out as one that the service approved */
	struct str text; /* the body without marks */
	bool markdown; /* the body is Markdown, else plain text */
	bool automatic, high_stakes, quarantined;
	bool by_machine; /* reply.draftedBy: machine */
	bool to_bulk; /* answers a bounce or a list's mail */
	struct json consent; /* context.consent (reply/optedout.h) */
	const char *fault; /* why it cannot be read as one draft, or NULL */
};

/*
 * The id of the message that a draft becomes, as the next export of the
 * channel will give it: by mail from the Message-ID and our address.  Where
 * the channel makes its own ids it is the draft's own, until it was sent.
 */
void draft_id(char out[ID_SIZE], struct str channel, struct str account,
    struct str message_id, struct str from, struct str key);
/* The hash that `reply.drafted` has. */
void draft_hash(char out[ID_SIZE], struct str text);
/*
 * Appends the draft's line as a transport's programs see it: text, cc,
 * reply.body and reply.format as they count, and `rendered`, the body in a
 * markup.  r is what d was read from, and has all this afterwards; attachments
 * is JSON that takes the place of reply.attachments, or absent.
 */
int draft_show(struct record *r, const struct draft *d, enum markup m,
    struct str attachments, struct buf *out, struct err *e);
/* Appends the body in a markup. */
int draft_render(
    const struct draft *d, enum markup m, struct buf *out, struct err *e);
/* True for a record that carries the keyword draft. */
bool draft_is(const struct record *r);
/* Reads it; texts live in the record's arena until its next parse. */
void draft_read(struct record *r, struct draft *out);
/* Makes content, and the key and the Message-ID where the draft brought none,
 * anew: once more is known of its attachments. */
void draft_complete(struct draft *d, struct arena *a);
void party_read(struct json v, struct arena *a, struct party *out);
/* The address that the channel (NULL: one that the table has not) sends to:
 * mail, telephone or the channel's own id; absent where there is none. */
struct str party_address(const struct party *p, const struct channel *c);
/* One of its addresses, whatever the channel sends to; or absent. */
struct str party_any(const struct party *p);

#endif
