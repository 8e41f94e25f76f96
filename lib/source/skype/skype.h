#ifndef KITH_SOURCE_SKYPE_SKYPE_H
#define KITH_SOURCE_SKYPE_SKYPE_H
/*
 * What Skype and Teams give somebody of their own data: both have one form.
 */
#include "source/item.h"

enum { SKYPE_PARTS = 64 }; /* of a call, that are told */

/* What the elements of a line of the system say. */
struct skype_call {
	struct str type; /* "started", "ended", "missed"; absent: no call */
	struct str id;
	struct str parts[SKYPE_PARTS], names[SKYPE_PARTS];
	size_t n;
	int64_t seconds; /* the longest part; -1 where nobody says */
};
struct skype_activity {
	struct str initiator, value; /* absent where it has none */
	struct str targets[SKYPE_PARTS];
	size_t n;
};

void skype_read_call(struct str content, struct skype_call *out);
void skype_read_activity(struct str content, struct skype_activity *out);

enum stage_result
skype_normalize(struct normalize *n, struct json native, struct err *e);
void skype_release(void *kept);

#endif
