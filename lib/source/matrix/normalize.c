#include "source/matrix/matrix.h"

static bool
is_message(struct str type)
{
	static const char *const types[] = { "m.room.message", "m.sticker",
		"m.room.encrypted", "m.poll.start",
		"org.matrix.msc3381.poll.start", "m.message", NULL };

	return str_is_one_of(type, types);
}

static const char *
type_of(struct matrix_view *v)
{
	if (json_type(json_get(v->native, "state_key")) == JSON_STRING)
		return "event";
	if (str_is(v->type, "m.call.invite"))
		return "call";
	return is_message(v->type) && !json_is(json_get(v->content, "msgtype"),
					  "m.key.verification.request")
		   ? "message"
		   : "event";
}

static struct address
person(struct matrix_view *v, struct str id)
{
	return (struct address){ .uri = native_uri(v->n, "matrix", id) };
}

/* An edit says all of it again, but what it answers. */
static void
read_relations(struct matrix_view *v)
{
	struct json now = json_get(v->content, "m.new_content");
	struct str kind, to, answers;

	v->relates = json_get(v->content, "m.relates_to");
	kind = matrix_text(v, v->relates, "rel_type");
	to = matrix_text(v, v->relates, "event_id");
	answers =
	    native_value(v->n, native_at(v->relates, "m.in_reply_to/event_id"));
	v->edit =
	    str_is(kind, "m.replace") && to.p != NULL && v->m->type[0] == 'm';
	if (v->edit && json_type(now) == JSON_OBJECT)
		v->content = now;
	/* What nobody can read takes no other's place. */
	if (v->edit && str_is(v->type, "m.room.encrypted")) {
		v->edit = false;
		message_keyword(v->m, "edited");
	}
	if (str_is(kind, "m.thread") && to.p != NULL) {
		message_add_str(v->m, &v->m->references, to);
		/* For clients without threads: the last one in it. */
		if (json_true(json_get(v->relates, "is_falling_back")))
			answers = to;
	} else if (!v->edit && to.p != NULL) {
		answers = to;
	}
	if (str_is(v->type, "m.room.redaction")) {
		answers = matrix_text(v, v->native, "redacts");
		if (answers.p == NULL)
			answers = matrix_text(v, v->content, "redacts");
	}
	if (answers.p != NULL)
		message_add_str(v->m, &v->m->in_reply_to, answers);
	if (v->edit)
		v->m->message_id = to;
}

/* With who wrote it: another's edit takes no message's place. */
static void
read_id(struct matrix_view *v)
{
	struct str id = v->m->message_id;

	v->m->native_id = id.p == NULL
			      ? native_content(v->n, v->native)
			      : ARENA_JOIN(&v->m->arena, id, STR(" "),
				    matrix_text(v, v->native, "sender"));
}

/* Whom it mentions, then the room. */
static void
read_people(struct matrix_view *v)
{
	struct json list = native_at(v->content, "m.mentions/user_ids"), one;
	struct json_iter it = json_each(list);
	struct str sender = matrix_text(v, v->native, "sender");
	struct address room = { 0 };

	v->m->from = person(v, sender);
	v->m->from.name =
	    native_value(v->n, native_at(v->native, "unsigned/displayname"));
	/* The name of a member who says it of themselves. */
	if (v->m->from.name.p == NULL && str_is(v->type, "m.room.member") &&
	    str_eq(sender, matrix_text(v, v->native, "state_key")))
		v->m->from.name = matrix_text(v, v->content, "displayname");
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct str id = native_value(v->n, one);

		if (id.p != NULL && !str_eq(id, sender))
			message_add_address(v->m, &v->m->to, person(v, id));
	}
	room.name = native_value(v->n, native_beside(v->n, "room_name"));
	room.uri = native_uri(v->n, "matrix", v->room);
	if (room.name.p != NULL || room.uri.p != NULL)
		message_add_address(v->m, &v->m->to, room);
}

/* What is left of a message that was taken back. */
static void
write_deleted(struct matrix_view *v, struct writer *w)
{
	struct json because = native_at(v->native, "unsigned/redacted_because");
	int64_t t;

	if (json_type(because) != JSON_OBJECT &&
	    (v->m->type[0] != 'm' || json_count(v->content) > 0))
		return;
	message_keyword(v->m, "deleted");
	if (native_time(v->n, json_get(because, "origin_server_ts"), &t) == 0)
		write_member_time(w, "deletedAt", t);
	write_member(w, "reason",
	    native_value(v->n, native_at(because, "content/reason")));
}

/* What the server counted: {"chunk":[{"key":"+","count":2}]}. */
static void
write_reactions(struct matrix_view *v, struct writer *w)
{
	struct json all = native_at(v->native, "unsigned/m.relations"), list;
	struct json_iter it;
	struct json one;

	list = json_get(json_get(all, "m.annotation"), "chunk");
	if (json_type(list) != JSON_LIST || json_count(list) == 0)
		return;
	it = json_each(list);
	write_key(w, "reactions");
	write_list(w);
	while (json_next(&it, NULL, &one)) {
		write_object(w);
		write_member(w, "name", matrix_text(v, one, "key"));
		native_data_raw(w, "count", json_get(one, "count"));
		write_object_end(w);
	}
	write_list_end(w);
}

static int
write_data(struct matrix_view *v, struct err *e)
{
	struct writer *w = native_data(v->n);
	struct str root = matrix_text(v, v->relates, "event_id");
	bool thread = json_is(json_get(v->relates, "rel_type"), "m.thread");

	if (v->m->type[0] == 'm') {
		matrix_message_data(v, w);
	} else {
		write_member(w, "subtype", v->type);
		write_member(w, "reaction",
		    str_is(v->type, "m.reaction")
			? matrix_text(v, v->relates, "key")
			: STR_NONE);
		write_member(w, "call", matrix_text(v, v->content, "call_id"));
		if (str_is(v->type, "m.room.member"))
			write_member(w, "target",
			    native_uri(v->n, "matrix",
				matrix_text(v, v->native, "state_key")));
		native_data_raw(w, "content", v->content);
	}
	if (thread)
		write_member(w, "thread", root);
	if (v->edit) {
		message_keyword(v->m, "edited");
		write_member_time(w, "editedAt", v->m->sent);
	}
	write_deleted(v, w);
	write_reactions(v, w);
	return native_data_end(v->n, e);
}

static enum stage_result
event(struct matrix_view *v, struct err *e)
{
	static const char *const times[] = { "origin_server_ts",
		"originServerTs", "timestamp", "age_ts", NULL };
	size_t i = 0;

	while (
	    times[i] != NULL &&
	    native_time(v->n, json_get(v->native, times[i]), &v->m->sent) < 0)
		i++;
	if (times[i] == NULL)
		return native_reject(e, "no event of Matrix: it has no "
					"origin_server_ts");
	v->m->type = type_of(v);
	v->m->id_without_account = true;
	v->m->message_id = matrix_text(v, v->native, "event_id");
	read_relations(v);
	read_id(v);
	read_people(v);
	if (v->m->type[0] == 'm' && matrix_body(v, e) < 0)
		return STAGE_REJECT;
	return write_data(v, e) < 0 ? STAGE_REJECT : native_emit(v->n, e);
}

static struct matrix_view
view_of(struct normalize *n, struct json native)
{
	struct matrix_view v = {
		.n = n, .m = normalize_begin(n), .native = native
	};

	v.m->channel = "matrix";
	v.type = matrix_text(&v, native, "type");
	v.content = json_get(native, "content");
	/* What a client decrypted stands beside what came. */
	if (json_type(json_get(native, "decrypted")) == JSON_OBJECT) {
		struct json clear = json_get(native, "decrypted");

		v.type = matrix_text(&v, clear, "type");
		v.content = json_get(clear, "content");
	}
	matrix_room(&v);
	return v;
}

enum stage_result
matrix_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct matrix_view v = view_of(n, native);
	struct json edit = native_at(native, "unsigned/m.relations");
	enum stage_result rc;

	if (v.type.p == NULL)
		return native_reject(e, "no event of Matrix: it has no type");
	if (str_is(v.type, "m.receipt"))
		return matrix_receipts(&v, e);
	if (str_is(v.type, "m.typing")) {
		sink_sum(n->sink, "typing", 1);
		return STAGE_OK;
	}
	rc = event(&v, e);
	/* Its last edit, as servers put it in. */
	edit = json_get(edit, "m.replace");
	if (rc != STAGE_OK ||
	    json_type(json_get(edit, "content")) != JSON_OBJECT)
		return rc;
	v = view_of(n, edit);
	return event(&v, e);
}
