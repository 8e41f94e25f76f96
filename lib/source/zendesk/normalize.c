/*
 * What an item is: objects of the API tell by their members, whatever they are
 * wrapped in.
 */
#include "source/zendesk/zendesk.h"

static bool
has(enum ticket_spelling how, struct json v, const char *name)
{
	return json_type(ticket_get(how, v, name)) != JSON_NONE;
}

static bool
is_list(enum ticket_spelling how, struct json v, const char *name)
{
	return json_type(ticket_get(how, v, name)) == JSON_LIST;
}

static bool
is_ticket(enum ticket_spelling how, struct json v)
{
	struct json asks = ticket_get(how, v, "requester");

	return has(how, v, "id") &&
	       (has(how, v, "subject") || has(how, v, "description") ||
		   has(how, v, "raw_subject")) &&
	       (has(how, v, "requester_id") || json_type(asks) == JSON_OBJECT ||
		   (has(how, v, "status") && has(how, v, "created_at")));
}

static bool
is_comment(enum ticket_spelling how, struct json v)
{
	return (has(how, v, "author_id") || has(how, v, "user_id") ||
		   has(how, v, "author")) &&
	       (has(how, v, "body") || has(how, v, "html_body") ||
		   has(how, v, "plain_body") || has(how, v, "data") ||
		   (has(how, v, "ticket_id") && has(how, v, "public")));
}

static bool
is_user(enum ticket_spelling how, struct json v)
{
	return has(how, v, "role") ||
	       ((has(how, v, "email") || has(how, v, "phone")) &&
		   has(how, v, "name"));
}

/* From what nothing else is to what others have members of, too. */
static enum zendesk_kind
kind_of(enum ticket_spelling how, struct json v)
{
	if (is_list(how, v, "child_events"))
		return ZENDESK_CHANGES;
	if (is_list(how, v, "events") && has(how, v, "ticket_id"))
		return ZENDESK_AUDIT;
	if (has(how, v, "field_name") && has(how, v, "ticket_id"))
		return ZENDESK_CHANGE;
	if (has(how, v, "chat_id") && has(how, v, "type"))
		return ZENDESK_CHAT_EVENT;
	if (has(how, v, "visitor") &&
	    (has(how, v, "session") || has(how, v, "history") ||
		has(how, v, "message")))
		return ZENDESK_CHAT;
	if (has(how, v, "cause") && has(how, v, "author"))
		return ZENDESK_SUSPENDED;
	if (has(how, v, "score") && has(how, v, "ticket_id"))
		return ZENDESK_RATING;
	if (is_ticket(how, v))
		return ZENDESK_TICKET;
	if (is_list(how, v, "comments"))
		return ZENDESK_COMMENTS;
	if (is_comment(how, v))
		return ZENDESK_COMMENT;
	if (has(how, v, "domain_names") || has(how, v, "shared_tickets"))
		return ZENDESK_ORGANIZATION;
	return is_user(how, v) ? ZENDESK_USER : ZENDESK_UNKNOWN;
}

static void
open_item(struct zendesk *z, struct json native)
{
	static const char *const wrappers[] = { "ticket", "request",
		"suspended_ticket", "user", "organization", "comment", "chat",
		"satisfaction_rating", NULL };
	struct json beside = json_get(z->n->root, "beside");

	z->item = native;
	z->how = ticket_spelling(native);
	z->around = json_type(beside) == JSON_OBJECT ? beside : native;
	if (kind_of(z->how, native) == ZENDESK_UNKNOWN)
		for (size_t i = 0; wrappers[i] != NULL; i++) {
			struct json v = ticket_get(z->how, native, wrappers[i]);

			if (json_type(v) != JSON_OBJECT)
				continue;
			z->around = native;
			z->item = v;
			z->how = ticket_spelling(v);
			break;
		}
	z->users = zendesk_get(z, z->around, "users");
	if (json_type(z->users) != JSON_LIST)
		z->users = zendesk_get(z, z->item, "users");
}

/* The ticket of a part: beside it, or what stood around it in a list. */
static void
find_ticket(struct zendesk *z, enum zendesk_kind kind)
{
	if (kind == ZENDESK_TICKET) {
		z->ticket = z->item;
		return;
	}
	z->ticket = zendesk_get(z, z->around, "ticket");
	if (json_type(z->ticket) != JSON_OBJECT &&
	    kind_of(z->how, z->around) == ZENDESK_TICKET)
		z->ticket = z->around;
}

static enum stage_result
other(struct zendesk *z, struct err *e)
{
	struct json url = zendesk_get(z, z->item, "url");

	/* A form, a field, a macro ..., or a list of them. */
	if (str_find(native_value(z->n, url), STR("/api/v2/")) < 0 &&
	    (json_type(z->item) != JSON_OBJECT ||
		str_find(json_raw(z->item), STR("/api/v2/")) < 0))
		return zendesk_listed(z, e);
	sink_sum(z->n->sink, "objects of Zendesk without a message", 1);
	return STAGE_OK;
}

enum stage_result
zendesk_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct zendesk z = { .n = n, .ticket = JSON_ABSENT };
	enum zendesk_kind kind;

	(void)normalize_begin(n);
	open_item(&z, native);
	kind = kind_of(z.how, z.item);
	find_ticket(&z, kind);
	switch (kind) {
	case ZENDESK_TICKET:
		return zendesk_ticket(&z, e);
	case ZENDESK_COMMENTS:
		return zendesk_comments(
		    &z, zendesk_get(&z, z.item, "comments"), e);
	case ZENDESK_COMMENT:
		return zendesk_comment(&z, z.item, JSON_ABSENT, e);
	case ZENDESK_AUDIT:
		return zendesk_audit(&z, z.item, e);
	case ZENDESK_CHANGES:
		return zendesk_changes(&z, e);
	case ZENDESK_CHANGE:
		return zendesk_change(&z, e);
	case ZENDESK_SUSPENDED:
		return zendesk_suspended(&z, e);
	case ZENDESK_RATING:
		return zendesk_rating(&z, e);
	case ZENDESK_USER:
		return zendesk_user(&z, e);
	case ZENDESK_ORGANIZATION:
		return zendesk_organization(&z, e);
	case ZENDESK_CHAT:
		return zendesk_chat(&z, e);
	case ZENDESK_CHAT_EVENT:
		return zendesk_chat_event(&z, e);
	default:
		return other(&z, e);
	}
}
