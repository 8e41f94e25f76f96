#include "core/text/ascii.h"
#include "source/native.h"
#include "source/telegram/telegram.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json native;
	enum telegram_chat kind;
	struct str chat, chat_name; /* the id as it is written; absent */
};

enum telegram_chat
telegram_chat(struct str type)
{
	static const struct {
		const char *name;
		enum telegram_chat kind;
	} kinds[] = {
		{ "personal_chat", TELEGRAM_PERSON },
		{ "bot_chat", TELEGRAM_PERSON },
		{ "saved_messages", TELEGRAM_OWN },
		{ "replies", TELEGRAM_OWN },
		{ "verification_codes", TELEGRAM_OWN },
		{ "private_group", TELEGRAM_GROUP },
		{ "private_supergroup", TELEGRAM_GROUP },
		{ "public_supergroup", TELEGRAM_GROUP },
		{ "private_channel", TELEGRAM_CHANNEL },
		{ "public_channel", TELEGRAM_CHANNEL },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (str_is(type, kinds[i].name))
			return kinds[i].kind;
	return TELEGRAM_NO_CHAT;
}

static struct str
text(struct view *v, const char *name)
{
	return native_text(v->n, v->native, name);
}

/* "user123", "channel9"; older files have the number of a user alone. */
static struct str
person(struct view *v, struct json id)
{
	struct str s = native_value(v->n, id);

	if (json_type(id) == JSON_NUMBER)
		s = ARENA_JOIN(&v->m->arena, STR("user"), s);
	return native_uri(v->n, "telegram", s);
}

/* The other of a chat of two is who its id says. */
static struct address
chat_address(struct view *v)
{
	const char *kind = v->kind == TELEGRAM_PERSON    ? "user"
			   : v->kind == TELEGRAM_CHANNEL ? "channel"
							 : "chat";
	struct address a = { .name = v->chat_name };

	if (v->chat.p != NULL)
		a.uri = native_uri(v->n, "telegram",
		    ARENA_JOIN(&v->m->arena, str_of(kind), v->chat));
	return a;
}

static struct address
owner(struct view *v)
{
	struct json own = native_beside(v->n, "personal_information");
	struct address a = { .uri = person(v, json_get(own, "user_id")) };

	a.name = native_text(v->n, own, "first_name");
	return a;
}

static bool
is_word_end(char c)
{
	return ascii_is_alnum(c) || c == ':' || c == ',' || c == '.';
}

/* A string, or a list of strings and of marked parts. */
static struct str
joined(struct view *v, struct json value)
{
	struct json_iter it = json_each(value);
	struct str out;
	struct json part;
	struct buf b;

	if (json_type(value) != JSON_LIST)
		return str_trim(json_str(value, &v->m->arena));
	buf_init(&b, NORMALIZE_SCRATCH);
	while (json_next(&it, NULL, &part)) {
		bool marked = json_type(part) == JSON_OBJECT;

		/* A link begins a word. */
		if (marked && json_is(json_get(part, "type"), "link") &&
		    b.n > 0 && is_word_end(b.p[b.n - 1]))
			buf_add_char(&b, ' ');
		buf_add_str(&b, json_str(marked ? json_get(part, "text") : part,
				    &v->m->arena));
	}
	out = arena_dup(&v->m->arena, str_trim(buf_str(&b)));
	buf_release(&b);
	return out;
}

/* "(File not included. Change data exporting settings to download.)" */
static struct str
file_name(struct view *v, const char *name)
{
	struct str path = text(v, name);
	ptrdiff_t slash = str_rchr(path, '/');

	if (str_starts(path, STR("(")))
		return STR_NONE;
	return str_sub(path, (size_t)(slash + 1), path.n);
}

static void
attach(struct view *v, const char *member, const char *size, const char *type)
{
	struct attachment a = { .size = -1 };
	int64_t bytes;

	if (text(v, member).p == NULL)
		return;
	a.name = text(v, "file_name");
	if (a.name.p == NULL)
		a.name = file_name(v, member);
	a.type = type == NULL ? text(v, "mime_type") : str_of(type);
	if (json_int(json_get(v->native, size), &bytes) == 0)
		a.size = bytes;
	if (a.name.p == NULL && a.type.p == NULL)
		a.name = text(v, "media_type");
	if (a.name.p != NULL || a.type.p != NULL || a.size >= 0)
		message_add_attachment(v->m, a);
}

/* [{"type":"emoji","count":2,"emoji":"...","recent":[{"from_id":...}]}] */
static void
write_reactions(struct view *v, struct writer *w)
{
	struct json list = json_get(v->native, "reactions"), one, who;
	struct json_iter it = json_each(list), recent;

	if (json_type(list) != JSON_LIST || json_count(list) == 0)
		return;
	write_key(w, "reactions");
	write_list(w);
	while (json_next(&it, NULL, &one)) {
		struct str name = native_text(v->n, one, "emoji");

		write_object(w);
		write_member(w, "name",
		    name.p != NULL ? name : native_text(v->n, one, "type"));
		native_data_raw(w, "count", json_get(one, "count"));
		recent = json_each(json_get(one, "recent"));
		if (json_count(json_get(one, "recent")) > 0) {
			write_key(w, "by");
			write_list(w);
			while (json_next(&recent, NULL, &who)) {
				struct str by =
				    person(v, json_get(who, "from_id"));

				write_str(w, by.p == NULL ? STR("") : by);
			}
			write_list_end(w);
		}
		write_object_end(w);
	}
	write_list_end(w);
}

/* Older exports say of what nobody edited that it was in 1970. */
static int64_t
edited_at(struct view *v)
{
	int64_t t;

	if (native_time(v->n, json_get(v->native, "edited_unixtime"), &t) < 0 &&
	    native_time(v->n, json_get(v->native, "edited"), &t) < 0)
		return TIME_NONE;
	return t < v->m->sent ? TIME_NONE : t;
}

static int
write_data(struct view *v, struct err *e)
{
	/* What stands on a message and has no member of its own. */
	static const char *const kept[] = { "location_information",
		"contact_information", "poll", "place_name", "address",
		"forwarded_from", "saved_from", "via_bot", "sticker_emoji",
		"game_title", "invoice_information", "todo_list", "title",
		"members", "inviter", "author", "performer",
		"self_destruct_period_seconds", "boosts", "score", NULL };
	struct writer *w = native_data(v->n);

	write_member(w, "subtype", text(v, "action"));
	write_member_time(w, "editedAt", edited_at(v));
	write_reactions(v, w);
	if (v->m->type[0] == 'c') {
		native_data_raw(
		    w, "duration", json_get(v->native, "duration_seconds"));
		write_key(w, "disposition");
		write_z(w, json_type(json_get(v->native, "duration_seconds")) ==
				   JSON_NONE
			       ? "no answer"
			       : "answered");
	}
	for (size_t i = 0; kept[i] != NULL; i++)
		native_data_raw(w, kept[i], json_get(v->native, kept[i]));
	return native_data_end(v->n, e);
}

/* What it says where it has no text: a sticker is its emoji. */
static void
read_text(struct view *v)
{
	struct str s = joined(v, json_get(v->native, "text"));

	if (s.n == 0)
		s = joined(v, json_get(v->native, "text_entities"));
	if (s.n == 0)
		s = text(v, "sticker_emoji");
	if (s.n > 0)
		v->m->text = s;
}

/* Other programs that fetch a chat call it sender_id. */
static struct json
sender_id(struct view *v)
{
	static const char *const names[] = { "from_id", "actor_id", "sender_id",
		NULL };

	for (size_t i = 0; names[i] != NULL; i++) {
		struct json id = json_get(v->native, names[i]);

		if (json_type(id) > JSON_NULL)
			return id;
	}
	return JSON_ABSENT;
}

static void
read_people(struct view *v)
{
	struct address to = chat_address(v), own = owner(v);

	v->m->from.uri = person(v, sender_id(v));
	v->m->from.name = text(v, "from");
	if (v->m->from.name.p == NULL)
		v->m->from.name = text(v, "actor");
	if (own.uri.p != NULL && str_eq(own.uri, v->m->from.uri))
		v->m->direction =
		    v->kind == TELEGRAM_OWN ? "internal" : "outbound";
	/* Who writes in a chat of two writes to the other. */
	if (v->kind == TELEGRAM_PERSON && to.uri.p != NULL &&
	    str_eq(to.uri, v->m->from.uri))
		to = own;
	if (to.uri.p != NULL || to.name.p != NULL)
		message_add_address(v->m, &v->m->to, to);
}

static struct str
in_chat(struct view *v, struct str id)
{
	return v->chat.p == NULL || id.p == NULL
		   ? id
		   : ARENA_JOIN(&v->m->arena, v->chat, STR("/"), id);
}

/* Ids count anew in each chat. */
static void
read_ids(struct view *v)
{
	static const char *const ids[] = { "id", "message.id", NULL };
	static const char *const replies[] = { "reply_to_message_id",
		"reply_to_id", NULL };
	struct str reply = native_any(v->n, v->native, replies);
	struct str peer = text(v, "reply_to_peer_id");

	v->m->native_id = v->m->message_id =
	    in_chat(v, native_any(v->n, v->native, ids));
	if (v->m->native_id.p == NULL)
		v->m->native_id = native_content(v->n, v->native);
	v->m->thread_id = v->chat;
	if (reply.p != NULL && peer.p == NULL)
		message_add_str(v->m, &v->m->in_reply_to, in_chat(v, reply));
}

static const char *
type_of(struct view *v)
{
	struct json action = json_get(v->native, "action");

	if (!json_is(json_get(v->native, "type"), "service"))
		return "message";
	return json_is(action, "phone_call") ? "call" : "event";
}

enum stage_result
telegram_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n), .native = native };

	v.kind = telegram_chat(native_value(n, native_beside(n, "type")));
	v.chat = native_value(n, native_beside(n, "id"));
	v.chat_name = native_value(n, native_beside(n, "name"));
	v.m->channel = "telegram";
	v.m->account = native_value(n, native_beside(n, "account"));
	v.m->type = type_of(&v);
	if (native_time(n, json_get(native, "date_unixtime"), &v.m->sent) < 0 &&
	    native_time(n, json_get(native, "date"), &v.m->sent) < 0)
		return native_reject(e, "no message of Telegram: it has no "
					"date");
	read_ids(&v);
	read_people(&v);
	read_text(&v);
	attach(&v, "photo", "photo_file_size", "image/jpeg");
	attach(&v, "file", "file_size", NULL);
	if (edited_at(&v) != TIME_NONE)
		message_keyword(v.m, "edited");
	return write_data(&v, e) < 0 ? STAGE_REJECT : native_emit(n, e);
}
