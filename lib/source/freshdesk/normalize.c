/*
 * What an item is: objects tell by their members, whatever they are wrapped in.
 */
#include "source/freshdesk/freshdesk.h"

static bool
has(struct freshdesk *f, const char *name)
{
	return json_type(freshdesk_get(f, f->item, name)) != JSON_NONE;
}

static bool
is_ticket(struct freshdesk *f, struct json v)
{
	return json_type(freshdesk_get(f, v, "requester_id")) != JSON_NONE &&
	       (json_type(freshdesk_get(f, v, "subject")) != JSON_NONE ||
		   json_type(freshdesk_get(f, v, "description")) != JSON_NONE);
}

static void
open_item(struct freshdesk *f, struct json native)
{
	static const char *const outer[] = { "data", NULL };
	static const char *const wrappers[] = { "helpdesk_ticket", "ticket",
		"contact", "user", "agent", "survey_result", "message", NULL };
	struct json beside = json_get(f->n->root, "beside");

	f->how = ticket_spelling(native);
	f->around = json_type(beside) == JSON_OBJECT ? beside : native;
	f->item = native;
	/* {"actor":{},"action":"message_create","data":{"message":{}}} */
	if (json_type(freshdesk_get(f, native, "actor")) == JSON_OBJECT)
		f->item = freshdesk_unwrap(f, native, outer);
	f->item = freshdesk_unwrap(f, f->item, wrappers);
	if (f->item.at == native.at)
		return;
	/* What goes with it stands in the item, and a page's total beside. */
	f->around = native;
	if (f->how == TICKET_SNAKE)
		f->how = ticket_spelling(f->item);
}

/* Beside a part of a file that is cut off stands its ticket, or what it had. */
static void
find_ticket(struct freshdesk *f)
{
	static const char *const wrappers[] = { "ticket", "helpdesk_ticket",
		NULL };

	f->ticket = freshdesk_unwrap(f, f->around, wrappers);
	if (!is_ticket(f, f->ticket))
		f->ticket = JSON_ABSENT;
}

enum stage_result
freshdesk_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct freshdesk f = { .n = n, .ticket = JSON_ABSENT };

	(void)normalize_begin(n);
	open_item(&f, native);
	if (json_type(json_get(native, "Ticket ID")) != JSON_NONE)
		return freshdesk_listed(&f, e);
	if (is_ticket(&f, f.item)) {
		f.ticket = f.item;
		return freshdesk_ticket(&f, e);
	}
	find_ticket(&f);
	if (has(&f, "messages"))
		return freshdesk_chat(&f, e);
	if (has(&f, "message_parts"))
		return freshdesk_message(&f, f.item, e);
	if (has(&f, "ratings") || (has(&f, "rating") && has(&f, "agent_id")))
		return freshdesk_rating(&f, e);
	if (has(&f, "incoming") || has(&f, "private"))
		return freshdesk_conversation(&f, f.item, e);
	if (has(&f, "name") || has(&f, "email") || has(&f, "first_name"))
		return freshdesk_contact(&f, e);
	return native_reject(e, "neither a ticket of Freshdesk nor a "
				"conversation, contact, rating or chat");
}
