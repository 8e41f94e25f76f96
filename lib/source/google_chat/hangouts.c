/*
 * Hangouts.json, of before Google Chat: conversations, and in each who takes
 * part and its events.
 */
#include "source/google_chat/google_chat.h"

static struct str
text(struct google_view *v, struct json from, const char *name)
{
	return native_text(v->n, from, name);
}

/* Hangouts wrote the conversation twice, one in the other. */
static struct json
conversation(struct google_view *v)
{
	struct json outer = native_beside(v->n, "conversation");
	struct json inner = json_get(outer, "conversation");

	return json_type(inner) == JSON_OBJECT ? inner : outer;
}

static bool
same_id(struct google_view *v, struct json a, struct json b)
{
	struct str one = text(v, a, "gaia_id"), other = text(v, b, "gaia_id");

	if (one.p == NULL || other.p == NULL) {
		one = text(v, a, "chat_id");
		other = text(v, b, "chat_id");
	}
	return one.p != NULL && str_eq(one, other);
}

/* What the conversation says of who has this id. */
static struct address
participant(struct google_view *v, struct json id)
{
	struct json list = json_get(conversation(v), "participant_data"), one;
	struct json_iter it = json_each(list);
	struct str key = text(v, id, "gaia_id");
	struct address a = { 0 };

	if (key.p == NULL)
		key = text(v, id, "chat_id");
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		if (!same_id(v, json_get(one, "id"), id))
			continue;
		a.name = text(v, one, "fallback_name");
		message_phone(v->m, &a,
		    native_value(v->n, native_at(one, "phone_number/e164")));
		break;
	}
	if (key.p != NULL)
		a.uri = native_uri(
		    v->n, "chat", ARENA_JOIN(&v->m->arena, STR("users/"), key));
	return a;
}

static void
read_people(struct google_view *v)
{
	struct json chat = conversation(v), one;
	struct json me = native_at(
	    chat, "self_conversation_state/self_read_state/participant_id");
	struct json list = json_get(chat, "participant_data");
	struct json sender = json_get(v->native, "sender_id");
	struct json_iter it = json_each(list);
	struct str name = text(v, chat, "name");
	bool two = json_type(list) == JSON_LIST && json_count(list) == 2;

	v->m->from = participant(v, sender);
	if (json_type(me) == JSON_OBJECT)
		v->m->direction =
		    same_id(v, me, sender) ? "outbound" : "inbound";
	while (two && json_next(&it, NULL, &one))
		if (!same_id(v, json_get(one, "id"), sender))
			message_add_address(v->m, &v->m->to,
			    participant(v, json_get(one, "id")));
	if (!two && name.p != NULL)
		message_add_address(
		    v->m, &v->m->to, (struct address){ .name = name });
}

/* [{"type":"TEXT","text":"..."},{"type":"LINE_BREAK"},{"type":"LINK",...}] */
static void
read_text(struct google_view *v, struct json content)
{
	struct json list = json_get(content, "segment"), one;
	struct json_iter it = json_each(list);
	struct buf b;

	buf_init(&b, NORMALIZE_SCRATCH);
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct str s = json_str(json_get(one, "text"), &v->m->arena);

		if (json_is(json_get(one, "type"), "LINE_BREAK"))
			buf_add_char(&b, '\n');
		else
			buf_add_str(&b, s);
	}
	if (str_trim(buf_str(&b)).n > 0)
		v->m->text = arena_dup(&v->m->arena, str_trim(buf_str(&b)));
	buf_release(&b);
}

static void
read_files(struct google_view *v, struct json content)
{
	static const char *const urls[] = { "url", "original_content_url",
		NULL };
	struct json list = json_get(content, "attachment"), one;
	struct json_iter it = json_each(list);

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct json photo = native_at(one, "embed_item/plus_photo");
		struct str url = native_any(v->n, photo, urls);
		struct attachment a = { .size = -1 };

		if (url.p == NULL)
			url = native_value(
			    v->n, native_at(photo, "thumbnail/image_url"));
		if (json_is(json_get(photo, "media_type"), "PHOTO"))
			a.type = STR("image/*");
		a.name = str_after_last(url, '/');
		a.name = str_split(&a.name, '?');
		a.blob_id = native_uri(v->n, "google",
		    native_value(v->n, native_at(one, "embed_item/id")));
		if (a.name.n == 0)
			a.name = STR_NONE;
		if (a.name.p != NULL || a.blob_id.p != NULL)
			message_add_attachment(v->m, a);
	}
}

static int
write_data(struct google_view *v, struct err *e)
{
	static const char *const kept[] = { "hangout_event",
		"conversation_rename", "membership_change", "otr_modification",
		NULL };
	struct json call = json_get(v->native, "hangout_event");
	struct writer *w = native_data(v->n);
	int64_t seconds;

	if (v->m->type[0] != 'm')
		write_member(w, "subtype", text(v, v->native, "event_type"));
	if (v->m->type[0] == 'c') {
		if (str_to_int(
			text(v, call, "hangout_duration_secs"), &seconds) == 0)
			write_member_int(w, "duration", seconds);
		write_member(w, "disposition", STR("answered"));
	}
	for (size_t i = 0; kept[i] != NULL; i++)
		native_data_raw(w, kept[i], json_get(v->native, kept[i]));
	return native_data_end(v->n, e);
}

enum stage_result
google_hangouts(struct google_view *v, struct err *e)
{
	struct json content =
	    native_at(v->native, "chat_message/message_content");
	struct json call = json_get(v->native, "hangout_event");
	struct str event = text(v, v->native, "event_id");

	v->m->type = json_type(content) == JSON_OBJECT ? "message"
		     : json_is(json_get(call, "event_type"), "END_HANGOUT")
			 ? "call"
			 : "event";
	if (native_time(v->n, json_get(v->native, "timestamp"), &v->m->sent) <
	    0)
		return native_reject(e, "no event of Hangouts: it has no "
					"timestamp");
	v->m->id_without_account = true;
	v->m->thread_id =
	    native_value(v->n, native_at(v->native, "conversation_id/id"));
	if (v->m->thread_id.p == NULL)
		v->m->thread_id =
		    native_value(v->n, native_at(conversation(v), "id/id"));
	if (event.p != NULL && v->m->thread_id.p != NULL)
		event =
		    ARENA_JOIN(&v->m->arena, v->m->thread_id, STR("/"), event);
	v->m->message_id = event;
	v->m->native_id =
	    event.p != NULL ? event : native_content(v->n, v->native);
	read_people(v);
	read_text(v, content);
	read_files(v, content);
	return write_data(v, e) < 0 ? STAGE_REJECT : native_emit(v->n, e);
}
