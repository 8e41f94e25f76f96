/*
 * signal-cli: an envelope has one of many kinds of messages in it.
 */
#include "source/signal/signal.h"

static struct json
find_envelope(struct json native)
{
	static const char *const paths[] = { "envelope", "params/envelope",
		"params/result/envelope", "result/envelope", NULL };

	for (size_t i = 0; paths[i] != NULL; i++) {
		struct json v = native_at(native, paths[i]);

		if (json_type(v) == JSON_OBJECT)
			return v;
	}
	return JSON_ABSENT;
}

static struct str
find_account(struct signal_view *v, struct json native)
{
	static const char *const paths[] = { "account", "params/account",
		"params/result/account", "result/account", NULL };
	struct str s = STR_NONE;

	for (size_t i = 0; paths[i] != NULL && s.p == NULL; i++)
		s = native_value(v->n, native_at(native, paths[i]));
	if (s.p == NULL && v->own)
		s = v->author.number;
	return s;
}

/* The message in the envelope, ours or theirs, and what it edits. */
static void
find_said(struct signal_view *v)
{
	struct json sync = json_get(v->envelope, "syncMessage");
	struct json sent = json_get(sync, "sentMessage"), edit;

	v->own = json_type(sent) == JSON_OBJECT;
	v->said = v->own ? sent : json_get(v->envelope, "dataMessage");
	edit = json_get(v->own ? sent : v->envelope, "editMessage");
	if (json_type(edit) != JSON_OBJECT)
		return;
	v->edited = signal_text(v, edit, "targetSentTimestamp");
	v->said = json_get(edit, "dataMessage");
}

static struct json
group_of(struct signal_view *v, struct json said)
{
	static const char *const names[] = { "groupInfo", "groupV2", "group",
		NULL };

	(void)v;
	for (size_t i = 0; names[i] != NULL; i++)
		if (json_type(json_get(said, names[i])) == JSON_OBJECT)
			return json_get(said, names[i]);
	return JSON_ABSENT;
}

static void
read_people(struct signal_view *v)
{
	static const char *const ids[] = { "groupId", "id", NULL };
	static const char *const names[] = { "groupName", "name", "title",
		NULL };
	struct json sent = native_at(v->envelope, "syncMessage/sentMessage");
	struct json group = group_of(v, v->said);
	struct signal_who other = v->author;
	struct address to = { 0 };

	if (v->own && group.doc == NULL)
		group = group_of(v, sent);
	v->m->from = signal_address(v, v->author);
	v->m->direction = v->own ? "outbound" : "inbound";
	if (group.doc != NULL) {
		to.name = native_any(v->n, group, names);
		v->m->thread_id = native_any(v->n, group, ids);
	} else if (v->own) {
		other = signal_who(v, sent, "destination");
		to = signal_address(v, other);
	} else if (v->account.p != NULL) {
		message_phone(v->m, &to, v->account);
	}
	if (group.doc == NULL)
		v->m->thread_id =
		    other.uuid.p != NULL ? other.uuid : other.number;
	if (to.name.p != NULL || to.uri.p != NULL || to.tel.p != NULL)
		message_add_address(v->m, &v->m->to, to);
}

/* What is no message that somebody reads: the name of what it is. */
static const char *
event_of(struct signal_view *v)
{
	static const char *const kinds[] = { "reaction", "remoteDelete",
		"adminDelete", "pollVote", "pollTerminate", "pinMessage",
		"unpinMessage", NULL };
	struct json group = group_of(v, v->said);
	bool empty = json_type(json_get(v->said, "message")) <= JSON_NULL &&
		     json_count(json_get(v->said, "attachments")) == 0;

	for (size_t i = 0; kinds[i] != NULL; i++)
		if (json_type(json_get(v->said, kinds[i])) == JSON_OBJECT)
			return kinds[i];
	if (!empty)
		return NULL;
	if (json_is(json_get(group, "type"), "UPDATE") ||
	    json_is(json_get(group, "type"), "QUIT"))
		return "group";
	return json_true(json_get(v->said, "isExpirationUpdate")) ? "expiration"
								  : NULL;
}

/* What a reaction or a deletion is about. */
static void
read_target(struct signal_view *v, const char *kind)
{
	struct json what = json_get(v->said, kind);
	struct signal_who who = signal_who(v, what, "targetAuthor");
	struct str time = signal_text(v, what, "targetSentTimestamp"), id;

	if (time.p == NULL)
		time = signal_text(v, what, "timestamp");
	if (who.uuid.p == NULL && who.number.p == NULL)
		who = v->author;
	id = signal_id(v, &who, time);
	if (id.p != NULL)
		message_add_str(v->m, &v->m->in_reply_to, id);
}

static int
finish(struct signal_view *v, const char *subtype, struct json content,
    struct err *e)
{
	struct writer *w = native_data(v->n);
	struct str emoji = signal_text(v, content, "emoji");

	if (subtype == NULL) {
		signal_body_data(v, w);
		if (v->edited.p != NULL)
			write_member_time(w, "editedAt", v->m->sent);
		return native_data_end(v->n, e);
	}
	write_member(w, "subtype", str_of(subtype));
	write_member(w, "reaction", emoji);
	write_member(w, "call", signal_text(v, content, "id"));
	native_data_raw(w, "content", content);
	return native_data_end(v->n, e);
}

static enum stage_result
done(struct signal_view *v, const char *subtype, struct json content,
    struct err *e)
{
	return finish(v, subtype, content, e) < 0 ? STAGE_REJECT
						  : native_emit(v->n, e);
}

/* Our record's id has the author's uuid, which does not depend on who was told
 * their number. */
static void
set_ids(struct signal_view *v, struct str time)
{
	struct str key =
	    v->author.uuid.p != NULL ? v->author.uuid : v->author.number;

	v->m->message_id = signal_id(v, &v->author, time);
	v->m->native_id = ARENA_JOIN(&v->m->arena, key, STR("/"), time);
	v->m->id_without_account = true;
}

static enum stage_result
message(struct signal_view *v, struct err *e)
{
	struct str time = signal_text(v, v->said, "timestamp");
	const char *kind = event_of(v);

	if (time.p == NULL)
		time = signal_text(v, v->envelope, "timestamp");
	if (native_time_text(v->n, time, &v->m->sent) < 0)
		return native_reject(e, "no message of Signal: it has no "
					"timestamp");
	read_people(v);
	set_ids(v, v->edited.p != NULL ? v->edited : time);
	v->m->type = kind == NULL ? "message" : "event";
	if (kind != NULL) {
		read_target(v, kind);
		return done(v, kind,
		    group_of(v, v->said).doc != NULL &&
			    str_is(str_of(kind), "group")
			? group_of(v, v->said)
			: json_get(v->said, kind),
		    e);
	}
	if (v->edited.p != NULL)
		message_keyword(v->m, "edited");
	signal_body(v);
	return done(v, NULL, JSON_ABSENT, e);
}

/* {"when":MS,"isDelivery":true,"timestamps":[MS]} */
static enum stage_result
receipt(struct signal_view *v, struct json said, struct err *e)
{
	struct json list = json_get(said, "timestamps"), one;
	struct json_iter it = json_each(list);
	struct signal_who us = { .number = v->account };
	bool read = json_true(json_get(said, "isRead")) ||
		    json_true(json_get(said, "isViewed"));
	struct writer *w;

	v->m->type = "event";
	read_people(v);
	v->m->native_id = ARENA_JOIN(&v->m->arena, STR("receipt/"),
	    v->author.uuid.p != NULL ? v->author.uuid : v->author.number,
	    STR("/"), native_content(v->n, v->envelope));
	v->m->id_without_account = true;
	if (native_time(v->n, json_get(said, "when"), &v->m->sent) < 0)
		(void)native_time(
		    v->n, json_get(v->envelope, "timestamp"), &v->m->sent);
	w = native_data(v->n);
	write_member(w, "act", STR("receipt"));
	write_member(w, "status", read ? STR("read") : STR("delivered"));
	write_key(w, "about");
	write_list(w);
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct str time = native_value(v->n, one);
		struct str id = signal_id(v, &us, time);

		write_str(w, id.p != NULL ? id : time);
	}
	/* Of old, the envelope itself was one, of the message of its time. */
	if (json_type(list) == JSON_NONE)
		write_str(w, signal_id(v, &us,
				 signal_text(v, v->envelope, "timestamp")));
	write_list_end(w);
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

static enum stage_result
call(struct signal_view *v, struct json said, struct err *e)
{
	static const char *const kinds[] = { "offerMessage", "answerMessage",
		"busyMessage", "hangupMessage", NULL };
	struct str time = signal_text(v, v->envelope, "timestamp");

	if (native_time_text(v->n, time, &v->m->sent) < 0)
		return native_reject(e, "no call of Signal: it has no "
					"timestamp");
	for (size_t i = 0; kinds[i] != NULL; i++) {
		struct json what = json_get(said, kinds[i]);

		if (json_type(what) != JSON_OBJECT)
			continue;
		read_people(v);
		set_ids(v, time);
		v->m->type = i == 0 ? "call" : "event";
		return done(v, kinds[i], what, e);
	}
	sink_sum(v->n->sink, "parts of calls", 1);
	return STAGE_OK;
}

/* What came and could not be read, and all other kinds. */
static enum stage_result
other(struct signal_view *v, struct json native, struct err *e)
{
	static const char *const kinds[] = { "syncMessage", "storyMessage",
		NULL };
	struct json why = json_get(native, "exception");
	struct str time = signal_text(v, v->envelope, "timestamp");
	struct writer *w;

	if (json_type(why) != JSON_OBJECT)
		why = native_at(native, "params/exception");
	if (native_time_text(v->n, time, &v->m->sent) < 0)
		return native_reject(e, "no message of Signal: it has no "
					"timestamp");
	read_people(v);
	set_ids(v, time);
	for (size_t i = 0; kinds[i] != NULL; i++) {
		struct json what = json_get(v->envelope, kinds[i]);

		v->m->type = "event";
		if (i == 0 && json_type(what) == JSON_OBJECT)
			v->m->direction = "internal";
		if (json_type(what) == JSON_OBJECT)
			return done(v, kinds[i], what, e);
	}
	if (json_type(why) != JSON_OBJECT)
		return done(v, "envelope", v->envelope, e);
	v->m->type = "message";
	w = native_data(v->n);
	write_key(w, "encrypted");
	write_bool(w, true);
	write_member(w, "reason", signal_text(v, why, "message"));
	return native_data_end(v->n, e) < 0 ? STAGE_REJECT
					    : native_emit(v->n, e);
}

enum stage_result
signal_envelope(struct normalize *n, struct json native, struct err *e)
{
	struct signal_view v = { .n = n,
		.m = normalize_begin(n),
		.envelope = find_envelope(native) };
	struct json said;

	v.m->channel = "signal";
	if (v.envelope.doc == NULL)
		return native_reject(e, "nothing that signal-cli received");
	v.author = signal_who(&v, v.envelope, "source");
	find_said(&v);
	v.account = find_account(&v, native);
	if (json_type(v.said) == JSON_OBJECT)
		return message(&v, e);
	said = json_get(v.envelope, "receiptMessage");
	if (json_type(said) == JSON_OBJECT ||
	    json_true(json_get(v.envelope, "isReceipt")))
		return receipt(&v, said, e);
	said = json_get(v.envelope, "callMessage");
	if (json_type(said) == JSON_OBJECT)
		return call(&v, said, e);
	if (json_type(json_get(v.envelope, "typingMessage")) == JSON_OBJECT) {
		sink_sum(n->sink, "typing", 1);
		return STAGE_OK;
	}
	return other(&v, native, e);
}
