/*
 * The meaning of a Slack message: who wrote to whom, where, when, and in which
 * thread.  What it says is slackbody.c's.
 */
#include "source/slack.h"

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
	return arena_printf(v->a, "%.*s/%.*s", STR_ARG(channel), STR_ARG(ts));
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

static struct json
user_row(const struct slack_view *v, struct str id)
{
	return id.n == 0 ? JSON_ABSENT : json_get_str(v->users, id);
}

static struct str
name_of_user(void *arg, struct str id)
{
	struct slack_view *v = arg;

	return slack_user_name(v, user_row(v, id));
}

static struct str
name_of_channel(void *arg, struct str id)
{
	struct slack_view *v = arg;

	return json_is_str(json_get(v->channel, "id"), id)
		   ? slack_str(v, v->channel, "name")
		   : STR_NONE;
}

static struct str
team_of(struct slack_view *v, struct json msg, struct json row)
{
	struct str team = slack_user_team(v, row);

	if (team.p == NULL)
		team = slack_str(v, msg, "user_team");
	if (team.p == NULL)
		team = v->workspace;
	if (team.p == NULL)
		team = slack_user_team(v, json_get(msg, "user_profile"));
	return team;
}

static struct address
address_of_user(struct slack_view *v, struct json msg, struct str id)
{
	struct json row = user_row(v, id);

	return (struct address){
		.name = str_is(id, "USLACKBOT") ? STR("Slackbot")
						: slack_user_name(v, row),
		.email = slack_email(v, row),
		.uri = slack_uri(v, team_of(v, msg, row), id),
	};
}

/* A program that posts under no user's name. */
static struct address
address_of_bot(struct slack_view *v, struct json msg)
{
	struct json bot = json_get(msg, "bot_profile");
	struct address a = { .name = slack_str(v, msg, "username") };
	struct str team = v->workspace;

	if (a.name.p == NULL)
		a.name = slack_str(v, bot, "name");
	if (team.p == NULL)
		team = slack_str(v, bot, "team_id");
	a.uri = slack_uri(v, team, slack_str(v, msg, "bot_id"));
	return a;
}

static void
set_from(struct slack_view *v, struct json msg)
{
	struct str id = slack_str(v, msg, "user");
	struct json profile = json_get(msg, "user_profile");
	struct json row = user_row(v, id);
	struct json subtype = json_get(msg, "subtype");

	if (id.p == NULL)
		id = slack_str(v, json_get(msg, "comment"), "user");
	v->m->from =
	    id.p == NULL ? address_of_bot(v, msg) : address_of_user(v, msg, id);
	if (v->m->from.name.p == NULL)
		v->m->from.name = slack_user_name(v, profile);
	if (v->m->from.name.p == NULL)
		v->m->from.name = slack_str(v, msg, "username");
	if (json_type(json_get(msg, "bot_id")) == JSON_STRING ||
	    str_is(id, "USLACKBOT") || json_true(json_get(row, "is_bot")) ||
	    json_is(subtype, "bot_message") ||
	    json_is(subtype, "slackbot_response"))
		message_keyword(v->m, "automatic");
}

/* The other members of a direct conversation; all where it is with oneself. */
static void
add_members(struct slack_view *v, struct json members, struct str author)
{
	static const struct json none;
	struct json_iter it = json_each(members);
	struct json member;
	struct str id;

	while (json_next(&it, NULL, &member)) {
		id = json_str(member, v->a);
		if (id.n > 0 && !str_eq(id, author))
			message_add_address(
			    v->m, &v->m->to, address_of_user(v, none, id));
	}
	if (v->m->to.n == 0 && json_count(members) > 0)
		message_add_address(
		    v->m, &v->m->to, address_of_user(v, none, author));
}

static void
set_to(struct slack_view *v, struct json msg, struct str author)
{
	struct json type = json_get(v->channel, "type");
	struct json members = json_get(v->channel, "members");
	bool direct = json_is(type, "dm") || json_is(type, "mpim");
	struct str id = slack_str(v, v->channel, "id");
	struct str name = slack_str(v, v->channel, "name");
	struct address to = { 0 };

	if (direct && json_count(members) > 0) {
		add_members(v, members, author);
		return;
	}
	if (id.p == NULL)
		id = slack_str(v, msg, "channel");
	if (name.p == NULL)
		name = slack_str(v, msg, "channel_name");
	to.uri = slack_uri(v, v->workspace, id);
	if (name.p != NULL)
		to.name = arena_printf(v->a, "#%.*s", STR_ARG(name));
	if (to.uri.p != NULL || to.name.p != NULL)
		message_add_address(v->m, &v->m->to, to);
}

/* Ours to others is outbound; internal where all members that are known are
 * ours. */
static const char *
direction(struct slack_view *v)
{
	static const struct json none;
	struct json_iter it = json_each(json_get(v->channel, "members"));
	struct json member;
	size_t known = 0;

	if (!slack_is_ours(v, &v->m->from))
		return "inbound";
	while (json_next(&it, NULL, &member)) {
		struct address a =
		    address_of_user(v, none, json_str(member, v->a));

		if (!slack_is_ours(v, &a))
			return "outbound";
		known++;
	}
	return known > 0 ? "internal" : "outbound";
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
	set_from(v, said);
	set_to(v, msg, slack_str(v, said, "user"));
	if (m->type[0] == 'e' && m->in_reply_to.n > 0) {
		m->native_id = m->message_id = message_ref(v, t.channel, t.ts);
		m->thread_id = message_ref(v, t.channel, t.root);
	} else {
		set_ids(v, &t);
	}
	set_keywords(v, said);
	m->direction = direction(v);
	if (slack_body(v, msg, said, e) < 0)
		return STAGE_REJECT;
	return message_emit(v->n->run, m, e) < 0 ? STAGE_FATAL : STAGE_OK;
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
		{ "log", slack_log }, { "channel", slack_channel_row } };
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
	err_set(e, "native has no message, user, channel or log of Slack's");
	return STAGE_REJECT;
}
