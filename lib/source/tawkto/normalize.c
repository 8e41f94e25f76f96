/*
 * The meaning of tawk.to's chats.  Their messages have no ids: one is its place
 * in its chat.
 */
#include "source/tawkto/tawkto.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json hook, chat; /* what is around */
	struct json visitor;
};

static struct str
text(struct view *v, struct json from, const char *names)
{
	return desk_text(v->n, from, names);
}

/* Several mail addresses may stand in one place: the first counts. */
static struct address
visitor(struct view *v)
{
	struct str id = text(v, v->visitor, "id|visitor_id");
	struct address a = { 0 };

	if (json_type(v->visitor) != JSON_OBJECT)
		return a;
	desk_person(v->n, v->visitor, &a);
	if (id.p != NULL)
		a.uri = native_uri(v->n, "chat", id);
	return a;
}

static bool
is_empty(const struct address *a)
{
	return a->name.p == NULL && a->email.p == NULL && a->tel.p == NULL &&
	       a->uri.p == NULL;
}

static struct view
begin(struct normalize *n, struct json hook, struct json chat)
{
	struct view v = { n, normalize_begin(n), hook, chat, JSON_ABSENT };
	struct json property = desk_get(hook, "property");

	if (json_type(property) != JSON_OBJECT)
		property = native_beside(n, "property");
	v.visitor = desk_get(chat, "visitor");
	if (json_type(v.visitor) != JSON_OBJECT)
		v.visitor = desk_get(hook, "visitor");
	v.m->type = "message";
	v.m->channel = "chat";
	v.m->account = text(&v, property, "id");
	if (v.m->account.p == NULL)
		v.m->account = text(&v, chat, "property_id|page_id");
	v.m->thread_id = text(&v, chat, "id|chat_id");
	if (v.m->thread_id.p == NULL)
		v.m->thread_id = text(&v, hook, "chat_id");
	return v;
}

/* The place in the chat, "CHAT/3"; chat:start has the first. */
static void
read_id(struct view *v, size_t number, struct json part)
{
	char count[STR_COUNT];

	if (v->m->thread_id.p == NULL) {
		v->m->native_id = json_raw(part);
		return;
	}
	v->m->native_id = v->m->message_id =
	    ARENA_JOIN(&v->m->arena, v->m->thread_id,
		arena_dup(&v->m->arena, str_count(count, '/', number)));
}

static void
read_people(struct view *v, struct json sender)
{
	struct str who = text(v, sender, "t|type");
	struct address to = visitor(v);

	if (desk_is(who, "v|visitor")) {
		v->m->direction = "inbound";
		v->m->from = to;
		if (v->m->from.name.p == NULL)
			v->m->from.name = text(v, sender, "n|name");
		return;
	}
	v->m->direction = "outbound";
	v->m->from.name = text(v, sender, "n|name");
	v->m->from.uri = native_uri(v->n, "chat", text(v, sender, "id"));
	if (desk_is(who, "b|bot|ai")) {
		message_keyword(v->m, "automatic");
		message_keyword(v->m, "bot");
	}
	if (!is_empty(&to))
		message_add_address(v->m, &v->m->to, to);
}

static void
attach(struct view *v, struct json part)
{
	struct json list = desk_get(part, "attchs|attachments"), one;
	struct json_iter it = json_each(list);

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct json file = native_at(one, "content/file");

		desk_attach(v->n, json_type(file) == JSON_OBJECT ? file : one);
	}
}

static enum stage_result
message(struct normalize *n, struct json part, struct json hook,
    struct json chat, size_t number, struct err *e)
{
	struct view v = begin(n, hook, chat);
	struct json sender = desk_get(part, "sender");
	struct str who = text(&v, sender, "t|type");
	struct str kind = text(&v, part, "type");
	struct writer *w;

	v.m->sent = desk_time(n, part, "time|created_on|timestamp");
	/* chat:start has its own. */
	if (v.m->sent == TIME_NONE && json_type(chat) != JSON_OBJECT)
		v.m->sent = desk_time(n, hook, "time");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no message of tawk.to: it has no time");
	read_id(&v, number, part);
	if (desk_is(who, "s|system")) {
		v.m->type = "event";
		v.m->direction = "internal";
	} else {
		read_people(&v, sender);
	}
	attach(&v, part);
	w = native_data(n);
	if (v.m->type[0] == 'e')
		write_member(w, "subtype", kind.p == NULL ? who : kind);
	else if (!desk_is(kind, "msg|message"))
		write_member(w, "contentType", kind);
	native_data_raw(w, "location", desk_get(chat, "location"));
	write_member(w, "city", text(&v, v.visitor, "city"));
	write_member(w, "country", text(&v, v.visitor, "country"));
	if (desk_body(n, text(&v, part, "msg|text|message"), true, false, e) <
		0 ||
	    native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "tawkto", e);
}

/* A chat's own rating; what it is of was not seen: -1 and 1 by thumbs. */
static enum stage_result
rating(struct normalize *n, struct json hook, struct json chat, struct err *e)
{
	struct view v = begin(n, hook, chat);
	struct writer *w;

	v.m->sent = desk_time(n, chat, "ended_on|updated_on|created_on|time");
	if (v.m->sent == TIME_NONE)
		v.m->sent = desk_time(n, hook, "time");
	if (v.m->sent == TIME_NONE || v.m->thread_id.p == NULL)
		return STAGE_OK;
	v.m->native_id =
	    ARENA_JOIN(&v.m->arena, v.m->thread_id, STR("/rating"));
	v.m->direction = "inbound";
	v.m->from = visitor(&v);
	w = native_data(n);
	desk_rating(n, w, text(&v, chat, "rating"), NULL, STR_NONE);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "tawkto", e);
}

static enum stage_result
standing(struct normalize *n, struct json hook, struct json chat, struct err *e)
{
	struct view v = begin(n, hook, chat);
	struct str event = text(&v, hook, "event");
	struct writer *w;

	v.m->type = "event";
	v.m->sent = desk_time(n, hook, "time|created_on");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "a chat of tawk.to without messages and time");
	if (event.p == NULL)
		event = STR("chat");
	v.m->native_id =
	    v.m->thread_id.p == NULL
		? json_raw(hook)
		: ARENA_JOIN(&v.m->arena, v.m->thread_id, STR("/"), event);
	v.m->from = visitor(&v);
	w = native_data(n);
	write_member(w, "subtype", event);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "tawkto", e);
}

static enum stage_result
chat(struct normalize *n, struct json hook, struct json item, struct err *e)
{
	struct json list = desk_get(item, "messages"), one;
	struct json_iter it = json_each(list);
	struct str score = desk_text(n, item, "rating");
	enum stage_result rc = STAGE_OK;
	size_t count = 0;

	while (json_type(list) == JSON_LIST && rc != STAGE_FATAL &&
	       json_next(&it, NULL, &one)) {
		rc = message(n, one, hook, item, ++count, e);
		rc = native_part(n, rc, "messages", count, one, e);
	}
	if (rc == STAGE_FATAL)
		return rc;
	rc = count == 0 ? standing(n, hook, item, e) : STAGE_OK;
	if (rc == STAGE_OK && score.p != NULL && !str_is(score, "0"))
		rc = rating(n, hook, item, e);
	return rc;
}

static enum stage_result
ticket(struct normalize *n, struct json hook, struct json item, struct err *e)
{
	struct view v = begin(n, hook, JSON_ABSENT);
	struct json who = desk_get(hook, "requester");
	struct writer *w;

	if (json_type(who) != JSON_OBJECT)
		who = desk_get(item, "requester");
	v.m->channel = "ticket";
	v.m->sent = desk_time(n, hook, "time|created_on");
	if (v.m->sent == TIME_NONE)
		v.m->sent = desk_time(n, item, "time|created_on");
	if (v.m->sent == TIME_NONE)
		return native_reject(e, "a ticket of tawk.to without a time");
	v.m->thread_id = v.m->native_id = text(&v, item, "id|human_id");
	v.m->message_id = v.m->native_id;
	if (v.m->native_id.p == NULL)
		v.m->native_id = native_content(n, item);
	v.m->direction =
	    desk_is(text(&v, who, "type"), "agent") ? "outbound" : "inbound";
	desk_person(n, who, &v.m->from);
	v.m->subject = text(&v, item, "subject");
	w = native_data(n);
	write_member(w, "number", text(&v, item, "human_id"));
	if (desk_body(n, text(&v, item, "message"), true, true, e) < 0 ||
	    native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "tawkto", e);
}

enum stage_result
tawkto_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct json inner = desk_get(native, "ticket");

	normalize_begin(n);
	if (json_type(inner) == JSON_OBJECT)
		return ticket(n, native, inner, e);
	inner = desk_get(native, "message");
	if (json_type(inner) == JSON_OBJECT &&
	    desk_get(inner, "sender").doc != NULL)
		return message(n, inner, native, JSON_ABSENT, 1, e);
	inner = desk_get(native, "chat");
	if (json_type(inner) == JSON_OBJECT)
		return chat(n, native, inner, e);
	if (desk_get(native, "messages|chat_id|visitor").doc != NULL)
		return chat(n, native, native, e);
	return native_reject(e, "neither a chat nor a ticket of tawk.to");
}
