/*
 * Intercom: what its API answers and its hooks bring, and tables that pipelines
 * make of it.
 */
#include "source/intercom/intercom.h"

#include "source/json/items.h"
#include "source/peek.h"

static const char *const of_conversation[] = { "conversation_parts",
	"conversation_message", "source", "first_contact_reply", "statistics",
	"admin_assignee_id", "team_assignee_id", "waiting_since",
	"snoozed_until", "conversation_rating", "teammates", "sla_applied",
	"linked_objects", "ai_agent_participated", "ticket_parts",
	"ticket_attributes", "contacts", "state", NULL };
/* What stands only in one that has messages. */
static const char *const of_talk[] = { "conversation_parts", "ticket_parts",
	"part_type", "conversation_message", NULL };
static const char *const of_part[] = { "part_type", "author", "assigned_to",
	"notified_at", "redacted", "external_id", NULL };
static const char *const of_contact[] = { "workspace_id", "external_id",
	"owner_id", "has_hard_bounced", "marked_email_as_spam",
	"unsubscribed_from_emails", "signed_up_at", "last_contacted_at",
	"last_replied_at", "last_email_opened_at", "social_profiles",
	"remote_created_at", NULL };
static const char *const of_admin[] = { "away_mode_enabled",
	"away_mode_reassign", "has_inbox_seat", "team_ids", "job_title", NULL };

static const struct ticket_mark marks[] = {
	{ of_conversation, 4 },
	{ of_part, 4 },
	{ of_contact, 4 },
	{ of_admin, 3 },
};
enum { MARKS = sizeof(marks) / sizeof(*marks) };

struct look {
	unsigned seen[2][MARKS]; /* of the object itself, of one within */
	unsigned hook;
	bool type; /* "conversation", "conversation.list": Intercom's words */
	bool parts;
};

static const char *const lists[] = { "conversations", "data", "item",
	"contacts", "users", "leads", "admins", "conversation_parts",
	"conversation", "tickets", "contact", "companies", NULL };

static bool
is_type(struct str s)
{
	static const char *const types[] = { "conversation",
		"conversation.list", "conversation_part",
		"conversation_part.list", "contact.list", "user.list",
		"admin.list", "contact", "list", "ticket", "ticket.list",
		NULL };

	return str_is_one_of(s, types);
}

static void
see(void *arg, const struct peeked *p)
{
	struct look *l = arg;
	bool within = p->within.n > 0;

	if (within && !ticket_is_among(p->within, lists))
		return;
	l->type |= !within && str_is(p->name, "type") && is_type(p->text);
	l->parts |= ticket_is_among(p->name, of_talk);
	l->hook += !within &&
		   ((str_is(p->name, "type") &&
			str_is(p->text, "notification_event")) ||
		       str_is(p->name, "topic") || str_is(p->name, "app_id"));
	ticket_count(marks, MARKS, p->name, l->seen[within]);
}

/* Their type and members, or enough of these. */
static int
sniff_json(struct str head)
{
	struct look l = { 0 };

	json_peek(head, see, &l);
	if (l.hook == 3)
		return 92;
	for (size_t i = 0; i < MARKS; i++)
		for (int within = 0; within < 2; within++) {
			unsigned more = i == 0 && !l.parts;

			if (l.seen[within][i] >= marks[i].enough + more)
				return 88;
			if (l.type && l.parts && l.seen[within][i] >= 2)
				return 84;
		}
	return 0;
}

static int
intercom_sniff(const char *base_name, struct str head)
{
	struct str s = peek_unmarked(head);

	(void)base_name;
	return json_peek_is(s) ? sniff_json(s) : intercom_sniff_table(head);
}

static int
intercom_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "conversations", "data",
		"contacts", "users", "leads", "admins", "teams", "tickets",
		"conversation_parts/conversation_parts", "conversation_parts",
		NULL };
	static const char *const together[] = { "source", "conversation_parts",
		"conversation_message", "conversation_rating", "author",
		"custom_attributes", "location", "social_profiles",
		"ticket_attributes", "item", NULL };
	static const char *const repeat[] = { "id", "type", "source",
		"created_at", "contacts", "app_id", "topic", "title", "user",
		"customers", "conversation_message", NULL };
	static const struct items_form form = { .paths = paths,
		.repeat = repeat,
		.together = together,
		.each = 64 << 10,
		.whole = true };
	struct str head;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	return json_peek_is(head) ? items_form_read(in, file, &form, e)
				  : intercom_read_table(in, file, e);
}

const struct source_format source_intercom = {
	.name = "intercom",
	.about = "Intercom: conversations, hooks, contacts; JSON and tables",
	.sniff = intercom_sniff,
	.read = intercom_read,
	.sniff_tree = intercom_sniff_tree,
	.read_tree = intercom_read_tree,
	.release_tree = intercom_release_tree,
	.normalize = intercom_normalize,
};
