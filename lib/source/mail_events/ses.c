/*
 * Amazon SES: what an event is stands in eventType, in older notifications in
 * notificationType, and has an object of its own name.
 */
#include "source/mail_events/events.h"

static struct str
text(struct mail_event *x, struct json v, const char *name)
{
	return native_text(x->n, v, name);
}

/* [{"emailAddress":"a@x.example","status":"5.1.1","diagnosticCode":"..."}], or
 * addresses alone. */
static void
take_recipients(struct mail_event *x, struct json list)
{
	struct json_iter it = json_each(list);
	struct json v;

	if (json_type(list) != JSON_LIST)
		return;
	while (json_next(&it, NULL, &v)) {
		if (json_type(v) != JSON_OBJECT) {
			mail_event_recipient(x, native_value(x->n, v));
			continue;
		}
		mail_event_recipient(x, text(x, v, "emailAddress"));
		if (x->code.n == 0)
			x->code = text(x, v, "status");
		if (x->reason.n == 0)
			x->reason = text(x, v, "diagnosticCode");
		if (str_is(text(x, v, "action"), "delayed"))
			x->kind = MAIL_EVENT_DELAYED;
	}
}

/* The header that the mail had before SES gave it its own. */
static struct str
own_id(struct mail_event *x, struct json mail)
{
	struct json headers = json_get(mail, "headers"), v;
	struct json_iter it = json_each(headers);

	while (json_type(headers) == JSON_LIST && json_next(&it, NULL, &v))
		if (str_eq_nocase(text(x, v, "name"), STR("Message-ID")))
			return text(x, v, "value");
	return STR_NONE;
}

/* "arn:aws:ses:eu-west-1:...": the host of the ids that SES makes. */
static struct str
id_host(struct mail_event *x, struct json mail)
{
	struct str rest = text(x, mail, "sourceArn"), region = STR_NONE;

	for (int i = 0; i < 4 && rest.p != NULL; i++)
		region = str_split(&rest, ':');
	return region.n == 0 || str_is(region, "us-east-1")
		   ? STR("@email.amazonses.com")
		   : ARENA_JOIN(&x->n->message.arena, STR("@"), region,
			 STR(".amazonses.com"));
}

static void
take_mail(struct mail_event *x, struct json mail)
{
	struct json common = json_get(mail, "commonHeaders");
	struct str id = text(x, mail, "messageId");

	mail_event_about(x, own_id(x, mail));
	x->mail = id;
	mail_event_about(x, id);
	if (id.n > 0)
		mail_event_about(
		    x, ARENA_JOIN(&x->n->message.arena, id, id_host(x, mail)));
	x->from = text(x, mail, "source");
	x->subject = text(x, common, "subject");
}

static const struct {
	const char *name, *member;
	enum mail_event_kind kind;
} kinds[] = {
	{ "Send", "send", MAIL_EVENT_SENT },
	{ "Delivery", "delivery", MAIL_EVENT_DELIVERED },
	{ "Bounce", "bounce", MAIL_EVENT_FAILED },
	{ "Complaint", "complaint", MAIL_EVENT_COMPLAINT },
	{ "Reject", "reject", MAIL_EVENT_FAILED },
	{ "Rendering Failure", "failure", MAIL_EVENT_FAILED },
	{ "DeliveryDelay", "deliveryDelay", MAIL_EVENT_DELAYED },
	{ "Open", "open", MAIL_EVENT_OPENED },
	{ "Click", "click", MAIL_EVENT_OPENED },
	{ "Subscription", "subscription", MAIL_EVENT_OTHER },
};

static void
take_subscription(struct mail_event *x, struct json what)
{
	struct json now = json_get(what, "newTopicPreferences"), v;
	struct json topics = json_get(now, "topicSubscriptionStatus");
	struct json_iter it = json_each(topics);
	bool in = false, out = json_true(json_get(now, "unsubscribeAll"));

	while (json_type(topics) == JSON_LIST && json_next(&it, NULL, &v)) {
		bool is_out =
		    str_is(text(x, v, "subscriptionStatus"), "OptOut");

		if (is_out && x->list.n == 0)
			x->list = text(x, v, "topicName");
		out |= is_out;
		in |= !is_out;
	}
	x->kind = out ? MAIL_EVENT_OUT : in ? MAIL_EVENT_IN : MAIL_EVENT_OTHER;
	if (x->list.n == 0)
		x->list = text(x, what, "contactList");
}

static void
take_what(struct mail_event *x, struct json what)
{
	static const char *const lists[] = { "bouncedRecipients",
		"complainedRecipients", "delayedRecipients", "recipients",
		NULL };
	static const char *const reasons[] = { "smtpResponse", "reason",
		"errorMessage", "complaintFeedbackType", "delayType", NULL };
	static const char *const ids[] = { "feedbackId", NULL };

	for (size_t i = 0; lists[i] != NULL; i++)
		take_recipients(x, json_get(what, lists[i]));
	if (x->reason.n == 0)
		x->reason = native_any(x->n, what, reasons);
	if (x->reason.n == 0)
		x->reason = text(x, what, "bounceSubType");
	x->id = native_any(x->n, what, ids);
	x->url = text(x, what, "link");
	x->agent = text(x, what, "userAgent");
	if (native_time(x->n, json_get(what, "timestamp"), &x->at) < 0)
		x->at = TIME_NONE;
}

bool
mail_event_ses(struct mail_event *x, struct json v)
{
	struct json mail = json_get(v, "mail"), what = JSON_ABSENT;
	static const char *const names[] = { "eventType", "notificationType",
		NULL };

	x->name = native_any(x->n, v, names);
	if (x->name.n == 0 || json_type(mail) != JSON_OBJECT)
		return false;
	x->service = "ses";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_eq_nocase(x->name, str_of(kinds[i].name))) {
			x->kind = kinds[i].kind;
			what = json_get(v, kinds[i].member);
		}
	take_mail(x, mail);
	take_what(x, what);
	if (str_is(x->name, "Subscription"))
		take_subscription(x, what);
	if (x->at == TIME_NONE &&
	    native_time(x->n, json_get(mail, "timestamp"), &x->at) < 0)
		x->at = TIME_NONE;
	if (x->recipients.n == 0)
		take_recipients(x, json_get(mail, "destination"));
	return true;
}
