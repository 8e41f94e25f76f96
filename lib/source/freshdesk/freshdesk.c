/*
 * Freshdesk: what its API answers, the account's export, and the table that
 * agents export; and Freshchat's conversations.
 */
#include "source/freshdesk/freshdesk.h"

#include "source/json/items.h"
#include "source/peek.h"

static const char *const of_ticket[] = { "responder_id", "requester_id",
	"description_text", "fr_escalated", "fr_due_by", "fwd_emails",
	"reply_cc_emails", "email_config_id", "company_id", "source",
	"is_escalated", "ticket_cc_emails", "spam", "conversations",
	"display_id", "helpdesk_notes", NULL };
static const char *const of_conversation[] = { "body_text", "incoming",
	"private", "user_id", "support_email", "to_emails", "from_email",
	"bcc_emails", NULL };
static const char *const of_contact[] = { "other_emails", "unique_external_id",
	"view_all_tickets", "mobile", "custom_fields", "twitter_id",
	"other_companies", "active", "helpdesk_agent", NULL };
static const char *const of_rating[] = { "survey_id", "ratings", "feedback",
	"agent_id", "ticket_id", NULL };
static const char *const of_message[] = { "message_parts", "actor_type",
	"actor_id", "message_type", "created_time", "app_id", NULL };
static const char *const of_hook[] = { "actor", "action", "action_time", "data",
	NULL };

static const struct ticket_mark marks[] = {
	{ of_ticket, 5 },
	{ of_conversation, 5 },
	{ of_contact, 4 },
	{ of_rating, 4 },
	{ of_message, 4 },
	{ of_hook, 4 },
};
enum { MARKS = sizeof(marks) / sizeof(*marks) };

struct look {
	unsigned seen[2][MARKS]; /* of the object itself, of one within */
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const wrappers[] = { "ticket", "helpdesk_ticket",
		"tickets", "results", "conversations", "contacts", "contact",
		"messages", "user", "satisfaction_ratings", NULL };
	struct look *l = arg;
	bool within = p->within.n > 0;

	if (!within || ticket_is_among(p->within, wrappers))
		ticket_count(marks, MARKS, p->name, l->seen[within]);
}

static int
freshdesk_sniff(const char *base_name, struct str head)
{
	struct str s = peek_unmarked(head);
	struct look l = { 0 };

	(void)base_name;
	if (!json_peek_is(s))
		return freshdesk_sniff_table(head);
	/* The account's export. */
	if (str_find(str_sub(s, 0, 64), STR("\"helpdesk_ticket\"")) > 0)
		return 92;
	json_peek(head, see, &l);
	for (size_t i = 0; i < MARKS; i++)
		if (l.seen[0][i] >= marks[i].enough ||
		    l.seen[1][i] >= marks[i].enough)
			return 86;
	return 0;
}

static int
freshdesk_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "tickets", "results",
		"conversations", "notes", "helpdesk_notes", "contacts",
		"satisfaction_ratings", "messages", "users", NULL };
	static const char *const sides[] = { "users", "agents", NULL };
	static const char *const together[] = { "ticket", "helpdesk_ticket",
		"conversations", "notes", "helpdesk_notes", "actor", NULL };
	static const char *const repeat[] = { "ticket", "id", "display_id",
		"subject", "description_text", "requester_id", "requester",
		"source", "created_at", "responder_id", "conversation_id",
		"spam", "deleted", NULL };
	static const struct items_form form = { .paths = paths,
		.repeat = repeat,
		.sides = sides,
		.together = together,
		.each = 64 << 10,
		.whole = true };
	struct str head;

	if (input_peek(file, SOURCE_HEAD, &head, e) < 0)
		return -1;
	return json_peek_is(head) ? items_form_read(in, file, &form, e)
				  : freshdesk_read_table(in, file, e);
}

const struct source_format source_freshdesk = {
	.name = "freshdesk",
	.about = "Freshdesk: tickets, contacts, ratings; Freshchat's "
		 "conversations",
	.sniff = freshdesk_sniff,
	.read = freshdesk_read,
	.normalize = freshdesk_normalize,
};
