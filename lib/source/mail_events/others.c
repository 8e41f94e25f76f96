/*
 * Brevo, Mandrill, Resend and SparkPost: the same words in a few spellings, of
 * an object that stands in msys, data or beside msg.
 */
#include "source/mail_events/events.h"
#include "source/desk/spelling.h"

enum { MACHINE = MAIL_EVENT_COMPLAINT + 1 };

static const struct spelling words[] = {
	{ "ampclick", MAIL_EVENT_OPENED },
	{ "ampopen", MAIL_EVENT_OPENED },
	{ "blocked", MAIL_EVENT_FAILED },
	{ "bounce", MAIL_EVENT_FAILED },
	{ "bounced", MAIL_EVENT_FAILED },
	{ "click", MAIL_EVENT_OPENED },
	{ "clicked", MAIL_EVENT_OPENED },
	{ "complained", MAIL_EVENT_COMPLAINT },
	{ "deferral", MAIL_EVENT_DELAYED },
	{ "deferred", MAIL_EVENT_DELAYED },
	{ "delay", MAIL_EVENT_DELAYED },
	{ "delivered", MAIL_EVENT_DELIVERED },
	{ "delivery", MAIL_EVENT_DELIVERED },
	{ "deliverydelayed", MAIL_EVENT_DELAYED },
	{ "error", MAIL_EVENT_FAILED },
	{ "failed", MAIL_EVENT_FAILED },
	{ "generationfailure", MAIL_EVENT_FAILED },
	{ "generationrejection", MAIL_EVENT_FAILED },
	{ "hardbounce", MAIL_EVENT_FAILED },
	{ "initialopen", MAIL_EVENT_OPENED },
	{ "injection", MAIL_EVENT_SENT },
	{ "invalidemail", MAIL_EVENT_FAILED },
	{ "linkunsubscribe", MAIL_EVENT_OUT },
	{ "listunsubscribe", MAIL_EVENT_OUT },
	{ "open", MAIL_EVENT_OPENED },
	{ "opened", MAIL_EVENT_OPENED },
	{ "outofband", MAIL_EVENT_FAILED },
	{ "policyrejection", MAIL_EVENT_FAILED },
	{ "proxyopen", MACHINE },
	{ "reject", MAIL_EVENT_FAILED },
	{ "request", MAIL_EVENT_SENT },
	{ "send", MAIL_EVENT_SENT },
	{ "sent", MAIL_EVENT_SENT },
	{ "softbounce", MAIL_EVENT_FAILED },
	{ "spam", MAIL_EVENT_COMPLAINT },
	{ "spamcomplaint", MAIL_EVENT_COMPLAINT },
	{ "uniqueopened", MAIL_EVENT_OPENED },
	{ "uniqueproxyopen", MACHINE },
	{ "unsub", MAIL_EVENT_OUT },
	{ "unsubscribed", MAIL_EVENT_OUT },
};
static const struct spellings all = SPELLINGS(words);

/* The event itself, and what of the mail stands in an object of its own. */
struct place {
	struct json event, mail;
	const char *service;
};

static bool
find(struct json v, struct place *p)
{
	static const char *const msys[] = { "message_event", "track_event",
		"unsubscribe_event", "gen_event", "relay_event", NULL };
	struct json in = json_get(v, "msys"), data = json_get(v, "data");

	*p = (struct place){ .event = v, .mail = JSON_ABSENT };
	for (size_t i = 0; msys[i] != NULL; i++)
		if (json_type(json_get(in, msys[i])) == JSON_OBJECT) {
			p->event = json_get(in, msys[i]);
			p->service = "sparkpost";
		}
	if (json_type(json_get(data, "email_id")) == JSON_STRING) {
		p->mail = data;
		p->service = "resend";
	} else if (json_type(json_get(v, "msg")) == JSON_OBJECT) {
		p->mail = json_get(v, "msg");
		p->service = "mandrill";
	} else if (json_type(json_get(v, "message-id")) == JSON_STRING) {
		p->service = "brevo";
	}
	return p->service != NULL;
}

static struct str
any(struct mail_event *x, const struct place *p, const char *const *names)
{
	struct str s = native_any(x->n, p->mail, names);

	return s.n > 0 ? s : native_any(x->n, p->event, names);
}

static void
take_kind(struct mail_event *x)
{
	struct str word = x->name;
	int kind;

	if (str_starts(word, STR("email.")))
		word = str_sub(word, 6, word.n);
	kind = spelling_of(&all, word);
	x->machine = kind == MACHINE;
	if (kind != SPELLING_NONE)
		x->kind =
		    x->machine ? MAIL_EVENT_OPENED : (enum mail_event_kind)kind;
}

static void
take_mail(struct mail_event *x, const struct place *p)
{
	static const char *const ids[] = { "message-id", "email_id",
		"message_id", "_id", NULL };
	static const char *const whom[] = { "email", "rcpt_to", NULL };
	static const char *const from[] = { "sender", "friendly_from", "from",
		NULL };
	static const char *const subject[] = { "subject", NULL };
	struct json to = json_get(p->mail, "to"), one;
	struct json_iter it = json_each(to);

	x->mail = any(x, p, ids);
	mail_event_about(x, x->mail);
	mail_event_about(x, native_text(x->n, p->mail, "message_id"));
	mail_event_recipient(x, any(x, p, whom));
	while (json_type(to) == JSON_LIST && json_next(&it, NULL, &one))
		mail_event_recipient(x, native_value(x->n, one));
	x->from = any(x, p, from);
	x->subject = any(x, p, subject);
}

bool
mail_event_others(struct mail_event *x, struct json v)
{
	static const char *const names[] = { "event", "type", NULL };
	static const char *const times[] = { "ts_event", "ts", "timestamp",
		"created_at", "date", NULL };
	static const char *const reasons[] = { "raw_reason", "reason", "diag",
		"bounce_description", NULL };
	static const char *const codes[] = { "error_code", NULL };
	static const char *const ids[] = { "event_id", NULL };
	static const char *const urls[] = { "link", "url", "target_link_url",
		NULL };
	static const char *const agents[] = { "user_agent", NULL };
	struct place p;

	if (!find(v, &p))
		return false;
	x->name = native_any(x->n, p.event, names);
	if (x->name.n == 0)
		return false;
	x->service = p.service;
	take_kind(x);
	take_mail(x, &p);
	x->id = native_any(x->n, p.event, ids);
	x->reason = any(x, &p, reasons);
	if (x->reason.n == 0)
		x->reason =
		    native_text(x->n, json_get(p.mail, "bounce"), "message");
	x->code = any(x, &p, codes);
	x->url = any(x, &p, urls);
	x->agent = any(x, &p, agents);
	if (native_time_text(x->n, native_any(x->n, p.event, times), &x->at) <
	    0)
		x->at = TIME_NONE;
	return true;
}
