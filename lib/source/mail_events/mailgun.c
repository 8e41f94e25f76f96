/*
 * Mailgun: the event of a webhook stands in event-data, those of its API in
 * items.
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
} kinds[] = {
	{ "accepted", MAIL_EVENT_SENT },
	{ "delivered", MAIL_EVENT_DELIVERED },
	{ "failed", MAIL_EVENT_FAILED },
	{ "rejected", MAIL_EVENT_FAILED },
	{ "opened", MAIL_EVENT_OPENED },
	{ "clicked", MAIL_EVENT_OPENED },
	{ "unsubscribed", MAIL_EVENT_OUT },
	{ "complained", MAIL_EVENT_COMPLAINT },
};

bool
mail_event_mailgun(struct mail_event *x, struct json v)
{
	static const char *const reasons[] = { "message", "description", NULL };
	struct json status = json_get(v, "delivery-status");
	struct json headers = native_at(v, "message/headers");
	struct json client = json_get(v, "client-info");
	struct str bot = text(x, client, "bot");

	x->name = text(x, v, "event");
	x->id = text(x, v, "id");
	if (x->name.n == 0 ||
	    (json_type(headers) != JSON_OBJECT && x->id.n == 0))
		return false;
	x->service = "mailgun";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(x->name, kinds[i].name))
			x->kind = kinds[i].kind;
	if (x->kind == MAIL_EVENT_FAILED &&
	    str_is(text(x, v, "severity"), "temporary"))
		x->kind = MAIL_EVENT_DELAYED;
	x->mail = text(x, headers, "message-id");
	mail_event_about(x, x->mail);
	mail_event_recipient(x, text(x, v, "recipient"));
	x->from = text(x, headers, "from");
	x->subject = text(x, headers, "subject");
	x->code = text(x, status, "enhanced-code");
	if (x->code.n == 0)
		x->code = text(x, status, "code");
	x->reason = native_any(x->n, status, reasons);
	if (x->reason.n == 0)
		x->reason = native_text(x->n, json_get(v, "reject"), "reason");
	if (x->reason.n == 0)
		x->reason = text(x, v, "reason");
	x->url = text(x, v, "url");
	x->agent = text(x, client, "user-agent");
	x->machine = bot.n > 0;
	if (native_time(x->n, json_get(v, "timestamp"), &x->at) < 0)
		x->at = TIME_NONE;
	return true;
}
