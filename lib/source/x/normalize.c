#include "source/native.h"
#include "source/x/x.h"

#include "core/text/ascii.h"

/* Ids count milliseconds since this time, in all but their last 22 bits. */
#define SNOWFLAKE_EPOCH INT64_C(1288834974657)

enum { REACTIONS = 1000 }; /* to a message, which are counted by kind */

struct view {
	struct normalize *n;
	struct message *m;
	struct json native, around; /* the item, and what stands beside it */
	struct json body; /* the members of what happened */
	struct str kind; /* "messageCreate", "participantsLeave" */
	struct str chat; /* "1-2", or a group's id */
	struct str own; /* whose archive it is; absent */
};

static struct str
any(struct view *v, struct json from, const char *const *names)
{
	return native_any(v->n, from, names);
}

/* {"messageCreate":{...}}; of the interfaces the kind is a member. */
static void
tell_kind(struct view *v)
{
	static const char *const kinds[] = { "event_type", "type", NULL };
	struct json_iter it = json_each(v->native);
	struct json key, value;
	struct str kind = any(v, v->native, kinds);

	v->body = v->native;
	if (kind.p == NULL) {
		while (json_next(&it, &key, &value))
			if (json_type(value) == JSON_OBJECT) {
				v->kind = json_str(key, &v->m->arena);
				v->body = value;
				return;
			}
		return;
	}
	if (str_is(kind, "message_create")) {
		v->body = json_get(v->native, "message_create");
		kind = STR("messageCreate");
	}
	/* "ParticipantsJoin" is the archive's participantsJoin. */
	v->kind = arena_dup(&v->m->arena, kind);
	if (v->kind.n > 0 && ascii_is_upper(v->kind.p[0])) {
		char first = ascii_lower(kind.p[0]);

		v->kind = ARENA_JOIN(&v->m->arena, str_make(&first, 1),
		    str_sub(kind, 1, kind.n));
	}
}

/* The id of what happened, where it has one. */
static struct str
id_of(struct view *v)
{
	struct str id = native_text(v->n, v->body, "id");

	return id.p == NULL ? native_text(v->n, v->native, "id") : id;
}

static int
read_time(struct view *v)
{
	static const char *const names[] = { "createdAt", "created_at",
		"created_timestamp", "createdTimestamp", NULL };
	struct str time = any(v, v->body, names);
	int64_t id;

	if (time.p == NULL)
		time = any(v, v->native, names);
	if (native_time_text(v->n, time, &v->m->sent) == 0)
		return 0;
	if (str_to_int(id_of(v), &id) < 0 || id >> 22 == 0)
		return -1;
	v->m->sent = ((id >> 22) + SNOWFLAKE_EPOCH) * (TIME_SECOND / 1000);
	return 0;
}

/* Who a user is, as far as it is told: in a list by "id", or by it. */
static struct json
profile(struct view *v, struct str id)
{
	struct json list = json_get(json_get(v->around, "includes"), "users");
	struct json_iter it = json_each(list);
	struct json one;

	while (json_next(&it, NULL, &one))
		if (str_eq(native_text(v->n, one, "id"), id))
			return one;
	return json_get_str(json_get(v->around, "users"), id);
}

static struct address
person(struct view *v, struct str id)
{
	static const char *const own[] = { "accountDisplayName", "username",
		NULL };
	static const char *const names[] = { "name", "username", "screen_name",
		NULL };
	struct address a = { .uri = native_uri(v->n, "x", id) };

	if (id.p == NULL)
		return a;
	a.name = any(v, profile(v, id), names);
	if (a.name.p == NULL && v->own.p != NULL && str_eq(id, v->own))
		a.name = any(v, json_get(v->around, "export"), own);
	return a;
}

static void
add_to(struct view *v, struct address a)
{
	if (a.uri.p != NULL)
		message_add_address(v->m, &v->m->to, a);
}

/* Of "1-2" the one that is not the sender. */
static struct str
other_of(struct view *v, struct str sender)
{
	struct str rest = v->chat, first = str_split(&rest, '-');

	return str_eq(first, sender)  ? rest
	       : str_eq(rest, sender) ? first
				      : STR_NONE;
}

static struct str
list_first(struct view *v, const char *name)
{
	struct json list = json_get(v->body, name);

	return json_count(list) == 1 ? native_value(v->n, json_at(list, 0))
				     : STR_NONE;
}

static void
read_people(struct view *v)
{
	static const char *const senders[] = { "senderId", "sender_id",
		"initiatingUserId", "initiating_user_id", NULL };
	static const char *const recipients[] = { "recipientId", "recipient_id",
		NULL };
	struct json target = json_get(v->body, "target");
	struct str sender = any(v, v->body, senders);
	struct str to = any(v, v->body, recipients);

	if (sender.p == NULL)
		sender = list_first(v, "userIds");
	if (sender.p == NULL)
		sender = list_first(v, "participant_ids");
	if (to.p == NULL)
		to = any(v, target, recipients);
	v->m->from = person(v, sender);
	if (v->chat.p != NULL && str_chr(v->chat, '-') < 0)
		add_to(v, (struct address){ .uri = native_uri(v->n, "x",
						ARENA_JOIN(&v->m->arena,
						    STR("group"), v->chat)) });
	else if (to.p != NULL && !str_eq(to, sender))
		add_to(v, person(v, to));
	else if (v->chat.p != NULL)
		add_to(v, person(v, other_of(v, sender)));
	if (v->own.p == NULL || sender.p == NULL)
		return;
	v->m->account = v->own;
	v->m->direction = str_eq(sender, v->own) ? "outbound" : "inbound";
}

/* The conversation; of a message between two its name can be made. */
static void
tell_chat(struct view *v)
{
	static const char *const names[] = { "dm_conversation_id",
		"conversationId", "conversation_id", NULL };
	struct json data = json_get(v->body, "target");
	struct str from = native_text(v->n, v->body, "sender_id");
	struct str to = native_text(v->n, data, "recipient_id");

	v->chat = native_text(v->n, v->around, "conversationId");
	if (v->chat.p == NULL)
		v->chat = any(v, v->native, names);
	if (v->chat.p == NULL)
		v->chat = any(v, v->body, names);
	if (v->chat.p != NULL || from.p == NULL || to.p == NULL)
		return;
	/* The smaller one first. */
	if (from.n > to.n || (from.n == to.n && str_cmp(from, to) > 0)) {
		struct str first = to;

		to = from;
		from = first;
	}
	v->chat = ARENA_JOIN(&v->m->arena, from, STR("-"), to);
}

static struct str
file_name(struct str uri)
{
	ptrdiff_t query = str_chr(uri, '?');

	if (query > 0)
		uri = str_sub(uri, 0, (size_t)query);
	return str_after_last(uri, '/');
}

static void
attach(struct view *v, struct str name)
{
	struct attachment a = { .name = name, .size = -1 };

	if (name.n > 0)
		message_add_attachment(v->m, a);
}

static void
read_text(struct view *v)
{
	static const char *const pictures[] = { "media_url_https", "media_url",
		NULL };
	struct json data = json_get(v->body, "message_data"), one;
	struct json from = json_type(data) == JSON_OBJECT ? data : v->body;
	struct json urls = json_get(from, "urls"), media;
	struct json_iter it = json_each(json_get(from, "mediaUrls"));

	if (json_type(urls) != JSON_LIST)
		urls = json_get(json_get(from, "entities"), "urls");
	v->m->text = native_text(v->n, from, "text");
	if (v->m->text.p != NULL)
		v->m->text = x_text(v->n, v->m->text, urls);
	while (json_next(&it, NULL, &one))
		attach(v, file_name(native_value(v->n, one)));
	media = json_get(json_get(from, "attachment"), "media");
	attach(v, file_name(any(v, media, pictures)));
	it = json_each(json_get(json_get(from, "attachments"), "media_keys"));
	while (json_next(&it, NULL, &one))
		attach(v, native_value(v->n, one));
}

static bool
is_same(struct json one, struct json key)
{
	return str_eq(json_raw(json_get(one, "reactionKey")), json_raw(key));
}

/* How many there are of a kind; 0 where an earlier one was of it. */
static int64_t
count_of(struct json list, struct json key)
{
	struct json_iter it = json_each(list);
	struct json one;
	int64_t n = 0;

	while (json_next(&it, NULL, &one)) {
		if (n == 0 && is_same(one, key) &&
		    json_get(one, "reactionKey").at != key.at)
			return 0;
		n += is_same(one, key);
	}
	return n;
}

static void
write_reaction(
    struct view *v, struct writer *w, struct json list, struct json key)
{
	struct json_iter it = json_each(list);
	struct json one;
	int64_t count = count_of(list, key);

	if (count == 0)
		return;
	write_object(w);
	write_member(w, "name", native_value(v->n, key));
	write_member_int(w, "count", count);
	write_key(w, "by");
	write_list(w);
	while (json_next(&it, NULL, &one)) {
		struct str by =
		    native_uri(v->n, "x", native_text(v->n, one, "senderId"));

		if (is_same(one, key) && by.p != NULL)
			write_str(w, by);
	}
	write_list_end(w);
	write_object_end(w);
}

static void
write_reactions(struct view *v, struct writer *w)
{
	struct json list = json_get(v->body, "reactions"), one;
	struct json_iter it = json_each(list);

	if (json_type(list) != JSON_LIST || json_count(list) == 0)
		return;
	if (json_count(list) > REACTIONS) {
		native_data_raw(w, "reactions", list);
		return;
	}
	write_key(w, "reactions");
	write_list(w);
	while (json_next(&it, NULL, &one))
		write_reaction(v, w, list, json_get(one, "reactionKey"));
	write_list_end(w);
}

static int
write_data(struct view *v, struct str subtype, struct err *e)
{
	/* What stands on what happened and has no member of its own. */
	static const char *const kept[] = { "name", "userIds",
		"participantsSnapshot", "participant_ids", "reactionKey",
		"eventId", "editHistory", "welcomeMessageId", "quick_reply",
		"quick_reply_response", "referenced_tweets", "initiated_via",
		NULL };
	struct json data = json_get(v->body, "message_data");
	struct writer *w = native_data(v->n);

	write_member(w, "subtype", subtype);
	write_reactions(v, w);
	for (size_t i = 0; kept[i] != NULL; i++) {
		struct json value = json_get(v->body, kept[i]);

		if (json_type(value) == JSON_NONE)
			value = json_get(data, kept[i]);
		if (json_type(value) == JSON_NONE)
			value = json_get(v->native, kept[i]);
		native_data_raw(w, kept[i], value);
	}
	return native_data_end(v->n, e);
}

/* Ids are unique in the world; what happened to a group has none. */
static void
read_ids(struct view *v, struct str subtype)
{
	struct message *m = v->m;
	struct str id = id_of(v);

	m->thread_id = v->chat;
	m->id_without_account = true;
	m->native_id = id;
	if (id.p == NULL)
		m->native_id = ARENA_JOIN(&m->arena, v->chat, STR("/"),
		    native_content(v->n, v->native));
	else if (str_is(subtype, "header"))
		m->native_id = ARENA_JOIN(&m->arena, id, STR("/header"));
	else
		m->message_id = id;
}

/* Files of headers say when and who, and no more: no message to answer. */
static bool
is_header(struct view *v)
{
	return json_type(json_get(v->body, "text")) == JSON_NONE &&
	       json_type(json_get(v->body, "message_data")) == JSON_NONE &&
	       json_type(json_get(v->body, "mediaUrls")) == JSON_NONE;
}

enum stage_result
x_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n), .native = native };
	struct str subtype = STR_NONE;
	bool welcome;

	v.around = json_get(n->root, "beside");
	v.m->channel = "x";
	tell_kind(&v);
	if (v.kind.p == NULL || read_time(&v) < 0)
		return native_reject(
		    e, "no direct message of X: it has no kind or no time");
	v.own = native_text(n, json_get(v.around, "export"), "accountId");
	if (v.own.p == NULL)
		v.own = native_text(n, v.around, "for_user_id");
	welcome = str_is(v.kind, "welcomeMessageCreate");
	if (!welcome && !str_is(v.kind, "messageCreate"))
		subtype = v.kind;
	else if (is_header(&v))
		subtype = STR("header");
	v.m->type = subtype.p != NULL ? "event" : "message";
	tell_chat(&v);
	read_people(&v);
	read_text(&v);
	read_ids(&v, subtype);
	if (welcome)
		message_keyword(v.m, "automatic");
	if (json_count(json_get(v.body, "editHistory")) > 0)
		message_keyword(v.m, "edited");
	return write_data(&v, subtype, e) < 0 ? STAGE_REJECT
					      : native_emit(n, e);
}
