#ifndef KITH_SOURCE_PUSH_PUSH_H
#define KITH_SOURCE_PUSH_PUSH_H
/*
 * Logs of push notifications: what their members and columns are called.
 */
#include "source/item.h"

/* In the order of words/members. */
enum push_member {
	PUSH_MESSAGE, /* the notification's id */
	PUSH_EVENT, /* what became of it */
	PUSH_DEVICE,
	PUSH_USER,
	PUSH_TIME,
	PUSH_TITLE,
	PUSH_BODY,
	PUSH_REASON,
	PUSH_APP,
	PUSH_CAMPAIGN,
	PUSH_PLATFORM,
	PUSH_COUNT, /* of all whom it went to */
	PUSH_MEMBERS
};

enum { PUSH_NAME = 80 }; /* bytes of a name */

/* Its letters, small; of one that is longer nothing. */
struct str push_letters(struct str name, char out[PUSH_NAME]);
/* By a name in any spelling, with those of the objects that it stands in
 * before it; PUSH_MEMBERS: none. */
enum push_member push_member(struct str name);

/* What an event says. */
enum push_event {
	PUSH_SENT,
	PUSH_DELIVERED,
	PUSH_READ,
	PUSH_FAILED,
	PUSH_OUT, /* no more of them, please */
	PUSH_IN,
	PUSH_OTHER
};
enum push_event push_event(struct str word);

enum stage_result
push_normalize(struct normalize *n, struct json native, struct err *e);

#endif
