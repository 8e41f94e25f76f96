/*
 * Logs of push notifications: events of OneSignal, Airship and Firebase's
 * export to BigQuery, as JSON and as tables, and OneSignal's list of what was
 * sent to many.
 */
#include "source/push/push.h"

#include "source/json/items.h"
#include "source/peek.h"
#include "source/table/table.h"

/* Names that only one service has, and its values where they are common. */
struct look {
	bool instance, message_type, kind; /* Firebase; OneSignal's events */
	bool event, message;
	bool occurred, device, body, type; /* Airship */
	unsigned list; /* OneSignal's notifications */
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const of_list[] = { "contents", "headings",
		"queued_at", "successful", "completed_at", "converted", NULL };
	struct look *l = arg;
	bool top = p->within.n == 0;

	l->instance |= top && str_is(p->name, "instance_id");
	l->message |= top && str_is(p->name, "message_id");
	l->event |= top && str_is(p->name, "event");
	l->message_type |= top && (str_is(p->name, "message_type") ||
				      str_is(p->name, "sdk_platform"));
	l->kind |=
	    ((top && str_is(p->name, "event.kind")) ||
		(str_is(p->within, "event") && str_is(p->name, "kind"))) &&
	    str_starts(p->text, STR("message.push."));
	l->occurred |= top && str_is(p->name, "occurred");
	l->device |= top && str_is(p->name, "device");
	l->body |= top && str_is(p->name, "body") && p->first == '{';
	l->type |=
	    top && str_is(p->name, "type") && push_event(p->text) != PUSH_OTHER;
	if (!top && !str_is(p->within, "notifications"))
		return;
	l->list += str_is_one_of(p->name, of_list);
}

/* A table with a notification, a device, an event and a time, one of whose
 * columns only pushing has. */
static int
sniff_table(struct str head)
{
	static const char *const marks[] = { "instanceid", "playerid", "pushid",
		"devicetoken", "pushtoken", "fcmtoken", "nameduserid",
		"subscriptionid", "registrationtoken", "apnsid", NULL };
	char plain[PUSH_NAME];
	struct table *t = table_peek(head, NULL);
	const struct str *names;
	unsigned seen = 0, wanted = 1U << PUSH_MESSAGE | 1U << PUSH_EVENT |
				    1U << PUSH_DEVICE | 1U << PUSH_TIME;
	bool mark = false;
	size_t n;

	if (t == NULL)
		return 0;
	n = table_columns(t, &names);
	for (size_t i = 0; i < n; i++) {
		enum push_member m = push_member(names[i]);

		if (m < PUSH_MEMBERS)
			seen |= 1U << m;
		for (size_t k = 0; marks[k] != NULL; k++)
			mark |= str_is(push_letters(names[i], plain), marks[k]);
	}
	table_close(t);
	return mark && (seen & wanted) == wanted ? 84 : 0;
}

static int
push_sniff(const char *base_name, struct str head)
{
	struct look l = { .list = 0 };

	(void)base_name;
	if (!json_peek_is(head))
		return head.n == 0 ? 0 : sniff_table(head);
	json_peek(head, see, &l);
	if (l.kind || (l.instance && l.message && l.event && l.message_type))
		return 88;
	if (l.occurred && l.device && l.body && l.type)
		return 86;
	return l.list >= 3 ? 86 : 0;
}

static int
push_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "notifications", "events", "rows",
		"data", NULL };
	static const char *const repeat[] = { NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 1024, .whole = true
	};

	return items_or_table_read(in, file, &form, e);
}

const struct source_format source_push = {
	.name = "push",
	.about = "push notifications: OneSignal, Firebase (BigQuery), Airship",
	.sniff = push_sniff,
	.most = 88,
	.read = push_read,
	.normalize = push_normalize,
};
