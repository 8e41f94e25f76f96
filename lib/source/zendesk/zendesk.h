#ifndef KITH_SOURCE_ZENDESK_ZENDESK_H
#define KITH_SOURCE_ZENDESK_ZENDESK_H
/*
 * Zendesk's exports: what the parts of the format share.  An item is an object
 * of the API, in any of its wrappers, or a row of a table, whose columns are
 * the same members.
 */
#include "source/ticket/ticket.h"

struct zendesk {
	struct normalize *n;
	enum ticket_spelling how;
	struct json item; /* out of its wrapper */
	struct json around; /* the wrapper, or what stands beside */
	struct json ticket; /* of the item, or the item itself; may be absent */
	struct json users; /* loaded at the side; may be absent */
	bool opening; /* the comment in hand made the ticket */
};

/* What an object is. */
enum zendesk_kind {
	ZENDESK_UNKNOWN,
	ZENDESK_TICKET,
	ZENDESK_COMMENTS, /* a list of them, maybe with their ticket */
	ZENDESK_COMMENT,
	ZENDESK_AUDIT,
	ZENDESK_CHANGES, /* an event of the incremental export */
	ZENDESK_CHANGE, /* a row of the history of fields */
	ZENDESK_SUSPENDED,
	ZENDESK_RATING,
	ZENDESK_USER,
	ZENDESK_ORGANIZATION,
	ZENDESK_CHAT,
	ZENDESK_CHAT_EVENT, /* a row of a chat */
};

/* Members of v by their names in the API. */
struct json zendesk_get(struct zendesk *z, struct json v, const char *name);
struct str zendesk_str(struct zendesk *z, struct json v, const char *name);
/* The first of these that is something; ends with a NULL. */
struct str
zendesk_any(struct zendesk *z, struct json v, const char *const *names);
bool zendesk_true(struct zendesk *z, struct json v, const char *name);
bool zendesk_false(struct zendesk *z, struct json v, const char *name);
int zendesk_time(struct zendesk *z, struct json v, int64_t *out);

/* people.c */
/* Who has this id, as far as anything around the item tells; beside: an object
 * that may be that person, or absent. */
struct ticket_person
zendesk_person(struct zendesk *z, struct str id, struct json beside);
enum stage_result zendesk_user(struct zendesk *z, struct err *e);
enum stage_result zendesk_organization(struct zendesk *z, struct err *e);

/* begin.c */
/* Begins a message of the ticket; part: the comment or event, whose `via` is
 * asked where the ticket has none. */
struct message *zendesk_begin(
    struct zendesk *z, const char *type, struct json part, struct ticket *t);
/* The word of a `via`, absent where there is none. */
struct str zendesk_via(struct zendesk *z, struct json v);

/* ticket.c */
enum stage_result zendesk_ticket(struct zendesk *z, struct err *e);
enum stage_result zendesk_suspended(struct zendesk *z, struct err *e);
enum stage_result zendesk_rating(struct zendesk *z, struct err *e);

/* comment.c */
/* Does it say what opened the ticket? */
bool zendesk_opens(enum ticket_spelling how, struct json ticket,
    struct json comment, struct normalize *n);
/* One comment; when: the time where it has none of its own. */
enum stage_result zendesk_comment(
    struct zendesk *z, struct json comment, struct json when, struct err *e);
/* Each of a list. */
enum stage_result
zendesk_comments(struct zendesk *z, struct json list, struct err *e);

/* audit.c */
enum stage_result
zendesk_audit(struct zendesk *z, struct json audit, struct err *e);
enum stage_result zendesk_changes(struct zendesk *z, struct err *e);
enum stage_result zendesk_change(struct zendesk *z, struct err *e);

/* chat.c */
enum stage_result zendesk_chat(struct zendesk *z, struct err *e);
enum stage_result zendesk_chat_event(struct zendesk *z, struct err *e);

/* table.c */
/* A row of the table that agents export. */
enum stage_result zendesk_listed(struct zendesk *z, struct err *e);
int zendesk_sniff_table(struct str head);
int zendesk_read_table(struct ingest *in, struct input *file, struct err *e);
int zendesk_sniff_tree(const char *const *names, size_t n);
int zendesk_read_tree(struct ingest *in, struct tree *tree, void **kept,
    const char **other, struct err *e);
void zendesk_release_tree(void *kept);

enum stage_result
zendesk_normalize(struct normalize *n, struct json native, struct err *e);

#endif
