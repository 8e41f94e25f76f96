/*
 * What an item is: objects tell by their type and members, whatever they are
 * wrapped in.
 */
#include "source/intercom/intercom.h"

static bool
has(struct intercom *c, const char *name)
{
	return json_type(intercom_get(c, c->item, name)) != JSON_NONE;
}

static bool
is_type(struct intercom *c, const char *const *types)
{
	struct json type = intercom_get(c, c->item, "type");

	for (; *types != NULL; types++)
		if (json_is(type, *types))
			return true;
	return false;
}

static bool
is_conversation(struct intercom *c)
{
	return has(c, "conversation_parts") || has(c, "conversation_message") ||
	       has(c, "ticket_parts") || has(c, "ticket_attributes") ||
	       has(c, "source_id") || has(c, "source_type") ||
	       (has(c, "source") && has(c, "created_at"));
}

static bool
is_contact(struct intercom *c)
{
	static const char *const types[] = { "contact", "user", "lead",
		"visitor", "admin", NULL };

	return is_type(c, types) || has(c, "role") ||
	       (has(c, "email") && has(c, "name"));
}

static void
open_item(struct intercom *c, struct json native)
{
	static const char *const wrappers[] = { "data", "item", "conversation",
		"ticket", "contact", NULL };
	struct json beside = json_get(c->n->root, "beside");
	static const char *const people[] = { "people", NULL };

	c->item = native;
	c->around = beside;
	c->how = ticket_spelling(native);
	for (size_t i = 0; wrappers[i] != NULL; i++) {
		struct json v = intercom_get(c, c->item, wrappers[i]);

		if (json_type(v) != JSON_OBJECT || is_conversation(c) ||
		    has(c, "part_type"))
			continue;
		c->item = v;
		c->how = ticket_spelling(v);
	}
	c->rows = intercom_get(c, beside, people[0]);
}

/* Rows that were true once: a newer one stands beside them. */
static bool
is_older(struct intercom *c)
{
	return str_eq_nocase(
	    intercom_str(c, c->item, "_fivetran_active"), STR("false"));
}

static enum stage_result
other(struct intercom *c, struct err *e)
{
	static const char *const types[] = { "team", "tag", "segment", "ping",
		"notification_event_data", "conversation_deleted", NULL };

	if (!is_type(c, types))
		return native_reject(e, "neither a conversation of Intercom "
					"nor a part, contact or company");
	sink_sum(c->n->sink, "objects of Intercom without a message", 1);
	return STAGE_OK;
}

/* Of a conversation whose end is missing its parts are items, and the first
 * has what opened it beside it. */
static enum stage_result
part_alone(struct intercom *c, struct err *e)
{
	struct str at =
	    native_value(c->n, json_get(json_get(c->n->root, "source"), "at"));
	enum stage_result got = STAGE_OK;

	if (c->conversation.doc != NULL && c->conversation.at == c->around.at &&
	    str_ends(at, STR("#1")))
		got = intercom_source(c, e);
	return got == STAGE_OK ? intercom_part(c, c->item, e) : got;
}

enum stage_result
intercom_normalize(struct normalize *n, struct json native, struct err *e)
{
	static const char *const ratings[] = { "conversation_rating", NULL };
	static const char *const companies[] = { "company", NULL };
	struct intercom c = { .n = n, .conversation = JSON_ABSENT };

	(void)normalize_begin(n);
	open_item(&c, native);
	if (is_older(&c)) {
		sink_sum(n->sink, "older rows of a history", 1);
		return STAGE_OK;
	}
	if (is_conversation(&c)) {
		c.conversation = c.item;
		return intercom_conversation(&c, e);
	}
	c.conversation = intercom_get(&c, c.around, "conversation");
	if (json_type(c.conversation) != JSON_OBJECT &&
	    json_type(intercom_get(&c, c.around, "source")) == JSON_OBJECT)
		c.conversation = c.around;
	if (has(&c, "part_type"))
		return part_alone(&c, e);
	if (is_type(&c, ratings))
		return intercom_rating(&c, c.item, e);
	if (is_type(&c, companies) || has(&c, "company_id"))
		return intercom_company(&c, e);
	return is_contact(&c) ? intercom_contact(&c, e) : other(&c, e);
}
