/*
 * The meaning of Crisp's messages: a message is its fingerprint in its session.
 */
#include "source/crisp/crisp.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json item, conversation, meta; /* the latter may be absent */
};

static struct str
text(struct view *v, struct json from, const char *names)
{
	return desk_text(v->n, from, names);
}

/* "chat", "email", "urn:whatsapp", "urn:crisp.im:facebook-messenger:0": a
 * session stays in the chat when it is answered by mail. */
static const char *
channel(struct str origin)
{
	const char *name = NULL;
	struct str rest = origin;

	if (!str_starts_nocase(origin, STR("urn:")))
		return "chat";
	while (rest.p != NULL && name == NULL)
		name = desk_channel(str_split(&rest, ':'));
	return name == NULL ? "chat" : name;
}

static struct view
begin(struct normalize *n, struct json item, struct json conversation)
{
	struct view v = { n, normalize_begin(n), item, conversation,
		JSON_ABSENT };

	v.meta = desk_get(conversation, "meta");
	if (json_type(v.meta) != JSON_OBJECT)
		v.meta = native_beside(n, "meta");
	v.m->type = "message";
	v.m->channel = channel(text(&v, item, "origin"));
	v.m->account = text(&v, item, "website_id");
	if (v.m->account.p == NULL)
		v.m->account = text(&v, conversation, "website_id");
	if (v.m->account.p == NULL)
		v.m->account = native_value(n, native_beside(n, "website_id"));
	v.m->thread_id = text(&v, item, "session_id");
	if (v.m->thread_id.p == NULL)
		v.m->thread_id = text(&v, conversation, "session_id");
	if (v.m->thread_id.p == NULL)
		v.m->thread_id =
		    native_value(n, native_beside(n, "session_id"));
	return v;
}

/* In a session, what is known of the visitor stands in its meta. */
static struct address
visitor(struct view *v)
{
	struct json user = desk_get(v->item, "user");
	struct str id = text(v, v->conversation, "people_id");
	struct address a = { 0 };

	if (json_type(v->meta) == JSON_OBJECT)
		desk_person(v->n, v->meta, &a);
	if (a.name.p == NULL)
		a.name = text(v, v->meta, "nickname");
	if (id.p == NULL && desk_is(text(v, v->item, "from"), "user"))
		id = text(v, user, "user_id");
	if (id.p == NULL)
		id = v->m->thread_id;
	a.uri = native_uri(v->n, "chat", id);
	return a;
}

static void
read_people(struct view *v, bool private)
{
	struct json user = desk_get(v->item, "user");
	bool ours = desk_is(text(v, v->item, "from"), "operator");

	if (!ours) {
		v->m->direction = "inbound";
		v->m->from = visitor(v);
		if (v->m->from.name.p == NULL)
			v->m->from.name = text(v, user, "nickname|name");
		return;
	}
	v->m->from.name = text(v, user, "nickname|name");
	v->m->from.uri = native_uri(v->n, "chat", text(v, user, "user_id"));
	v->m->direction = private ? "internal" : "outbound";
	if (private)
		message_keyword(v->m, "private");
	else
		message_add_address(v->m, &v->m->to, visitor(v));
	if (desk_true(desk_get(v->item, "automated")) ||
	    desk_is(text(v, user, "type"), "bot|hugo|plugin"))
		message_keyword(v->m, "automatic");
}

/* What a picker or carousel shows, "[choice]" for each; a selected one has a
 * star. */
static struct str
choices(struct view *v, struct json list, struct str out)
{
	struct json_iter it = json_each(list);
	struct arena *a = &v->m->arena;
	struct json one;

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct str label = text(v, one, "label|title|text");
		bool chosen = desk_true(desk_get(one, "selected"));

		if (label.p != NULL)
			out = ARENA_JOIN(a, out,
			    str_of(out.p == NULL ? "" : "\n"), STR("["), label,
			    str_of(chosen ? "*]" : "]"));
	}
	return out;
}

static struct str
content_text(struct view *v, struct json content, struct str type)
{
	struct str s;

	if (json_type(content) != JSON_OBJECT)
		return native_value(v->n, content);
	if (desk_is(type, "file|audio|animation"))
		return STR_NONE;
	s = text(v, content, "value");
	if (s.p == NULL)
		s = text(v, content, "text|explain|title");
	return choices(v, desk_get(content, "choices|targets|list"), s);
}

static int
write_data(struct view *v, struct json content, struct str type, struct err *e)
{
	struct str hook = native_value(v->n, native_beside(v->n, "event"));
	struct str space = text(v, content, "namespace");
	struct writer *w = native_data(v->n);

	if (v->m->type[0] == 'e')
		write_member(w, "subtype", space.p == NULL ? type : space);
	else if (!desk_is(type, "text|note"))
		write_member(w, "contentType", type);
	write_member(w, "via", text(v, v->item, "origin"));
	if (desk_is(type, "audio"))
		native_data_raw(w, "duration", desk_get(content, "duration"));
	if (desk_is(type, "picker|field|carousel"))
		native_data_raw(w, "content", content);
	if (desk_is(hook, "message_updated"))
		write_member_time(w, "updatedAt",
		    desk_time(v->n, v->item, "updated_at|timestamp"));
	write_member(w, "state", text(v, v->conversation, "state"));
	write_member(w, "address", text(v, v->meta, "address"));
	native_data_raw(w, "segments", desk_get(v->meta, "segments"));
	return native_data_end(v->n, e);
}

static enum stage_result
message(struct normalize *n, struct json item, struct json conversation,
    struct err *e)
{
	struct view v = begin(n, item, conversation);
	struct json content = desk_get(item, "content");
	struct str type = text(&v, item, "type");
	struct str id = text(&v, item, "fingerprint");
	struct str hook = native_value(n, native_beside(n, "event"));

	v.m->sent = desk_time(n, item, "timestamp|created_at");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no message of Crisp: it has no timestamp");
	v.m->native_id = native_content(n, item);
	if (id.p != NULL)
		v.m->native_id = v.m->message_id =
		    ARENA_JOIN(&v.m->arena, v.m->thread_id,
			str_of(v.m->thread_id.p == NULL ? "" : "/"), id);
	if (desk_is(type, "event")) {
		v.m->type = "event";
		v.m->direction = "internal";
	} else {
		read_people(&v, desk_is(type, "note"));
	}
	if (desk_true(desk_get(item, "edited")) ||
	    desk_is(hook, "message_updated"))
		message_keyword(v.m, "edited");
	if (desk_is(hook, "message_removed"))
		message_keyword(v.m, "deleted");
	v.m->subject = text(&v, v.meta, "subject");
	if (desk_is(type, "file|audio|animation"))
		desk_attach(n, content);
	if (desk_body(n, content_text(&v, content, type), false, false, e) <
		0 ||
	    write_data(&v, content, type, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "crisp", e);
}

/* Stars of five. */
static enum stage_result
rating(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item, item);
	struct json rate = desk_get(item, "rating");
	struct str id = text(&v, item, "rating_id");
	struct writer *w;

	if (json_type(rate) != JSON_OBJECT)
		rate = item;
	v.m->sent = desk_time(n, item, "created_at|timestamp|updated_at");
	if (v.m->sent == TIME_NONE)
		v.m->sent =
		    desk_time(n, json_get(n->root, "beside"), "timestamp");
	if (v.m->sent == TIME_NONE)
		return native_reject(e, "a rating of Crisp without a time");
	v.m->native_id = native_content(n, item);
	if (id.p != NULL)
		v.m->native_id = ARENA_JOIN(&v.m->arena, STR("rating/"), id);
	v.m->direction = "inbound";
	v.m->from = visitor(&v);
	w = native_data(n);
	desk_rating(n, w, text(&v, rate, "stars|rating"), "5",
	    text(&v, rate, "comment"));
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "crisp", e);
}

/* How a session stands, or what a webhook tells of one. */
static enum stage_result
standing(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item, item);
	struct str hook = native_value(n, native_beside(n, "event"));
	struct writer *w;

	v.m->type = "event";
	v.m->sent = desk_time(n, item, "created_at|updated_at|timestamp");
	if (v.m->sent == TIME_NONE)
		v.m->sent =
		    desk_time(n, json_get(n->root, "beside"), "timestamp");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "a conversation of Crisp without a time");
	v.m->native_id = v.m->thread_id;
	if (hook.p != NULL || v.m->thread_id.p == NULL)
		v.m->native_id = native_content(n, item);
	v.m->from = visitor(&v);
	v.m->subject = text(&v, v.meta, "subject");
	w = native_data(n);
	write_member(w, "subtype", hook.p == NULL ? STR("session") : hook);
	write_member(w, "state", text(&v, item, "state"));
	native_data_raw(w, "segments", desk_get(v.meta, "segments"));
	/* Others may have come before: this is a part of the last alone. */
	write_member(w, "lastMessage", text(&v, item, "last_message"));
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "crisp", e);
}

static enum stage_result
conversation(struct normalize *n, struct json item, struct err *e)
{
	struct json list = desk_get(item, "messages"), one;
	struct json_iter it = json_each(list);
	enum stage_result rc = STAGE_OK;
	size_t count = 0;

	while (json_type(list) == JSON_LIST && rc != STAGE_FATAL &&
	       json_next(&it, NULL, &one)) {
		count++;
		rc = message(n, one, item, e);
		rc = native_part(n, rc, "messages", count, one, e);
	}
	if (rc == STAGE_FATAL)
		return rc;
	return count == 0 ? standing(n, item, e) : STAGE_OK;
}

enum stage_result
crisp_normalize(struct normalize *n, struct json native, struct err *e)
{
	normalize_begin(n);
	if (desk_get(native, "messages").doc != NULL)
		return conversation(n, native, e);
	if (desk_get(native, "rating|stars").doc != NULL)
		return rating(n, native, e);
	if (desk_get(native, "fingerprint").doc != NULL ||
	    (desk_get(native, "content").doc != NULL &&
		desk_get(native, "from").doc != NULL))
		return message(n, native, JSON_ABSENT, e);
	if (desk_get(native, "session_id").doc != NULL)
		return standing(n, native, e);
	return native_reject(
	    e, "neither a message, conversation nor rating of Crisp");
}
