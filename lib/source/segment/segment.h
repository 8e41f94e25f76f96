#ifndef KITH_SOURCE_SEGMENT_SEGMENT_H
#define KITH_SOURCE_SEGMENT_SEGMENT_H
/*
 * What the parts of the Segment format share: the kinds of calls, and a call
 * on its way to its meaning.
 */
#include "source/contact.h"
#include "source/item.h"

enum segment_kind {
	SEGMENT_NONE,
	SEGMENT_TRACK,
	SEGMENT_IDENTIFY,
	SEGMENT_PAGE,
	SEGMENT_SCREEN,
	SEGMENT_GROUP,
	SEGMENT_ALIAS,
};

/* By a call's `type`. */
enum segment_kind segment_kind(struct str type);

/* A native item into its record. */
enum stage_result
segment_normalize(struct normalize *n, struct json native, struct err *e);

/* One of a list "a|b|c". */
bool segment_is(struct str name, const char *names);
/* A member by such a name: the first of a list "a|b|c" that has a string with
 * something in it, or a number; JSON_ABSENT. */
struct json segment_member(struct json v, const char *names, struct arena *a);
/* A string or a number as text, trimmed; STR_NONE where it is empty. */
struct str segment_text(struct json v, struct arena *a);

/*
 * The `data` of what somebody did: a look at something, an order, any other
 * event.  name is the event's, or the page's.
 */
enum segment_act { SEGMENT_EVENT, SEGMENT_VISIT, SEGMENT_ORDER };
enum segment_act segment_act(struct str event);

struct segment_visit {
	struct json properties, page; /* page: context.page */
	struct str name, category;
	bool track; /* name is an event's, else the page's */
};

void segment_visit_data(
    struct writer *w, const struct segment_visit *v, struct arena *a);
void segment_order_data(struct writer *w, struct json properties,
    struct str event, struct arena *a);

#endif
