/*
 * SendGrid: flat objects, in lists as its event webhook posts them, and rows of
 * its table of activity.
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
	{ "processed", MAIL_EVENT_SENT },
	{ "delivered", MAIL_EVENT_DELIVERED },
	{ "deferred", MAIL_EVENT_DELAYED },
	{ "dropped", MAIL_EVENT_FAILED },
	{ "bounce", MAIL_EVENT_FAILED },
	{ "blocked", MAIL_EVENT_FAILED },
	{ "open", MAIL_EVENT_OPENED },
	{ "click", MAIL_EVENT_OPENED },
	{ "spamreport", MAIL_EVENT_COMPLAINT },
	{ "unsubscribe", MAIL_EVENT_OUT },
	{ "group_unsubscribe", MAIL_EVENT_OUT },
	{ "group_resubscribe", MAIL_EVENT_IN },
};

/* What the sending answered with stands before the name of a server. */
static void
take_id(struct mail_event *x, struct str id)
{
	static const char *const servers[] = { ".filter", ".recvd", NULL };

	for (size_t i = 0; servers[i] != NULL; i++) {
		ptrdiff_t at = str_find(id, str_of(servers[i]));

		if (at > 0)
			mail_event_about(x, str_sub(id, 0, (size_t)at));
	}
	mail_event_about(x, id);
}

bool
mail_event_sendgrid(struct mail_event *x, struct json v)
{
	static const char *const reasons[] = { "reason", "response", NULL };
	static const char *const groups[] = { "asm_group_id", NULL };
	static const char *const ids[] = { "sg_message_id", "message_id",
		NULL };
	static const char *const agents[] = { "useragent", "user_agent", NULL };
	static const char *const times[] = { "timestamp", "processed", NULL };
	struct str id = native_any(x->n, v, ids);
	struct str smtp = text(x, v, "smtp-id");

	x->name = text(x, v, "event");
	x->id = text(x, v, "sg_event_id");
	if (smtp.n == 0)
		smtp = text(x, v, "smtp_id");
	if (x->name.n == 0 || (id.n == 0 && smtp.n == 0 && x->id.n == 0))
		return false;
	x->service = "sendgrid";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(x->name, kinds[i].name))
			x->kind = kinds[i].kind;
	mail_event_about(x, smtp);
	take_id(x, id);
	x->mail = id;
	mail_event_recipient(x, text(x, v, "email"));
	x->code = text(x, v, "status");
	x->reason = native_any(x->n, v, reasons);
	x->url = text(x, v, "url");
	x->agent = native_any(x->n, v, agents);
	x->list = native_any(x->n, v, groups);
	x->machine = json_true(json_get(v, "sg_machine_open")) ||
		     json_is(json_get(v, "sg_machine_open"), "true");
	if (native_time_text(x->n, native_any(x->n, v, times), &x->at) < 0)
		x->at = TIME_NONE;
	return true;
}
