#ifndef KITH_SOURCE_CAMPAIGNS_CAMPAIGNS_H
#define KITH_SOURCE_CAMPAIGNS_CAMPAIGNS_H
/*
 * What services send to whole lists for us, and to whom: campaigns.c tells and
 * cuts files, mailchimp.c and klaviyo.c say what an item is, activity.c makes
 * records of what somebody got, opened, or wants no more.
 */
#include "source/contact.h"
#include "source/item.h"
#include "source/native.h"

enum campaign_act {
	CAMPAIGN_OTHER,
	CAMPAIGN_SENT, /* to somebody: a message of ours */
	CAMPAIGN_OPENED,
	CAMPAIGN_FAILED,
	CAMPAIGN_OUT,
	CAMPAIGN_IN,
};

/* Slices live until the next item. */
struct campaign_activity {
	struct normalize *n;
	const char *service, *channel;
	enum campaign_act act;
	struct str name; /* what the service calls it */
	struct str id; /* of the activity; absent */
	struct str email, tel, person; /* person: its name */
	struct str uri; /* "klaviyo:01H..." */
	struct str campaign; /* the id, or the name, of what was sent */
	struct str title, subject, text; /* of it */
	struct str list, reason, url;
	int64_t at;
	struct json more; /* kept as data.properties */
};

/* A record of its own, on n->message, which was begun. */
enum stage_result campaign_emit(struct campaign_activity *x, struct err *e);
/* What such a word of any service says; CAMPAIGN_OTHER. */
enum campaign_act campaign_act_of(struct str word);

/* An item of one: an enum stage_result, or CAMPAIGN_UNKNOWN. */
enum { CAMPAIGN_UNKNOWN = -1 };
int campaign_mailchimp(struct normalize *n, struct json v, struct err *e);
int campaign_klaviyo(struct normalize *n, struct json v, struct err *e);

#endif
