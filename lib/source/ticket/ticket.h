#ifndef KITH_SOURCE_TICKET_TICKET_H
#define KITH_SOURCE_TICKET_TICKET_H
/*
 * A helpdesk's ticket (conversation, case) on its way into records: people are
 * known by ids, and its parts are what somebody said, noted or did.  What all
 * formats of helpdesks give alike:
 *
 *	id	made with the service's name and the part's own id, whatever the
 *		channel and account, so that an export that does not tell these
 *		gives the same; the words that opened the ticket have the
 *		ticket's id, since lists of tickets have them without another,
 *		and the minute in which it was made, since accounts number
 *		their tickets from 1
 *	channel	one a ticket: on which it came, so that its conversation holds
 *		together; data.via is the part's own, where it is another
 *	from, to	SERVICE:ID beside what is known of the person; who asked is
 *		written to by all of ours
 *	direction	by the role: customers inbound, agents and bots outbound,
 *		notes internal with the keyword private
 *
 * How to use it: for each part ticket_begin(), which empties n->message; then
 * read into struct ticket and struct ticket_part, ticket_fill(), the rest of the
 * message by native.h, and native_emit().  Slices live until the next begin.
 */
#include "source/native.h"

enum ticket_role {
	TICKET_UNKNOWN,
	TICKET_CUSTOMER,
	TICKET_AGENT,
	TICKET_BOT, /* a machine that writes to customers */
	TICKET_SYSTEM, /* nobody wrote it */
};

struct ticket_person {
	struct str id;
	enum ticket_role role;
	struct address address; /* without the uri, unless it is another */
};

/* Absent members are STR_NONE. */
struct ticket {
	const char *service; /* "zendesk" */
	const char *channel;
	struct str account, id, subject;
	int64_t created; /* TIME_NONE where its ids are the world's */
	struct ticket_person customer; /* who asked */
	struct address ours; /* where they wrote to */
};

struct ticket_part {
	const char *kind; /* whose ids count apart: "comment" */
	struct str id;
	bool opens; /* the words that opened the ticket */
	bool note; /* of ours alone */
	bool placed; /* messageId has the ticket's id before its own, which
			might be another ticket's */
	struct ticket_person author;
};

/* normalize_begin, with the type: "message", "event", "call". */
struct message *ticket_begin(struct normalize *n, const char *type);
void ticket_fill(
    struct normalize *n, const struct ticket *t, const struct ticket_part *p);
/* SERVICE:ID and the rest of a person; nothing where neither is known. */
struct address ticket_address(
    struct normalize *n, const char *service, const struct ticket_person *p);
/* The object of a list that has this id; JSON_ABSENT. */
struct json ticket_by_id(struct normalize *n, struct json list, struct str id);

/* How an export spells the names of members: created_at, createdAt, CreatedAt,
 * CREATED_AT.  By the first name that tells. */
enum ticket_spelling {
	TICKET_SNAKE,
	TICKET_CAMEL,
	TICKET_PASCAL,
	TICKET_UPPER,
};
enum ticket_spelling ticket_spelling(struct json object);
/* Is it such a spelling of a name in snake case? */
bool ticket_is_name(struct str s, const char *name);
/* Of several (NULL at the end). */
bool ticket_is_among(struct str s, const char *const *names);
/* Members by which an object of a kind is told, and how many are enough. */
struct ticket_mark {
	const char *const *members; /* NULL at the end */
	unsigned enough;
};
/* Adds one to seen of each kind that has a member of this name. */
void ticket_count(
    const struct ticket_mark *marks, size_t n, struct str name, unsigned *seen);
/* A member by its name in snake case. */
struct json
ticket_get(enum ticket_spelling how, struct json object, const char *name);

/* Attachments: [{"file_name" or "name","content_type","size"}]. */
void
ticket_attach(struct normalize *n, enum ticket_spelling how, struct json list);

/* Text with lines as they are elsewhere: no carriage returns, no blanks at its
 * ends; absent where nothing is left. */
struct str ticket_text(struct normalize *n, struct str s);

/*
 * An event of data.act "rating" about the ticket: a score of so many, what the
 * service calls it (absent: not said), and the words.  Fills n->message, from
 * the customer, and emits it; its time is set.
 */
struct ticket_rating {
	struct str id; /* its own, else it is the ticket's */
	int64_t at;
	int score, of;
	struct str word, comment;
	struct str agent; /* whom it is about: an id */
};
enum stage_result ticket_rate(struct normalize *n, const struct ticket *t,
    const struct ticket_rating *r, struct err *e);

#endif
