/*
 * Zendesk: what its API answers, the account's export of tickets (one a line),
 * and tables: those that pipelines into databases make of the API, and the one
 * that agents export.
 */
#include "source/zendesk/zendesk.h"

#include "source/json/items.h"
#include "source/peek.h"

/* Members by which objects are told, from others' of the same kind, too. */
static const char *const of_ticket[] = { "requester_id", "submitter_id",
	"collaborator_ids", "brand_id", "ticket_form_id", "raw_subject",
	"forum_topic_id", "problem_id", "has_incidents",
	"sharing_agreement_ids", "satisfaction_rating", "via", "follower_ids",
	"email_cc_ids", "can_be_solved_by_me", "metric_set", NULL };
static const char *const of_comment[] = { "author_id", "plain_body",
	"html_body", "public", "via", "audit_id", "metadata", NULL };
static const char *const of_audit[] = { "ticket_id", "author_id", "events",
	"metadata", "via", NULL };
static const char *const of_user[] = { "locale_id", "shared_agent",
	"restricted_agent", "two_factor_auth_enabled", "ticket_restriction",
	"only_private_comments", "moderator", "chat_only", "default_group_id",
	"user_fields", NULL };
static const char *const of_suspended[] = { "cause", "author", "content", "via",
	"error_messages", "message_id", NULL };
static const char *const of_rating[] = { "assignee_id", "group_id",
	"requester_id", "ticket_id", "score", NULL };
static const char *const of_event[] = { "child_events", "ticket_id",
	"updater_id", "timestamp", "event_type", NULL };
static const char *const of_chat[] = { "visitor", "session", "history",
	"zendesk_ticket_id", "department_id", "department_name", "started_by",
	"webpath", "triggered", "agent_names", "conversions", "unread", NULL };
static const char *const of_organization[] = { "domain_names", "shared_tickets",
	"shared_comments", "organization_fields", NULL };

static const char *const of_upload[] = { "token", "expires_at", "attachments",
	"attachment", NULL };

/* How many of each are enough. */
static const struct ticket_mark marks[] = {
	{ of_ticket, 4 },
	{ of_comment, 5 },
	{ of_audit, 5 },
	{ of_user, 3 },
	{ of_suspended, 5 },
	{ of_rating, 5 },
	{ of_event, 4 },
	{ of_chat, 5 },
	{ of_organization, 3 },
	{ of_upload, 4 },
};
enum { MARKS = sizeof(marks) / sizeof(*marks) };

struct look {
	unsigned seen[2][MARKS]; /* of the object itself, of one within */
	bool url; /* of an object of the API */
	bool wrapper;
};

static const char *const wrappers[] = { "ticket", "tickets", "comments",
	"audits", "request", "requests", "suspended_tickets",
	"suspended_ticket", "user", "users", "organizations", "organization",
	"ticket_events", "satisfaction_ratings", "satisfaction_rating", "chats",
	"chat", "comment", "results", "audit", "docs", "upload", NULL };

/* "https://lamp.zendesk.com/api/v2/tickets/1.json" */
static bool
is_api(struct str url)
{
	struct str host = str_sub(url, 0, 80);

	return str_starts(url, STR("https:")) &&
	       str_find(url, STR("/api/v2/")) > 0 &&
	       (str_find(host, STR(".zendesk.com")) > 0 ||
		   str_find(host, STR(".zd-")) > 0);
}

static void
see(void *arg, const struct peeked *p)
{
	struct look *l = arg;
	bool within = p->within.n > 0;

	if (ticket_is_name(p->name, "url") ||
	    ticket_is_name(p->name, "next_page"))
		l->url |= is_api(p->text);
	if (within && !ticket_is_among(p->within, wrappers))
		return;
	l->wrapper |= !within && ticket_is_among(p->name, wrappers) &&
		      (p->first == '[' || p->first == '{');
	ticket_count(marks, MARKS, p->name, l->seen[within]);
}

static int
sniff_json(struct str head)
{
	struct look l = { 0 };

	json_peek(head, see, &l);
	if (l.url)
		return 92;
	for (size_t i = 0; i < MARKS; i++)
		if (l.seen[0][i] >= marks[i].enough ||
		    (l.wrapper && l.seen[1][i] >= marks[i].enough))
			return 86;
	return 0;
}

static int
zendesk_sniff(const char *base_name, struct str head)
{
	struct str s = peek_unmarked(head);

	(void)base_name;
	return json_peek_is(s) ? sniff_json(s) : zendesk_sniff_table(head);
}

static int
zendesk_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "tickets", "comments", "audits",
		"requests", "suspended_tickets", "ticket_events",
		"satisfaction_ratings", "chats", "users", "organizations",
		"results", "docs", NULL };
	static const char *const sides[] = { "users", "organizations", "groups",
		"last_audits", "metric_sets", NULL };
	static const char *const together[] = { "ticket", "request", "comments",
		"child_events", "history", NULL };
	static const char *const repeat[] = { "ticket", "next_page",
		"previous_page", "id", "url", "subject", "requester_id",
		"submitter_id", "assignee_id", "created_at", "description",
		"recipient", "via", "status", "requester", "submitter",
		"assignee", NULL };
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
				  : zendesk_read_table(in, file, e);
}

const struct source_format source_zendesk = {
	.name = "zendesk",
	.about = "Zendesk: tickets with comments, audits, chats, users; JSON "
		 "and tables",
	.sniff = zendesk_sniff,
	.read = zendesk_read,
	.sniff_tree = zendesk_sniff_tree,
	.read_tree = zendesk_read_tree,
	.release_tree = zendesk_release_tree,
	.normalize = zendesk_normalize,
};
