#ifndef KITH_SOURCE_MAIL_EVENTS_EVENTS_H
#define KITH_SOURCE_MAIL_EVENTS_EVENTS_H
/*
 * What services that send mail for us report of it: mail_events.c tells and
 * cuts files, a file for each service says what an event of it is, normalize.c
 * makes receipts and consents of that.
 */
#include "json/json.h"
#include "source/item.h"
#include "source/native.h"

enum mail_event_kind {
	MAIL_EVENT_OTHER, /* tells of the mail, and nothing of its arrival */
	MAIL_EVENT_SENT,
	MAIL_EVENT_DELIVERED,
	MAIL_EVENT_DELAYED,
	MAIL_EVENT_FAILED,
	MAIL_EVENT_OPENED, /* by somebody, as far as can be told */
	MAIL_EVENT_OUT, /* no more of it is wanted */
	MAIL_EVENT_IN,
	MAIL_EVENT_COMPLAINT,
};

enum { MAIL_EVENT_IDS = 4 };

/* Slices live until the next item. */
struct mail_event {
	struct normalize *n;
	const char *service; /* "ses" */
	struct str name; /* what the service calls it */
	enum mail_event_kind kind;
	struct str mail; /* the service's id of the mail */
	struct str id; /* the event's own, unique in the service; absent */
	int64_t at;
	struct str about[MAIL_EVENT_IDS]; /* ids of the mail, no brackets */
	size_t about_n;
	struct str_list recipients;
	struct str from; /* our address */
	struct str subject, code, reason, url, agent;
	struct str list; /* that is left: a topic, a group */
	bool machine; /* no person opened it */
};

/* Ids and recipients; what is empty or there already is left out. */
void mail_event_about(struct mail_event *x, struct str id);
void mail_event_recipient(struct mail_event *x, struct str email);
/* Programs that fetch pictures before anybody looks. */
bool mail_event_is_machine(struct str agent);

/*
 * A service each: false where the object is no event of it.  What an object of
 * the first kind is in, is unwrapped already.
 */
bool mail_event_ses(struct mail_event *x, struct json v);
bool mail_event_sendgrid(struct mail_event *x, struct json v);
bool mail_event_postmark(struct mail_event *x, struct json v);
bool mail_event_mailgun(struct mail_event *x, struct json v);
bool mail_event_others(struct mail_event *x, struct json v);

enum stage_result
mail_events_normalize(struct normalize *n, struct json native, struct err *e);
void mail_events_release(void *kept);

#endif
