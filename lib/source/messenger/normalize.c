#include "source/messenger/messenger.h"
#include "source/native.h"

enum {
	NESTED = 32, /* lists and objects in what is copied into data */
	ID_BYTES = 8, /* of a chat's id, at least */
	REACTIONS = 1000, /* to a message, which are counted by kind */
};

struct view {
	struct normalize *n;
	struct message *m;
	struct json native, around; /* the item, and what stands beside it */
	struct arena *a;
	struct str title, thread;
	struct str id; /* of the chat, where it is the service's own */
	struct str owner, partner; /* absent where they are not told */
};

static struct str
mended(struct view *v, struct json s)
{
	struct str text = native_value(v->n, s);

	return text.p == NULL ? text : messenger_mend(text, v->a);
}

static struct str
any(struct view *v, struct json from, const char *const *names)
{
	struct str s = native_any(v->n, from, names);

	return s.p == NULL ? s : messenger_mend(s, v->a);
}

/* Who takes part: {"name"} or the name. */
static struct str
participant(struct view *v, struct json one)
{
	return mended(
	    v, json_type(one) == JSON_OBJECT ? json_get(one, "name") : one);
}

/* How many of those who take part are called so, of how many. */
static size_t
count_named(struct view *v, struct str name, size_t *all)
{
	struct json_iter it = json_each(json_get(v->around, "participants"));
	struct json one;
	size_t n = 0;

	*all = 0;
	while (json_next(&it, NULL, &one)) {
		n += str_eq(participant(v, one), name);
		(*all)++;
	}
	return n;
}

/* Names are not unique: one that two bear tells nobody. */
static bool
is_one_only(struct view *v, struct str name)
{
	size_t all, n = count_named(v, name, &all);

	return n == 1 || all == 0;
}

static bool
is_ours(struct view *v, struct str name)
{
	return name.n > 0 && workspace_our_uri(v->n->workspace,
				 native_uri(v->n, v->m->channel, name));
}

static bool
is_group(struct view *v)
{
	struct json link =
	    json_get(json_get(v->around, "joinable_mode"), "link");

	return native_value(v->n, link).p != NULL ||
	       json_is(json_get(v->around, "thread_type"), "RegularGroup");
}

/* Whose download it is: the workspace's, or the profile's in it. */
static struct str
told_owner(struct view *v)
{
	struct json names = json_get(json_get(v->around, "export"), "owner");
	struct json_iter it = json_each(names);
	struct json one;

	while (json_next(&it, NULL, &one)) {
		struct str name = native_value(v->n, one);

		if (name.p != NULL && is_one_only(v, name))
			return name;
	}
	it = json_each(json_get(v->around, "participants"));
	while (json_next(&it, NULL, &one)) {
		struct str name = participant(v, one);

		if (is_ours(v, name) && is_one_only(v, name))
			return name;
	}
	return STR_NONE;
}

/*
 * Who is who.  A chat of two is called after the other one, who stands first
 * among the participants; the second is whose download it is.  A group of two
 * that somebody gave our name does not pass for one.
 */
static void
tell_sides(struct view *v)
{
	struct json list = json_get(v->around, "participants");
	struct str first = participant(v, json_at(list, 0));
	struct str second = participant(v, json_at(list, 1));

	v->owner = told_owner(v);
	if (json_count(list) != 2 || is_group(v) || first.p == NULL ||
	    second.p == NULL || str_eq(first, second))
		return;
	if (v->owner.p == NULL && str_eq(first, v->title))
		v->owner = second;
	if (v->owner.p != NULL)
		v->partner = str_eq(v->owner, first) ? second : first;
}

/* The id behind a chat's name: "mara_1234567890". */
static struct str
chat_id(struct str folder)
{
	ptrdiff_t line = str_rchr(folder, '_');
	struct str id = str_sub(folder, (size_t)(line + 1), folder.n);

	return line < 0 || id.n < ID_BYTES ? STR_NONE : id;
}

/* "Mara Voss_3": its name without the number. */
static size_t
before_number(struct str s)
{
	ptrdiff_t line = str_rchr(s, '_');

	return line > 0 ? (size_t)line : s.n;
}

static void
tell_chat(struct view *v)
{
	struct json path = json_get(v->around, "thread_path");
	struct str folder = mended(v, path);

	folder = str_after_last(folder, '/');
	if (folder.n == 0)
		folder = messenger_thread_folder(json_str(
		    json_get(json_get(v->n->root, "source"), "file"), v->a));
	v->title = mended(v, json_get(v->around, "title"));
	v->thread = v->id = chat_id(folder);
	if (v->thread.p == NULL && folder.n > 0)
		v->thread = folder;
	if (v->thread.p == NULL)
		v->thread = mended(v, json_get(v->around, "threadName"));
	if (v->title.p == NULL) {
		v->title = mended(v, json_get(v->around, "threadName"));
		v->title = str_sub(v->title, 0, before_number(v->title));
	}
}

/* The other of two is who writes in the chat with this id. */
static struct address
partner(struct view *v)
{
	struct address a = { .name = v->partner };

	if (v->id.p != NULL)
		a.uri = native_uri(v->n, v->m->channel,
		    ARENA_JOIN(v->a, STR("thread"), v->id));
	return a;
}

/* Instagram's older files have handles, which are unique. */
static struct address
handle(struct view *v, struct str name)
{
	return (struct address){ .name = name,
		.uri = native_uri(v->n, "instagram", name) };
}

static void
add_to(struct view *v, struct address a)
{
	if (a.name.p != NULL || a.uri.p != NULL)
		message_add_address(v->m, &v->m->to, a);
}

static void
read_handles(struct view *v, struct str sender)
{
	struct json_iter it = json_each(json_get(v->around, "participants"));
	struct json one;

	v->m->from = handle(v, sender);
	while (json_next(&it, NULL, &one)) {
		struct str name = participant(v, one);

		if (name.p != NULL && !str_eq(name, sender))
			add_to(v, handle(v, name));
	}
}

static void
read_people(struct view *v)
{
	static const char *const names[] = { "sender_name", "senderName",
		NULL };
	struct str handle_name = native_text(v->n, v->native, "sender");
	struct str sender = any(v, v->native, names);
	struct message *m = v->m;

	if (sender.p == NULL && handle_name.p != NULL) {
		read_handles(v, handle_name);
		return;
	}
	m->from.name = sender;
	if (sender.p != NULL && (str_eq(sender, v->owner) ||
				    (v->owner.p == NULL && is_ours(v, sender) &&
					is_one_only(v, sender))))
		m->direction = "outbound";
	else if (v->owner.p != NULL)
		m->direction = "inbound";
	if (v->partner.p == NULL) {
		struct address to = { .name = v->title };

		if (v->id.p != NULL)
			to.uri = native_uri(v->n, m->channel,
			    ARENA_JOIN(v->a, STR("group"), v->id));
		add_to(v, to);
	} else if (str_eq(sender, v->partner)) {
		m->from = partner(v);
		add_to(v, (struct address){ .name = v->owner });
	} else {
		add_to(v, partner(v));
	}
}

static struct str
text_of(struct view *v)
{
	static const char *const texts[] = { "content", "text", "heart", NULL };
	static const char *const shared[] = { "share_text", "link", NULL };
	struct str s = any(v, v->native, texts);

	return s.p == NULL ? any(v, json_get(v->native, "share"), shared) : s;
}

/* The last part of a path or URL. */
static struct str
file_name(struct str uri)
{
	ptrdiff_t query = str_chr(uri, '?');

	if (query > 0)
		uri = str_sub(uri, 0, (size_t)query);
	return str_after_last(uri, '/');
}

static void
attach(struct view *v, struct json one)
{
	struct json uri =
	    json_type(one) == JSON_OBJECT ? json_get(one, "uri") : one;
	struct attachment a = { .size = -1 };

	a.name = file_name(mended(v, uri));
	if (a.name.n > 0)
		message_add_attachment(v->m, a);
}

static void
read_attachments(struct view *v)
{
	static const char *const names[] = { "photos", "videos", "audio_files",
		"files", "gifs", "sticker", "media", "voice_media",
		"animated_media_images", NULL };

	for (size_t i = 0; names[i] != NULL; i++) {
		struct json list = json_get(v->native, names[i]), one;
		struct json_iter it = json_each(list);

		if (json_type(list) == JSON_STRING ||
		    json_type(list) == JSON_OBJECT)
			attach(v, list);
		else
			while (json_next(&it, NULL, &one))
				attach(v, one);
	}
}

/* A value as it stands, with its strings mended. */
static void
write_mended(struct view *v, struct writer *w, struct json value, int depth)
{
	struct json_iter it = json_each(value);
	struct json key, one;
	enum json_type type = json_type(value);

	if (type == JSON_STRING) {
		write_str(w, messenger_mend(json_str(value, v->a), v->a));
	} else if (depth == NESTED ||
		   (type != JSON_LIST && type != JSON_OBJECT)) {
		write_raw(w, json_raw(value));
	} else if (type == JSON_LIST) {
		write_list(w);
		while (json_next(&it, NULL, &one))
			write_mended(v, w, one, depth + 1);
		write_list_end(w);
	} else {
		write_object(w);
		while (json_next(&it, &key, &one)) {
			write_key_str(w, json_str(key, v->a));
			write_mended(v, w, one, depth + 1);
		}
		write_object_end(w);
	}
}

static void
keep(struct view *v, struct writer *w, const char *name)
{
	struct json value = json_get(v->native, name);

	if (json_type(value) <= JSON_NULL || json_is(value, "") ||
	    ((json_type(value) == JSON_LIST ||
		 json_type(value) == JSON_OBJECT) &&
		json_count(value) == 0))
		return;
	write_key(w, name);
	write_mended(v, w, value, 0);
}

static bool
is_same(struct json one, struct json reaction)
{
	return str_eq(json_raw(json_get(one, "reaction")), json_raw(reaction));
}

/* Is this the first reaction of its kind? */
static bool
is_new(struct json list, struct json reaction)
{
	struct json_iter it = json_each(list);
	struct json one;

	while (json_next(&it, NULL, &one)) {
		if (is_same(one, reaction))
			return json_get(one, "reaction").at == reaction.at;
	}
	return true;
}

static int64_t
count_of(struct json list, struct json reaction)
{
	struct json_iter it = json_each(list);
	struct json one;
	int64_t n = 0;

	while (json_next(&it, NULL, &one))
		n += is_same(one, reaction);
	return n;
}

/* By name: there are no ids. */
static void
write_reaction(
    struct view *v, struct writer *w, struct json list, struct json reaction)
{
	struct json_iter it = json_each(list);
	struct json one;

	write_object(w);
	write_member(w, "name", mended(v, reaction));
	write_member_int(w, "count", count_of(list, reaction));
	write_key(w, "by");
	write_list(w);
	while (json_next(&it, NULL, &one)) {
		struct str actor = mended(v, json_get(one, "actor"));

		if (is_same(one, reaction) && actor.p != NULL)
			write_str(w, actor);
	}
	write_list_end(w);
	write_object_end(w);
}

static void
write_reactions(struct view *v, struct writer *w)
{
	struct json list = json_get(v->native, "reactions"), one;
	struct json_iter it = json_each(list);
	bool open = false;

	if (json_count(list) > REACTIONS) {
		native_data_raw(w, "reactions", list);
		return;
	}
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct json reaction = json_get(one, "reaction");

		if (json_type(reaction) != JSON_STRING ||
		    !is_new(list, reaction))
			continue;
		if (!open) {
			write_key(w, "reactions");
			write_list(w);
		}
		open = true;
		write_reaction(v, w, list, reaction);
	}
	if (open)
		write_list_end(w);
}

static void
write_call(struct view *v, struct writer *w)
{
	struct json duration = json_get(v->native, "call_duration");
	int64_t seconds = 0;

	native_data_raw(w, "duration", duration);
	(void)json_int(duration, &seconds);
	write_key(w, "disposition");
	write_z(w, json_true(json_get(v->native, "missed")) || seconds <= 0
		       ? "no answer"
		       : "answered");
}

static int
write_data(struct view *v, const char *subtype, struct err *e)
{
	/* What stands on a message and has no member of its own. */
	static const char *const kept[] = { "share", "users", "plan",
		"payment_info", "poll", "live_location", "location",
		"bumped_message_metadata", "likes", "mentions",
		"media_share_url", "media_share_caption", "media_owner",
		"story_share", "story_share_type", "profile_share_username",
		"profile_share_name", "video_call_action", "action", "link",
		NULL };
	struct writer *w = native_data(v->n);

	write_member(w, "subtype", str_of(subtype));
	if (v->m->type[0] == 'c')
		write_call(v, w);
	write_reactions(v, w);
	for (size_t i = 0; kept[i] != NULL; i++)
		keep(v, w, kept[i]);
	return native_data_end(v->n, e);
}

/* What an event is, else NULL. */
static const char *
subtype_of(struct view *v)
{
	struct json type = json_get(v->native, "type");

	if (json_is(type, "Subscribe"))
		return "subscribe";
	if (json_is(type, "Unsubscribe"))
		return "unsubscribe";
	return json_count(json_get(v->native, "users")) > 0 ? "members" : NULL;
}

static bool
is_call(struct view *v)
{
	struct json n = v->native;

	return json_is(json_get(n, "type"), "Call") ||
	       json_type(json_get(n, "call_duration")) == JSON_NUMBER ||
	       json_type(json_get(n, "missed")) > JSON_NULL ||
	       json_type(json_get(n, "video_call_action")) == JSON_STRING;
}

/* There are no ids: when it was, who wrote it, and what. */
static void
read_id(struct view *v, struct json time)
{
	struct message *m = v->m;
	struct str what = m->text;

	if (what.p == NULL && m->attachments.n > 0)
		what = m->attachments.v[0].name;
	m->thread_id = v->thread;
	m->native_id = ARENA_JOIN(v->a, v->thread, STR("/"),
	    native_value(v->n, time), STR("/"), m->from.name, STR("/"), what);
}

enum stage_result
messenger_normalize(struct normalize *n, struct json native, struct err *e)
{
	static const char *const times[] = { "timestamp_ms", "timestamp",
		"timestampMs", "created_at", NULL };
	struct view v = { .n = n, .m = normalize_begin(n), .native = native };
	struct json time = JSON_ABSENT;
	const char *subtype;

	v.a = &v.m->arena;
	v.around = json_get(n->root, "beside");
	v.m->channel =
	    json_is(
		json_get(json_get(v.around, "export"), "channel"), "instagram")
		? "instagram"
		: "messenger";
	for (size_t i = 0; times[i] != NULL && json_type(time) <= JSON_NULL;
	     i++)
		time = json_get(native, times[i]);
	if (native_time(n, time, &v.m->sent) < 0)
		return native_reject(
		    e, "no message of Messenger or Instagram: it has no time");
	subtype = subtype_of(&v);
	v.m->type = is_call(&v)       ? "call"
		    : subtype != NULL ? "event"
				      : "message";
	tell_chat(&v);
	tell_sides(&v);
	read_people(&v);
	v.m->text = text_of(&v);
	read_attachments(&v);
	read_id(&v, time);
	if (json_true(json_get(native, "is_unsent")) ||
	    json_true(json_get(native, "isUnsent")) ||
	    json_true(json_get(native, "is_taken_down")))
		message_keyword(v.m, "deleted");
	return write_data(&v, subtype, e) < 0 ? STAGE_REJECT
					      : native_emit(n, e);
}
