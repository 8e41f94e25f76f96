/*
 * Events of mail as services post or list them: in lists, one a line, one
 * behind the other, or in the wraps of queues and of functions in a cloud.
 */
#include "source/json/items.h"
#include "source/mail_events/events.h"
#include "source/peek.h"
#include "source/table/table.h"

struct look {
	/* Members that tell a service, together. */
	unsigned ses, sendgrid, postmark, mailgun;
	bool event, msys, resend, brevo, mandrill;
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const ses[] = { "eventType", "notificationType",
		"mail", NULL };
	static const char *const sendgrid[] = { "sg_event_id", "sg_message_id",
		"smtp-id", NULL };
	static const char *const records[] = { "Delivery", "Bounce",
		"SpamComplaint", "Open", "Click", "SubscriptionChange", NULL };
	static const char *const postmark[] = { "MessageID", "MessageStream",
		"BouncedAt", "TypeCode", "ServerID", NULL };
	static const char *const mailgun[] = { "log-level", "recipient-domain",
		"delivery-status", "user-variables", "client-info", NULL };
	struct look *l = arg;

	if (str_is_one_of(p->name, ses) &&
	    (p->within.n == 0 || str_is(p->within, "detail")))
		l->ses |= str_is(p->name, "mail") ? 1u : 2u;
	l->event |= str_is(p->name, "event") && p->first == '"';
	l->sendgrid += str_is_one_of(p->name, sendgrid);
	if (str_is(p->name, "RecordType") && str_is_one_of(p->text, records))
		l->postmark += 2;
	l->postmark += str_is_one_of(p->name, postmark);
	l->mailgun += str_is_one_of(p->name, mailgun);
	l->msys |= str_is(p->name, "msys") && p->first == '{';
	l->resend |=
	    str_is(p->name, "type") && str_starts(p->text, STR("email."));
	l->brevo |= str_is(p->name, "message-id");
	l->mandrill |= str_is(p->name, "msg") && p->first == '{';
	if (str_is(p->name, "event-data") && p->first == '{')
		l->mailgun += 2;
}

/* What is wrapped as a string is looked for as it is written there. */
static bool
has_wrapped(struct str head)
{
	bool event = str_find(head, STR("notificationType\\\"")) >= 0 ||
		     str_find(head, STR("eventType\\\"")) >= 0 ||
		     str_find(head, STR("notificationType\\\\\\\"")) >= 0 ||
		     str_find(head, STR("eventType\\\\\\\"")) >= 0;
	bool mail = str_find(head, STR("mail\\\"")) >= 0 ||
		    str_find(head, STR("mail\\\\\\\"")) >= 0;

	return event && mail;
}

/* SendGrid's activity. */
static int
sniff_table(struct str head)
{
	static const char *const marks[] = { "sg_message_id", "sg_event_id",
		"recv_message_id", "asm_group_id", "message_id", "is_unique",
		"originating_ip", NULL };
	struct table *t = table_peek(head, NULL);
	bool event = false, email = false;
	const struct str *names;
	unsigned known = 0;
	size_t n;

	if (t == NULL)
		return 0;
	n = table_columns(t, &names);
	for (size_t i = 0; i < n; i++) {
		event |= str_is(names[i], "event");
		email |= str_is(names[i], "email");
		known += str_is_one_of(names[i], marks);
	}
	table_close(t);
	return event && email && known >= 2 ? 92 : 0;
}

static int
mail_events_sniff(const char *base_name, struct str head)
{
	struct look l = { 0 };

	(void)base_name;
	if (!json_peek_is(head))
		return sniff_table(head);
	json_peek(head, see, &l);
	if (l.ses == 3 || (l.event && l.sendgrid > 0) || l.postmark >= 3 ||
	    (l.event && l.mailgun >= 2) || l.mailgun >= 3 || l.msys)
		return 92;
	if ((l.resend && str_find(head, STR("\"email_id\"")) >= 0) ||
	    (l.event && l.mandrill && str_find(head, STR("\"ts\"")) >= 0) ||
	    (l.event && l.brevo && str_find(head, STR("\"email\"")) >= 0))
		return 90;
	return has_wrapped(head) && str_find(head, STR("TopicArn")) >= 0 ? 92
									 : 0;
}

static int
mail_events_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "items", "Bounces", "Records",
		"Messages", "events", "Opens", "Clicks", NULL };
	static const char *const repeat[] = { NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 1024, .whole = true
	};

	return items_or_table_read(in, file, &form, e);
}

const struct source_format source_mail_events = {
	.name = "mail-events",
	.about =
	    "what SES, SendGrid, Postmark, Mailgun, Brevo ... report of mail",
	.sniff = mail_events_sniff,
	.most = 92,
	.read = mail_events_read,
	.normalize = mail_events_normalize,
	.release = mail_events_release,
};
