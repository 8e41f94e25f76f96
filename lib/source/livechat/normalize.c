/*
 * The meaning of LiveChat's chats: one goes on for ever, its threads are the
 * visits, and what was said are events of these.
 */
#include "source/livechat/livechat.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json item, thread, chat; /* each but the first may be absent */
	struct json users;
};

static struct str
text(struct view *v, struct json from, const char *names)
{
	return desk_text(v->n, from, names);
}

/* Properties are bare, in older versions {"type":...,"value":...}. */
static struct str
property(struct view *v, struct json from, const char *name)
{
	struct json p = desk_get(from, name);

	return json_type(p) == JSON_OBJECT ? text(v, p, "value")
					   : native_value(v->n, p);
}

static struct json
user(struct view *v, struct str id)
{
	struct json_iter it = json_each(v->users);
	struct json one;

	while (json_type(v->users) == JSON_LIST && json_next(&it, NULL, &one))
		if (id.p != NULL && str_eq(text(v, one, "id"), id))
			return one;
	return JSON_ABSENT;
}

static struct json
first_customer(struct view *v)
{
	struct json_iter it = json_each(v->users);
	struct json one;

	while (json_type(v->users) == JSON_LIST && json_next(&it, NULL, &one))
		if (desk_is(text(v, one, "type"), "customer"))
			return one;
	return JSON_ABSENT;
}

/* An agent's id is a mail address. */
static struct address
person(struct view *v, struct json who, struct str id)
{
	struct address a = { 0 };

	if (json_type(who) == JSON_OBJECT)
		desk_person(v->n, who, &a);
	if (id.p == NULL)
		id = text(v, who, "id");
	if (str_chr(id, '@') > 0)
		native_email(v->n, &a, id);
	else if (id.p != NULL)
		a.uri = native_uri(v->n, "chat", id);
	return a;
}

static struct view
begin(
    struct normalize *n, struct json item, struct json thread, struct json chat)
{
	struct view v = { n, normalize_begin(n), item, thread, chat,
		JSON_ABSENT };

	v.users = desk_get(chat, "users");
	if (json_type(v.users) != JSON_LIST)
		v.users = native_beside(n, "users");
	v.m->channel = "chat";
	v.m->type = "message";
	v.m->thread_id = text(&v, chat, "id|chat_id");
	if (v.m->thread_id.p == NULL)
		v.m->thread_id = native_value(n, native_beside(n, "chat_id"));
	if (v.m->thread_id.p == NULL)
		v.m->thread_id = text(&v, thread, "chat_id|id");
	return v;
}

/* Where `all` does not stand, only agents see it. */
static bool
is_private(struct view *v)
{
	return desk_is(
	    text(v, v->item, "visibility|recipients"), "agents|agent");
}

static void
read_people(struct view *v, bool private)
{
	struct str id = text(v, v->item, "author_id");
	struct json who = user(v, id);
	struct str type = text(v, who, "type");
	bool ours = desk_is(type, "agent|bot") ||
		    (type.p == NULL && str_chr(id, '@') > 0);
	struct json customer = first_customer(v);

	v->m->from = person(v, who, id);
	if (private) {
		v->m->direction = "internal";
		message_keyword(v->m, "private");
		return;
	}
	v->m->direction = ours ? "outbound" : type.p != NULL ? "inbound" : NULL;
	if (v->m->direction == NULL && id.p != NULL)
		v->m->direction = "inbound";
	if (ours && json_type(customer) == JSON_OBJECT)
		message_add_address(
		    v->m, &v->m->to, person(v, customer, STR_NONE));
	if (desk_is(type, "bot")) {
		message_keyword(v->m, "automatic");
		message_keyword(v->m, "bot");
	}
}

/* "label: answer" of each field that was filled in. */
static struct str
form_text(struct view *v)
{
	struct json list = desk_get(v->item, "fields"), field;
	struct json_iter it = json_each(list);
	struct arena *a = &v->m->arena;
	struct str out = STR_NONE;

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &field)) {
		struct json answer = desk_get(field, "answer|value|answers");
		struct str label = text(v, field, "label|name|type|key");
		struct str s;

		if (json_type(answer) == JSON_LIST)
			answer = json_at(answer, 0);
		s = json_type(answer) == JSON_OBJECT
			? text(v, answer, "label|value|name")
			: native_value(v->n, answer);
		if (s.p == NULL)
			continue;
		out = ARENA_JOIN(a, out, str_of(out.p == NULL ? "" : "\n"),
		    label, str_of(label.p == NULL ? "" : ": "), s);
	}
	return out;
}

/* Titles and subtitles of cards, and what their buttons say. */
static struct str
card_text(struct view *v)
{
	struct json list = desk_get(v->item, "elements"), card, button;
	struct json_iter it = json_each(list), buttons;
	struct arena *a = &v->m->arena;
	struct str out = STR_NONE;

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &card)) {
		struct str parts[2] = { text(v, card, "title"),
			text(v, card, "subtitle") };
		struct json all = desk_get(card, "buttons");

		for (int i = 0; i < 2; i++)
			if (parts[i].p != NULL)
				out = ARENA_JOIN(a, out,
				    str_of(out.p == NULL ? "" : "\n"),
				    parts[i]);
		buttons = json_each(all);
		while (json_type(all) == JSON_LIST &&
		       json_next(&buttons, NULL, &button))
			out = ARENA_JOIN(a, out,
			    str_of(out.p == NULL ? "[" : "\n["),
			    text(v, button, "text"), STR("]"));
	}
	return out;
}

static int
write_data(struct view *v, struct str type, struct err *e)
{
	struct writer *w = native_data(v->n);
	struct str kind = text(v, v->item, "system_message_type");

	if (v->m->type[0] == 'e')
		write_member(w, "subtype", kind.p != NULL ? kind : type);
	else if (!desk_is(type, "message"))
		write_member(w, "contentType", type);
	write_member(w, "visit", text(v, v->thread, "id|thread_id"));
	if (desk_is(type, "filled_form"))
		native_data_raw(w, "fields", desk_get(v->item, "fields"));
	native_data_raw(w, "vars", desk_get(v->item, "text_vars"));
	native_data_raw(w, "postback", desk_get(v->item, "postback"));
	if (desk_is(type, "custom|annotation"))
		native_data_raw(
		    w, "content", desk_get(v->item, "content|properties"));
	return native_data_end(v->n, e);
}

static enum stage_result
event(struct normalize *n, struct json item, struct json thread,
    struct json chat, struct err *e)
{
	struct view v = begin(n, item, thread, chat);
	struct str type = text(&v, item, "type");
	struct str said = text(&v, item, "text|alternative_text");

	v.m->sent = desk_time(n, item, "created_at|timestamp");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no event of LiveChat: it has no created_at");
	v.m->native_id = v.m->message_id = text(&v, item, "id");
	if (v.m->native_id.p == NULL)
		v.m->native_id = native_content(n, item);
	if (desk_is(type, "system_message|annotation|custom|form")) {
		v.m->type = "event";
		v.m->direction = "internal";
	} else {
		read_people(&v, is_private(&v));
	}
	if (desk_true(desk_get(item, "deleted")))
		message_keyword(v.m, "deleted");
	if (desk_is(type, "file"))
		desk_attach(n, item);
	if (desk_is(type, "filled_form"))
		said = form_text(&v);
	else if (desk_is(type, "rich_message") && said.p == NULL)
		said = card_text(&v);
	if (desk_body(n, said, false, false, e) < 0 ||
	    write_data(&v, type, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "livechat", e);
}

/* Good is 1 and bad 0. */
static enum stage_result
rating(struct normalize *n, struct json rate, struct json thread,
    struct json chat, struct err *e)
{
	struct view v = begin(n, thread, thread, chat);
	struct json list = desk_get(thread, "events");
	size_t count = json_count(list);
	struct json last = count == 0 ? JSON_ABSENT : json_at(list, count - 1);
	struct str id = text(&v, thread, "id");
	struct writer *w;

	/* When is not told: behind what was said last. */
	v.m->sent = desk_time(n, last, "created_at");
	if (v.m->sent == TIME_NONE)
		v.m->sent = desk_time(n, thread, "created_at");
	if (v.m->sent == TIME_NONE)
		return native_reject(e, "a rating of LiveChat without a time");
	v.m->native_id = id.p == NULL
			     ? json_raw(thread)
			     : ARENA_JOIN(&v.m->arena, id, STR("/rating"));
	v.m->direction = "inbound";
	v.m->from = person(&v, first_customer(&v), STR_NONE);
	w = native_data(n);
	desk_rating(n, w, property(&v, rate, "score"), "1",
	    property(&v, rate, "comment"));
	write_member(w, "visit", id);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "livechat", e);
}

/* A chat of which no event is there. */
static enum stage_result
standing(
    struct normalize *n, struct json thread, struct json chat, struct err *e)
{
	struct view v = begin(n, chat, thread, chat);
	struct json found = json_type(thread) == JSON_OBJECT ? thread : chat;
	struct str id = text(&v, found, "id");
	struct writer *w;

	v.m->type = "event";
	v.m->sent = desk_time(n, found, "created_at|started_timestamp");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "a chat of LiveChat without events and created_at");
	v.m->native_id = id.p == NULL
			     ? json_raw(found)
			     : ARENA_JOIN(&v.m->arena, id, STR("/thread"));
	v.m->from = person(&v, first_customer(&v), STR_NONE);
	w = native_data(n);
	write_member(w, "subtype", STR("thread"));
	write_member(w, "visit", text(&v, thread, "id"));
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "livechat", e);
}

static enum stage_result
thread(
    struct normalize *n, struct json thread_, struct json chat, struct err *e)
{
	struct json list = desk_get(thread_, "events"), one;
	struct json rate = desk_get(desk_get(thread_, "properties"), "rating");
	struct json_iter it = json_each(list);
	enum stage_result rc = STAGE_OK;
	size_t count = 0;

	while (json_type(list) == JSON_LIST && rc != STAGE_FATAL &&
	       json_next(&it, NULL, &one)) {
		count++;
		rc = event(n, one, thread_, chat, e);
		rc = native_part(n, rc, "events", count, one, e);
	}
	if (rc == STAGE_FATAL)
		return rc;
	rc = count == 0 ? standing(n, thread_, chat, e) : STAGE_OK;
	if (rc == STAGE_OK && json_type(rate) == JSON_OBJECT &&
	    desk_get(rate, "score").doc != NULL)
		rc = rating(n, rate, thread_, chat, e);
	return rc;
}

/* A list of chats has of each the last events alone. */
static enum stage_result
last_events(
    struct normalize *n, struct json list, struct json chat, struct err *e)
{
	struct json_iter it = json_each(list);
	enum stage_result rc = STAGE_OK;
	struct json one;

	while (rc == STAGE_OK && json_next(&it, NULL, &one)) {
		struct json inner = desk_get(one, "event");

		rc = event(n, json_type(inner) == JSON_OBJECT ? inner : one,
		    one, chat, e);
	}
	return rc;
}

static enum stage_result
chat(struct normalize *n, struct json item, struct err *e)
{
	struct json one = desk_get(item, "thread");
	struct json list = desk_get(item, "threads");
	struct json last = desk_get(item, "last_event_per_type");
	struct json_iter it = json_each(list);
	enum stage_result rc = STAGE_OK;

	if (json_type(one) == JSON_OBJECT)
		return thread(n, one, item, e);
	if (json_type(list) == JSON_LIST && json_count(list) > 0) {
		while (rc == STAGE_OK && json_next(&it, NULL, &one))
			rc = thread(n, one, item, e);
		return rc;
	}
	if (json_type(last) == JSON_OBJECT && json_count(last) > 0)
		return last_events(n, last, item, e);
	return standing(n, JSON_ABSENT, item, e);
}

/* Versions 1 and 2. */

static struct address
visitor(struct view *v)
{
	struct json who = desk_get(v->chat, "visitor");
	struct str id = text(v, v->chat, "visitor_id");
	struct address a = person(v, who, id);

	if (a.name.p == NULL)
		a.name = text(v, v->chat, "visitor_name");
	return a;
}

static enum stage_result
older_message(struct normalize *n, struct json item, struct json around,
    size_t number, struct err *e)
{
	struct view v = begin(n, item, JSON_ABSENT, around);
	struct str type = text(&v, item, "user_type");
	struct str id = text(&v, around, "id");
	char count[STR_COUNT];
	struct writer *w;

	v.m->sent = desk_time(n, item, "timestamp|date");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no message of LiveChat: it has no timestamp");
	v.m->native_id = v.m->message_id = ARENA_JOIN(&v.m->arena, id,
	    arena_dup(&v.m->arena, str_count(count, '/', number)));
	if (desk_is(type, "visitor|customer")) {
		v.m->direction = "inbound";
		v.m->from = visitor(&v);
	} else {
		v.m->direction = "outbound";
		native_email(n, &v.m->from, text(&v, item, "agent_id"));
		message_add_address(v.m, &v.m->to, visitor(&v));
	}
	if (v.m->from.name.p == NULL)
		v.m->from.name = text(&v, item, "author_name");
	if (desk_is(type, "supervisor")) {
		v.m->direction = "internal";
		v.m->to.n = 0;
		message_keyword(v.m, "private");
	}
	if (desk_true(desk_get(item, "welcome_message")))
		message_keyword(v.m, "automatic");
	if (desk_is(text(&v, item, "type"), "event")) {
		v.m->type = "event";
		v.m->direction = "internal";
		v.m->to.n = 0;
	}
	w = native_data(n);
	if (v.m->type[0] == 'e')
		write_member(w, "subtype", STR("event"));
	native_data_raw(w, "group", desk_get(around, "group"));
	if (desk_body(n, text(&v, item, "text|message"), false, false, e) < 0 ||
	    native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "livechat", e);
}

static enum stage_result
older_rating(struct normalize *n, struct json around, struct err *e)
{
	struct view v = begin(n, around, JSON_ABSENT, around);
	struct str said = text(&v, around, "rate");
	struct writer *w;

	v.m->sent =
	    desk_time(n, around, "ended_timestamp|ended|started_timestamp");
	if (v.m->sent == TIME_NONE)
		return STAGE_OK;
	v.m->native_id =
	    ARENA_JOIN(&v.m->arena, text(&v, around, "id"), STR("/rating"));
	v.m->direction = "inbound";
	v.m->from = visitor(&v);
	w = native_data(n);
	desk_rating(n, w, desk_is(said, "rated_good") ? STR("1") : STR("0"),
	    "1", text(&v, around, "rate_comment|last_rate_comment"));
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "livechat", e);
}

static enum stage_result
older_chat(struct normalize *n, struct json item, struct err *e)
{
	struct json list = desk_get(item, "messages"), one;
	struct json_iter it;
	enum stage_result rc = STAGE_OK;
	struct str rate = desk_text(n, item, "rate");
	size_t count = 0;

	/* `events` has the messages again, among what the system says. */
	if (desk_get(item, "events").doc != NULL &&
	    json_count(desk_get(item, "events")) > 0)
		list = desk_get(item, "events");
	it = json_each(list);
	while (json_type(list) == JSON_LIST && rc != STAGE_FATAL &&
	       json_next(&it, NULL, &one)) {
		rc = older_message(n, one, item, ++count, e);
		rc = native_part(n, rc, "messages", count, one, e);
	}
	if (rc == STAGE_FATAL)
		return rc;
	rc = count == 0 ? standing(n, JSON_ABSENT, item, e) : STAGE_OK;
	if (rc == STAGE_OK && desk_is(rate, "rated_good|rated_bad"))
		rc = older_rating(n, item, e);
	return rc;
}

enum stage_result
livechat_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct json item = desk_get(native, "payload"), inner;

	normalize_begin(n);
	/* A webhook's. */
	if (json_type(item) != JSON_OBJECT)
		item = native;
	inner = desk_get(item, "chat");
	if (json_type(inner) == JSON_OBJECT)
		item = inner;
	inner = desk_get(item, "event");
	if (json_type(inner) == JSON_OBJECT)
		return event(n, inner, item, item, e);
	if (desk_get(item, "visitor|visitor_name|visitor_id|prechat_survey|"
			   "started_timestamp")
		.doc != NULL)
		return older_chat(n, item, e);
	if (desk_get(item, "author_id|system_message_type").doc != NULL)
		return event(n, item, JSON_ABSENT, JSON_ABSENT, e);
	if (desk_get(item, "events").doc != NULL)
		return thread(n, item, JSON_ABSENT, e);
	if (desk_get(item, "thread|threads|users|last_event_per_type").doc !=
	    NULL)
		return chat(n, item, e);
	return native_reject(e, "neither a chat nor an event of LiveChat");
}
