#ifndef KITH_SOURCE_FRONT_FRONT_H
#define KITH_SOURCE_FRONT_FRONT_H
/*
 * Front: what the parts of the format share.
 */
#include "source/desk/desk.h"

/* An item of the API, by the ids that Front gives it. */
enum front_kind {
	FRONT_NONE,
	FRONT_MESSAGE,
	FRONT_COMMENT,
	FRONT_CONVERSATION,
	FRONT_EVENT,
	FRONT_ROW, /* of a table */
};

/* What is read: an object, and the conversation that it stands in. */
struct front {
	struct normalize *n;
	struct message *m;
	struct json item, conversation; /* the latter may be absent */
	struct str letters; /* its channel's word, "email" */
};

enum front_kind front_kind(struct json item);
/* The last part of an address in _links.related, ".../contacts/crd_1". */
struct str front_link(struct front *f, struct json related, const char *name);
/* Begins the record of an item: its company, thread and channel. */
void front_begin(struct front *f, struct normalize *n, struct json item,
    struct json conversation);
/* A member of the staff, or what acts for them. */
void front_teammate(struct front *f, struct json who, struct address *a);

enum stage_result
front_row(struct normalize *n, struct json row, struct err *e);
enum stage_result
front_normalize(struct normalize *n, struct json native, struct err *e);

#endif
