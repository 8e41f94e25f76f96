/*
 * Postmark: RecordType tells; bounces of its API and of older webhooks have
 * none, and a Type.
 */
#include "source/mail_events/events.h"

static struct str
text(struct mail_event *x, struct json v, const char *name)
{
	return native_text(x->n, v, name);
}

static const struct {
	const char *name;
	enum mail_event_kind kind;
} records[] = {
	{ "Delivery", MAIL_EVENT_DELIVERED },
	{ "Bounce", MAIL_EVENT_FAILED },
	{ "SpamComplaint", MAIL_EVENT_COMPLAINT },
	{ "Open", MAIL_EVENT_OPENED },
	{ "Click", MAIL_EVENT_OPENED },
	{ "SubscriptionChange", MAIL_EVENT_OUT },
};

/* Types of bounces that are something else: what is no failure, is none. */
static const struct {
	const char *name;
	enum mail_event_kind kind;
} types[] = {
	{ "Transient", MAIL_EVENT_DELAYED },
	{ "Unconfirmed", MAIL_EVENT_DELAYED },
	{ "ChallengeVerification", MAIL_EVENT_DELAYED },
	{ "AutoResponder", MAIL_EVENT_OTHER },
	{ "AddressChange", MAIL_EVENT_OTHER },
	{ "OpenRelayTest", MAIL_EVENT_OTHER },
	{ "VirusNotification", MAIL_EVENT_OTHER },
	{ "Subscribe", MAIL_EVENT_IN },
	{ "Unsubscribe", MAIL_EVENT_OUT },
	{ "SpamComplaint", MAIL_EVENT_COMPLAINT },
};

static void
take_change(struct mail_event *x, struct json v)
{
	struct str why = text(x, v, "SuppressionReason");

	if (!json_true(json_get(v, "SuppressSending")))
		x->kind = MAIL_EVENT_IN;
	else if (str_is(why, "HardBounce"))
		x->kind = MAIL_EVENT_FAILED;
	else if (str_is(why, "SpamComplaint"))
		x->kind = MAIL_EVENT_COMPLAINT;
	x->reason = why;
	x->list = text(x, v, "MessageStream");
}

static void
take_times(struct mail_event *x, struct json v)
{
	static const char *const names[] = { "DeliveredAt", "BouncedAt",
		"ReceivedAt", "ChangedAt", NULL };
	struct str s = native_any(x->n, v, names);

	if (native_time_text(x->n, s, &x->at) < 0)
		x->at = TIME_NONE;
}

bool
mail_event_postmark(struct mail_event *x, struct json v)
{
	static const char *const whom[] = { "Recipient", "Email", NULL };
	static const char *const reasons[] = { "Details", "Description", NULL };
	struct str id = text(x, v, "MessageID"), type = text(x, v, "Type");
	struct str record = text(x, v, "RecordType"), number;

	if (id.n == 0 ||
	    (record.n == 0 && (type.n == 0 || text(x, v, "BouncedAt").n == 0)))
		return false;
	x->service = "postmark";
	x->name = record.n > 0 ? record : STR("Bounce");
	for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++)
		if (str_eq_nocase(x->name, str_of(records[i].name)))
			x->kind = records[i].kind;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (x->kind == MAIL_EVENT_FAILED && str_is(type, types[i].name))
			x->kind = types[i].kind;
	x->mail = id;
	mail_event_about(x, id);
	mail_event_about(
	    x, ARENA_JOIN(&x->n->message.arena, id, STR("@mtasv.net")));
	mail_event_recipient(x, native_any(x->n, v, whom));
	x->from = text(x, v, "From");
	x->subject = text(x, v, "Subject");
	x->code = type;
	x->reason = native_any(x->n, v, reasons);
	x->url = text(x, v, "OriginalLink");
	x->agent = text(x, v, "UserAgent");
	number = text(x, v, "ID");
	if (number.n > 0)
		x->id =
		    ARENA_JOIN(&x->n->message.arena, x->name, STR("/"), number);
	take_times(x, v);
	if (str_is(x->name, "SubscriptionChange"))
		take_change(x, v);
	return true;
}
