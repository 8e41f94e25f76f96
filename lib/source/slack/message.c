/*
 * The meaning of a Slack message: where, when, and in which thread.  Who wrote
 * to whom is people.c's, what it says body.c's.
 */
#include "source/slack/slack.h"

struct thread_ids {
	struct str channel; /* id, else name */
	struct str ts, root; /* root is ts where it is no reply */
};

/* ts as digits, whether it came as a string or (wrongly) as a number. */
static struct str
ts_of(struct slack_view *v, struct json msg, const char *name)
{
	struct json ts = json_get(msg, name);
	struct str s =
	    json_type(ts) == JSON_NUMBER ? json_raw(ts) : json_str(ts, v->a);
	int64_t t;

	return slack_time(s, &t) < 0 ? STR_NONE : s;
}

static struct str
message_ref(struct slack_view *v, struct str channel, struct str ts)
{
	return ARENA_JOIN(v->a, channel, STR("/"), ts);
}

/* Subtypes that are somebody's words; all others are the system's, unless a
 * client sent them. */
static bool
is_speech(struct json msg)
{
	static const char *const subtypes[] = { "bot_message", "me_message",
		"thread_broadcast", "reply_broadcast", "file_share",
		"file_comment", "file_mention", "slackbot_response",
		"tombstone", "assistant_app_thread", "document_comment_root",
		NULL };
	struct json subtype = json_get(msg, "subtype");

	if (json_type(subtype) != JSON_STRING || json_is(subtype, ""))
		return true;
	for (size_t i = 0; subtypes[i] != NULL; i++)
		if (json_is(subtype, subtypes[i]))
			return true;
	return json_type(json_get(msg, "client_msg_id")) == JSON_STRING;
}

static struct str
name_of_user(void *arg, struct str id)
{
	struct slack_view *v = arg;

	return slack_user_name(v, slack_user_row(v, id));
}

static struct str
name_of_channel(void *arg, struct str id)
{
	struct slack_view *v = arg;

	return json_is_str(json_get(v->channel, "id"), id)
		   ? slack_str(v, v->channel, "name")
		   : STR_NONE;
}

/* Ids: the message's own, its thread's, and what it answers. */
static void
set_ids(struct slack_view *v, const struct thread_ids *t)
{
	struct message *m = v->m;

	m->native_id = message_ref(v, t->channel, t->ts);
	m->message_id = m->native_id;
	m->thread_id = message_ref(v, t->channel, t->root);
	if (!str_eq(t->root, t->ts))
		message_add_str(m, &m->in_reply_to, m->thread_id);
}

/* An edit or a deletion told apart from the message that it is about. */
static struct json
set_change(struct slack_view *v, struct json msg, struct thread_ids *t)
{
	struct json inner = json_get(msg, "message"), subject = inner;
	struct str of = STR_NONE;

	if (json_is(json_get(msg, "subtype"), "message_changed")) {
		message_keyword(v->m, "edited");
	} else if (json_is(json_get(msg, "subtype"), "message_deleted")) {
		message_keyword(v->m, "deleted");
		subject = json_get(msg, "previous_message");
		of = ts_of(v, msg, "deleted_ts");
	} else {
		return msg;
	}
	if (of.p == NULL)
		of = ts_of(v, subject, "ts");
	if (of.p != NULL)
		message_add_str(
		    v->m, &v->m->in_reply_to, message_ref(v, t->channel, of));
	t->root = ts_of(v, subject, "thread_ts");
	if (t->root.p == NULL)
		t->root = of.p != NULL ? of : t->ts;
	return json_type(inner) == JSON_OBJECT ? inner : msg;
}

static void
set_keywords(struct slack_view *v, struct json msg)
{
	if (json_type(json_get(msg, "edited")) == JSON_OBJECT)
		message_keyword(v->m, "edited");
	if (json_is(json_get(msg, "subtype"), "tombstone"))
		message_keyword(v->m, "deleted");
}

/* The conversation that ids are made with; a file alone may not tell it, and
 * then its author does. */
static struct str
conversation_of(struct slack_view *v, struct json msg)
{
	struct str s = slack_str(v, v->channel, "id");

	if (s.p == NULL)
		s = slack_str(v, msg, "channel");
	if (s.p == NULL)
		s = slack_str(v, v->channel, "name");
	if (s.p == NULL)
		s = slack_str(v, msg, "channel_name");
	if (s.p == NULL)
		s = slack_str(v, msg, "user");
	return s;
}

static enum stage_result
slack_message(struct slack_view *v, struct json msg, struct err *e)
{
	struct message *m = v->m;
	struct thread_ids t = { .ts = ts_of(v, msg, "ts") };
	struct json said = msg;

	if (t.ts.p == NULL) {
		err_set(e, "message.ts: no time of Slack's (seconds.micros)");
		return STAGE_REJECT;
	}
	(void)slack_time(t.ts, &m->sent);
	m->type = is_speech(msg) ? "message" : "event";
	m->account = v->workspace;
	t.channel = conversation_of(v, msg);
	t.root = ts_of(v, msg, "thread_ts");
	if (t.root.p == NULL)
		t.root = t.ts;
	if (m->type[0] == 'e')
		said = set_change(v, msg, &t);
	slack_people(v, msg, said);
	if (m->type[0] == 'e' && m->in_reply_to.n > 0) {
		m->native_id = m->message_id = message_ref(v, t.channel, t.ts);
		m->thread_id = message_ref(v, t.channel, t.root);
	} else {
		set_ids(v, &t);
	}
	set_keywords(v, said);
	if (slack_body(v, msg, said, e) < 0)
		return STAGE_REJECT;
	return message_emit(m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

/* The workspace's id: the export's, else what the item itself says. */
static struct str
workspace_of(struct slack_view *v, struct json item)
{
	struct json workspace = json_get(v->native, "workspace");
	struct str s = slack_str(v, workspace, "id");

	if (s.p == NULL)
		s = slack_str(v, workspace, "name");
	return s.p == NULL ? slack_str(v, item, "team") : s;
}

enum stage_result
slack_normalize(struct normalize *n, struct json native, struct err *e)
{
	static const struct {
		const char *member;
		enum stage_result (*read)(
		    struct slack_view *, struct json, struct err *);
	} kinds[] = { { "message", slack_message }, { "user", slack_user },
		{ "log", slack_log }, { "channel", slack_channel_row },
		{ "file", slack_file } };
	struct slack_view v = {
		.n = n,
		.m = normalize_begin(n),
		.native = native,
		.users = json_get(native, "users"),
		.channel = json_get(native, "channel"),
		.names = { name_of_user, name_of_channel, NULL },
	};

	v.a = &v.m->arena;
	v.names.arg = &v;
	v.m->channel = "slack";
	buf_reset(&n->scratch);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct json item = json_get(native, kinds[i].member);

		if (json_type(item) == JSON_NONE)
			continue;
		if (json_type(item) != JSON_OBJECT)
			break;
		v.workspace = workspace_of(&v, item);
		return kinds[i].read(&v, item, e);
	}
	err_set(
	    e, "native has no message, user, channel, log or file of Slack's");
	return STAGE_REJECT;
}
