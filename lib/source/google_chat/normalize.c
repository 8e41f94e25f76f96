#include "source/google_chat/google_chat.h"

static struct str
text(struct google_view *v, struct json from, const char *name)
{
	return native_text(v->n, from, name);
}

/* "spaces/A/messages/T.M" and "A/T/M" are one message. */
static void
read_name(struct google_view *v)
{
	struct str rest = v->api ? text(v, v->native, "name")
				 : text(v, v->native, "message_id");
	struct str thread =
	    v->api ? native_value(v->n, native_at(v->native, "thread/name"))
		   : text(v, v->native, "topic_id");

	if (v->api)
		(void)str_split(&rest, '/');
	v->id = rest.p == NULL ? STR_NONE : rest;
	if (str_chr(rest, '/') > 0)
		v->space = str_split(&rest, '/');
	if (v->api)
		(void)str_split(&rest, '/');
	thread = str_after_last(thread, '/');
	if (v->space.p != NULL && rest.n > 0) {
		ptrdiff_t slash = str_chr(rest, '/');
		struct str head =
		    str_sub(rest, 0, slash < 0 ? rest.n : (size_t)slash);

		v->id = slash < 0
			    ? rest
			    : ARENA_JOIN(&v->m->arena, head, STR("."),
				  str_sub(rest, (size_t)slash + 1, rest.n));
		if (thread.n == 0 && slash > 0)
			thread = head;
	}
	v->topic = thread.n > 0 ? thread : STR_NONE;
}

static struct str
in_space(struct google_view *v, struct str id)
{
	return v->space.p == NULL || id.p == NULL
		   ? id
		   : ARENA_JOIN(&v->m->arena, v->space, STR("/"), id);
}

/* The id of another message, in the form of messageId. */
static struct str
other_id(struct google_view *v, struct json from)
{
	struct google_view other = {
		.n = v->n, .m = v->m, .native = from, .api = v->api
	};

	read_name(&other);
	return in_space(&other, other.id);
}

static void
read_ids(struct google_view *v)
{
	struct json quoted =
	    google_get(v, "quoted_message_metadata", "quotedMessageMetadata");
	struct str reply = other_id(v, quoted), root;

	read_name(v);
	v->m->message_id = in_space(v, v->id);
	/* Older exports number nothing. */
	v->m->native_id = v->m->message_id.p != NULL
			      ? v->m->message_id
			      : native_content(v->n, v->native);
	v->m->id_without_account = true;
	v->m->thread_id = in_space(v, v->topic);
	if (v->m->thread_id.p == NULL)
		v->m->thread_id = v->space;
	if (reply.p != NULL)
		message_add_str(v->m, &v->m->in_reply_to, reply);
	if (v->topic.p == NULL || v->space.p == NULL)
		return;
	root = ARENA_JOIN(&v->m->arena, v->topic, STR("."), v->topic);
	/* The first of a thread is called as the thread. */
	if (!str_eq(root, v->id) && !str_eq(v->topic, v->id))
		message_add_str(v->m, &v->m->references, in_space(v, root));
}

static bool
same_person(const struct address *a, const struct address *b)
{
	if (a->email.p != NULL && b->email.p != NULL)
		return str_eq_nocase(a->email, b->email);
	if (a->uri.p != NULL || b->uri.p != NULL)
		return str_eq(a->uri, b->uri);
	return a->email.p == NULL && b->email.p == NULL &&
	       str_eq(a->name, b->name);
}

static void
add_to(struct google_view *v, struct address a)
{
	if ((a.name.p == NULL && a.email.p == NULL && a.uri.p == NULL) ||
	    same_person(&a, &v->m->from))
		return;
	for (size_t i = 0; i < v->m->to.n; i++)
		if (same_person(&a, &v->m->to.v[i]))
			return;
	message_add_address(v->m, &v->m->to, a);
}

/* Whom it mentions, who else is in a group of two, or the group. */
static void
read_recipients(struct google_view *v)
{
	struct json group = native_beside(v->n, "group");
	struct json members = json_get(group, "members"), one;
	struct json list = json_get(v->native, "annotations");
	struct json_iter it = json_each(members);
	bool two = json_type(members) == JSON_LIST && json_count(members) == 2;
	struct address room = { 0 };

	while (two && json_next(&it, NULL, &one))
		add_to(v, google_person(v, one));
	it = json_each(list);
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct json who = native_at(one,
		    v->api ? "userMention/user" : "user_mention_metadata/user");

		if (json_type(who) == JSON_OBJECT && !google_is_bot(v, who))
			add_to(v, google_person(v, who));
	}
	room.name = text(v, group, "name");
	if (room.name.p == NULL)
		room.name = native_value(
		    v->n, native_at(v->native, "space/displayName"));
	if (room.name.p != NULL && !two)
		message_add_address(v->m, &v->m->to, room);
}

static void
read_people(struct google_view *v)
{
	struct json who = google_get(v, "creator", "sender");
	struct str owner = native_value(v->n, native_beside(v->n, "owner"));

	v->m->from = google_person(v, who);
	if (google_is_bot(v, who)) {
		message_keyword(v->m, "bot");
		message_keyword(v->m, "automatic");
	}
	if (owner.p != NULL && v->m->from.email.p != NULL)
		v->m->direction = str_eq_nocase(owner, v->m->from.email)
				      ? "outbound"
				      : "inbound";
	read_recipients(v);
}

/* [{"emoji":{"unicode":"+"},"reactor_emails":[...]}], or with a count. */
static void
write_reactions(struct google_view *v, struct writer *w)
{
	struct json list = google_get(v, "reactions", "emojiReactionSummaries");
	struct json_iter it = json_each(list), by;
	struct json one, who;

	if (json_type(list) != JSON_LIST || json_count(list) == 0)
		return;
	write_key(w, "reactions");
	write_list(w);
	while (json_next(&it, NULL, &one)) {
		struct json emoji = json_get(one, "emoji");
		struct json emails = json_get(one, "reactor_emails");
		struct str name = text(v, emoji, "unicode");

		if (name.p == NULL)
			name = native_value(
			    v->n, native_at(emoji, "customEmoji/emojiName"));
		write_object(w);
		write_member(w, "name", name);
		native_data_raw(w, "count", json_get(one, "reactionCount"));
		if (json_type(emails) == JSON_LIST) {
			write_member_int(
			    w, "count", (int64_t)json_count(emails));
			write_key(w, "by");
			write_list(w);
			by = json_each(emails);
			while (json_next(&by, NULL, &who))
				write_str(w, native_value(v->n, who));
			write_list_end(w);
		}
		write_object_end(w);
	}
	write_list_end(w);
}

static int
write_data(struct google_view *v, struct err *e)
{
	static const char *const kept[] = { "annotations",
		"previous_message_versions", "slashCommand", "space", NULL };
	struct json gone =
	    google_get(v, "deletion_metadata", "deletionMetadata");
	struct writer *w = native_data(v->n);
	int64_t t;

	if (google_time(
		v, google_get(v, "updated_date", "lastUpdateTime"), &t) == 0) {
		message_keyword(v->m, "edited");
		write_member_time(w, "editedAt", t);
	}
	if (google_time(v, google_get(v, "deleted_date", "deleteTime"), &t) ==
	    0)
		write_member_time(w, "deletedAt", t);
	if (json_type(gone) == JSON_OBJECT ||
	    json_type(json_get(v->native, "deleteTime")) == JSON_STRING ||
	    json_is(json_get(v->native, "message_state"), "DELETED"))
		message_keyword(v->m, "deleted");
	if (json_type(json_get(v->native, "privateMessageViewer")) ==
	    JSON_OBJECT)
		message_keyword(v->m, "private");
	native_data_raw(w, "deletion", gone);
	write_reactions(v, w);
	for (size_t i = 0; kept[i] != NULL; i++)
		native_data_raw(w, kept[i], json_get(v->native, kept[i]));
	return native_data_end(v->n, e);
}

static enum stage_result
message(struct google_view *v, struct err *e)
{
	v->m->type = "message";
	if (google_time(v, google_get(v, "created_date", "createTime"),
		&v->m->sent) < 0)
		return native_reject(e, "no message of Google Chat: it has no "
					"time that can be read");
	read_ids(v);
	read_people(v);
	google_body(v);
	return write_data(v, e) < 0 ? STAGE_REJECT : native_emit(v->n, e);
}

/* A group and who is in it, or whose data it is. */
static enum stage_result
row(struct google_view *v, const char *subtype, struct json who, struct err *e)
{
	struct writer *w;

	v->m->type = who.doc != NULL ? "contact" : "event";
	v->m->id_without_account = true;
	v->m->native_id = ARENA_JOIN(&v->m->arena, str_of(subtype), STR("/"),
	    native_content(v->n, v->native));
	if (who.doc != NULL)
		v->m->from = google_person(v, who);
	else
		v->m->direction = "internal";
	w = native_data(v->n);
	write_member(w, "subtype", str_of(subtype));
	write_member(w, "chat", text(v, v->native, "name"));
	native_data_raw(w, "members", json_get(v->native, "members"));
	native_data_raw(w, "groups", json_get(v->native, "membership_info"));
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

/* What a hook was sent that is no message: ADDED_TO_SPACE, CARD_CLICKED. */
static enum stage_result
hook(struct google_view *v, struct json outer, struct err *e)
{
	struct writer *w;

	if (native_time(v->n, json_get(outer, "eventTime"), &v->m->sent) < 0)
		return native_reject(e, "nothing that Google Chat has");
	v->m->type = "event";
	v->m->native_id = native_content(v->n, outer);
	v->m->from = google_person(v, json_get(outer, "user"));
	w = native_data(v->n);
	write_member(w, "subtype", text(v, outer, "type"));
	native_data_raw(w, "space", json_get(outer, "space"));
	native_data_raw(w, "action", json_get(outer, "action"));
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

enum stage_result
google_chat_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct google_view v = {
		.n = n, .m = normalize_begin(n), .native = native
	};
	struct json inner = json_get(native, "message");

	v.m->channel = "chat";
	if (json_type(json_get(native, "sender_id")) == JSON_OBJECT)
		return google_hangouts(&v, e);
	if (json_type(inner) == JSON_OBJECT &&
	    json_type(json_get(inner, "createTime")) != JSON_NONE)
		v.native = inner;
	v.api = json_type(json_get(v.native, "createTime")) != JSON_NONE;
	if (v.api ||
	    json_type(json_get(v.native, "created_date")) != JSON_NONE ||
	    json_type(json_get(v.native, "creator")) != JSON_NONE)
		return message(&v, e);
	if (json_type(json_get(native, "user")) == JSON_OBJECT &&
	    json_type(json_get(native, "eventTime")) == JSON_NONE)
		return row(&v, "user", json_get(native, "user"), e);
	if (json_type(json_get(native, "members")) == JSON_LIST)
		return row(&v, "group", JSON_ABSENT, e);
	return hook(&v, native, e);
}
