#include "source/discord/discord.h"
#include "source/native.h"

/* Ids count milliseconds since this time, in all but their last 22 bits. */
#define SNOWFLAKE_EPOCH INT64_C(1420070400000)
/* All whose account is gone and whose messages stay are this one. */
#define NOBODY "456226577798135808"

struct view {
	struct normalize *n;
	struct message *m;
	struct json native, around; /* the item, and what stands beside it */
	struct json author;
	struct str kind; /* "Reply" */
};

static struct str
any(struct view *v, struct json from, const char *const *names)
{
	return native_any(v->n, from, names);
}

/* A member of either spelling. */
static struct json
either(struct json from, const char *one, const char *other)
{
	struct json v = json_get(from, one);

	return json_type(v) > JSON_NULL ? v : json_get(from, other);
}

static struct str
id_of(struct view *v)
{
	static const char *const names[] = { "id", "ID", NULL };

	return any(v, v->native, names);
}

static int
read_time(struct view *v)
{
	struct json time = json_get(v->native, "timestamp");
	int64_t id;

	if (native_time(v->n, time, &v->m->sent) == 0)
		return 0;
	/* The data package has no zone with its times. */
	if (str_to_int(id_of(v), &id) < 0 || id >> 22 == 0)
		return native_time(
		    v->n, json_get(v->native, "Timestamp"), &v->m->sent);
	v->m->sent = ((id >> 22) + SNOWFLAKE_EPOCH) * (TIME_SECOND / 1000);
	return 0;
}

static struct str
user_uri(struct view *v, struct json user)
{
	struct str id = native_text(v->n, user, "id");

	return str_is(id, NOBODY) ? STR_NONE : native_uri(v->n, "discord", id);
}

static bool
is_bot(struct json user)
{
	return json_true(either(user, "isBot", "bot"));
}

/* A webhook writes under any name; its id is no person's. */
static bool
is_webhook(struct view *v)
{
	struct str digits = native_text(v->n, v->author, "discriminator");
	struct str hook = native_text(v->n, v->native, "webhook_id");

	if (hook.p != NULL &&
	    str_eq(hook, native_text(v->n, v->author, "id")) &&
	    !str_eq(hook, native_text(v->n, v->native, "application_id")))
		return true;
	return is_bot(v->author) && str_is(digits, "0000");
}

static void
read_author(struct view *v)
{
	struct message *m = v->m;
	struct json member = json_get(v->native, "member");

	v->author = json_get(v->native, "author");
	m->from.name = native_text(v->n, member, "nick");
	if (m->from.name.p == NULL)
		m->from.name = discord_name(v->n, v->author);
	if (is_bot(v->author))
		message_keyword(m, "bot");
	if (!is_webhook(v)) {
		m->from.uri = user_uri(v, v->author);
		return;
	}
	message_keyword(m, "bot");
	m->sender.name = m->from.name;
	m->sender.uri = native_uri(v->n, "discord",
	    ARENA_JOIN(
		&m->arena, STR("webhook"), native_text(v->n, v->author, "id")));
}

/* In the data package a channel's id is its folder's name: "c123". */
static struct str
folder_channel(struct view *v)
{
	struct json source = json_get(v->n->root, "source");
	struct str path = native_text(v->n, source, "file"), last;
	ptrdiff_t slash = str_rchr(path, '/');

	path = str_sub(path, 0, slash < 0 ? 0 : (size_t)slash);
	last = str_after_last(path, '/');
	last = str_sub(last, str_starts(last, STR("c")) ? 1 : 0, last.n);
	return str_is_digits(last) ? last : STR_NONE;
}

static void
read_place(struct view *v)
{
	struct message *m = v->m;
	struct json channel = json_get(v->around, "channel");
	struct json guild = json_get(v->around, "guild");
	struct address to = { .name = native_text(v->n, channel, "name") };
	struct str id = native_text(v->n, channel, "id");

	if (id.p == NULL)
		id = native_text(v->n, v->native, "channel_id");
	if (id.p == NULL && v->author.doc == NULL)
		id = folder_channel(v);
	m->thread_id = id;
	if (id.p != NULL)
		to.uri = native_uri(
		    v->n, "discord", ARENA_JOIN(&m->arena, STR("channel"), id));
	if (to.name.p != NULL || to.uri.p != NULL)
		message_add_address(m, &m->to, to);
	m->account = native_text(v->n, guild, "id");
	if (m->account.p == NULL)
		m->account = native_text(v->n, v->native, "guild_id");
	/* Direct messages are of none. */
	if (str_is(m->account, "0"))
		m->account = STR_NONE;
}

/* The part of a forwarded message, or JSON_ABSENT. */
static struct json
forwarded(struct view *v)
{
	struct json one = json_get(v->native, "forwardedMessage");
	struct json list = json_get(v->native, "message_snapshots");

	return json_type(one) == JSON_OBJECT
		   ? one
		   : json_get(json_at(list, 0), "message");
}

static struct str
text_of(struct view *v, struct json message)
{
	static const char *const names[] = { "content", "Contents", NULL };
	struct str s = any(v, message, names);

	if (s.p == NULL)
		s = discord_embeds(v->n, json_get(message, "embeds"));
	return s.p == NULL
		   ? s
		   : discord_text(v->n, s, json_get(message, "mentions"));
}

static void
read_text(struct view *v)
{
	struct json question =
	    json_get(json_get(v->native, "poll"), "question");

	v->m->text = text_of(v, v->native);
	if (v->m->text.p == NULL)
		v->m->text = text_of(v, forwarded(v));
	if (v->m->text.p == NULL)
		v->m->text = native_text(v->n, question, "text");
}

static struct str
url_name(struct str url)
{
	ptrdiff_t query = str_chr(url, '?');

	if (query > 0)
		url = str_sub(url, 0, (size_t)query);
	return str_after_last(url, '/');
}

static void
attach(struct view *v, struct json one)
{
	static const char *const names[] = { "fileName", "filename", "name",
		NULL };
	struct attachment a = { .size = -1 };

	a.name = any(v, one, names);
	if (a.name.p == NULL)
		a.name = url_name(native_text(v->n, one, "url"));
	a.type = native_text(v->n, one, "content_type");
	(void)json_int(either(one, "fileSizeBytes", "size"), &a.size);
	if (a.name.n > 0)
		message_add_attachment(v->m, a);
}

static void
attach_all(struct view *v, struct json message)
{
	static const char *const lists[] = { "attachments", "stickers",
		"sticker_items", NULL };
	struct json one;

	for (size_t i = 0; lists[i] != NULL; i++) {
		struct json_iter it = json_each(json_get(message, lists[i]));

		while (json_next(&it, NULL, &one))
			if (json_type(one) == JSON_OBJECT)
				attach(v, one);
	}
}

/* The data package has links with blanks between. */
static void
attach_links(struct view *v)
{
	struct str rest = native_text(v->n, v->native, "Attachments");

	while (rest.p != NULL) {
		struct str name = url_name(str_trim(str_split(&rest, ' ')));

		if (name.n > 0)
			message_add_attachment(v->m,
			    (struct attachment){ .name = name, .size = -1 });
	}
}

static bool
is_message(struct view *v)
{
	static const char *const kinds[] = { "Default", "Reply",
		"ChatInputCommand", "ContextMenuCommand", NULL };

	for (size_t i = 0; kinds[i] != NULL; i++)
		if (str_is(v->kind, kinds[i]))
			return true;
	return v->kind.p == NULL;
}

/* What it refers to, but for what it passes on. */
static void
read_ids(struct view *v)
{
	static const char *const names[] = { "messageId", "message_id", NULL };
	struct message *m = v->m;
	struct json ref = either(v->native, "reference", "message_reference");
	struct str reply = any(v, ref, names);

	m->native_id = m->message_id = id_of(v);
	m->id_without_account = m->native_id.p != NULL;
	if (m->native_id.p == NULL)
		m->native_id = native_content(v->n, v->native);
	if (reply.p != NULL && forwarded(v).doc == NULL)
		message_add_str(m, &m->in_reply_to, reply);
}

static void
write_users(
    struct view *v, struct writer *w, const char *name, struct json list)
{
	struct json_iter it = json_each(list);
	struct json one;

	if (json_count(list) == 0)
		return;
	write_key(w, name);
	write_list(w);
	while (json_next(&it, NULL, &one)) {
		struct str uri = user_uri(v, one);

		if (uri.p != NULL)
			write_str(w, uri);
	}
	write_list_end(w);
}

/* [{"emoji":{"name":"..."},"count":2,"users":[{"id":"7"}]}] */
static void
write_reactions(struct view *v, struct writer *w)
{
	struct json list = json_get(v->native, "reactions"), one;
	struct json_iter it = json_each(list);

	if (json_type(list) != JSON_LIST || json_count(list) == 0)
		return;
	write_key(w, "reactions");
	write_list(w);
	while (json_next(&it, NULL, &one)) {
		struct json emoji = json_get(one, "emoji");

		write_object(w);
		write_member(w, "name", native_text(v->n, emoji, "name"));
		native_data_raw(w, "count", json_get(one, "count"));
		write_users(v, w, "by", json_get(one, "users"));
		write_object_end(w);
	}
	write_list_end(w);
}

/* Who took part is told by the service alone. */
static void
write_call(struct view *v, struct writer *w)
{
	struct json call = json_get(v->native, "call");
	struct json end = json_get(v->native, "callEndedTimestamp");
	size_t people = json_count(json_get(call, "participants"));
	int64_t t;

	if (json_type(end) <= JSON_NULL)
		end = json_get(call, "ended_timestamp");
	if (native_time(v->n, end, &t) == 0 && t >= v->m->sent)
		write_member_int(w, "duration", (t - v->m->sent) / TIME_SECOND);
	if (people > 0)
		write_member(w, "disposition",
		    str_of(people > 1 ? "answered" : "no answer"));
}

/* Where a thread began, it is what the line refers to. */
static void
write_thread(struct view *v, struct writer *w)
{
	static const char *const names[] = { "channelId", "channel_id", NULL };
	struct json ref = either(v->native, "reference", "message_reference");
	struct str id = any(v, ref, names);

	if (id.p != NULL && str_is(v->kind, "ThreadCreated"))
		write_member(w, "threadId", id);
}

static int
write_data(struct view *v, struct err *e)
{
	/* What stands on a message and has no member of its own. */
	static const char *const kept[] = { "embeds", "poll", "interaction",
		"components", "thread", "role_subscription_data", NULL };
	struct writer *w = native_data(v->n);
	struct json channel = json_get(v->around, "channel");
	struct json edited =
	    either(v->native, "timestampEdited", "edited_timestamp");
	int64_t t;

	if (v->m->type[0] == 'e')
		write_member(w, "subtype", v->kind);
	if (native_time(v->n, edited, &t) == 0)
		write_member_time(w, "editedAt", t);
	write_reactions(v, w);
	if (v->m->type[0] == 'c')
		write_call(v, w);
	write_thread(v, w);
	if (v->m->account.p != NULL)
		write_member(w, "guild",
		    native_text(v->n, json_get(v->around, "guild"), "name"));
	write_member(w, "category", native_text(v->n, channel, "category"));
	write_users(v, w, "mentions", json_get(v->native, "mentions"));
	if (json_true(either(v->native, "isPinned", "pinned")))
		write_member_raw(w, "pinned", STR("true"));
	native_data_raw(w, "forwardedMessage", forwarded(v));
	for (size_t i = 0; kept[i] != NULL; i++)
		native_data_raw(w, kept[i], json_get(v->native, kept[i]));
	return native_data_end(v->n, e);
}

enum stage_result
discord_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n, .m = normalize_begin(n), .native = native };
	struct message *m = v.m;
	struct json edited =
	    either(native, "timestampEdited", "edited_timestamp");

	if (json_type(json_get(native, "AuthorID")) != JSON_NONE)
		return discord_row(n, native, e);
	v.around = json_get(n->root, "beside");
	v.kind = discord_kind(n, json_get(native, "type"));
	m->channel = "discord";
	if (read_time(&v) < 0)
		return native_reject(
		    e, "no message of Discord: it has no timestamp");
	m->type = is_message(&v)           ? "message"
		  : str_is(v.kind, "Call") ? "call"
					   : "event";
	read_author(&v);
	read_place(&v);
	read_text(&v);
	read_ids(&v);
	attach_all(&v, native);
	attach_all(&v, forwarded(&v));
	/* The data package has what its owner wrote, and no author. */
	if (json_type(json_get(native, "Contents")) != JSON_NONE) {
		m->direction = "outbound";
		attach_links(&v);
	}
	if (json_type(edited) > JSON_NULL)
		message_keyword(m, "edited");
	return write_data(&v, e) < 0 ? STAGE_REJECT : native_emit(n, e);
}
