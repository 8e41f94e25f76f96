/*
 * What a Slack export says beside its messages: people become contacts,
 * channels, canvases and the log of integrations become events.
 */
#include "source/slack/slack.h"

#include "core/text/ascii.h"
/* A member that counts seconds, as a number or a string. */
static int64_t
seconds_of(struct slack_view *v, struct json from, const char *name)
{
	struct json value = json_get(from, name);
	struct str s = json_type(value) == JSON_NUMBER ? json_raw(value)
						       : json_str(value, v->a);
	int64_t t;

	return s.n == 0 || str_is(s, "0") || slack_time(s, &t) < 0 ? TIME_NONE
								   : t;
}

/* E.164 where a number is written with its country: +49 30 1234-567. */
static struct str
international(struct slack_view *v, struct str s)
{
	char *out = arena_alloc(v->a, s.n + 1);
	size_t n = 0;

	s = str_trim(s);
	if (s.n < 8 || s.p[0] != '+')
		return STR_NONE;
	for (size_t i = 0; i < s.n; i++) {
		if (ascii_is_digit(s.p[i]) || i == 0)
			out[n++] = s.p[i];
		else if (!ascii_is_in(s.p[i], " -./()"))
			return STR_NONE;
	}
	/* A zero in brackets is for national calls: it cannot stay. */
	if (n < 8 || n > 16 || out[1] == '0' || str_find(s, STR("(0)")) >= 0)
		return STR_NONE;
	return str_make(out, n);
}

static void
write_user_data(struct slack_view *v, struct writer *w, struct json row)
{
	static const char *const flags[] = { "is_admin", "is_owner",
		"is_restricted", "is_ultra_restricted", "is_stranger", NULL };
	struct json profile = json_get(row, "profile");

	write_object(w);
	write_member(w, "user", slack_str(v, row, "id"));
	write_member(w, "name", slack_str(v, row, "name"));
	write_member(w, "title", slack_str(v, profile, "title"));
	write_member(w, "phone", slack_str(v, profile, "phone"));
	write_member(w, "zone", slack_str(v, row, "tz"));
	for (size_t i = 0; flags[i] != NULL; i++)
		if (json_true(json_get(row, flags[i]))) {
			write_key(w, flags[i]);
			write_bool(w, true);
		}
	write_object_end(w);
}

/* What makes the row the row: its file's kind and all its bytes. */
static struct str
row_id(struct slack_view *v, const char *kind, struct json row)
{
	struct str raw = json_raw(row);

	return ARENA_JOIN(v->a, str_of(kind), STR("/"), raw);
}

enum stage_result
slack_user(struct slack_view *v, struct json row, struct err *e)
{
	struct message *m = v->m;
	struct json profile = json_get(row, "profile");
	struct str id = slack_str(v, row, "id");
	struct str team = slack_user_team(v, row);
	struct writer w;

	if (id.p == NULL) {
		err_set(e, "a user without an id");
		return STAGE_REJECT;
	}
	if (team.p == NULL)
		team = v->workspace;
	m->type = "contact";
	m->account = v->workspace.p != NULL ? v->workspace : team;
	m->native_id = row_id(v, "user", row);
	m->sent = seconds_of(v, row, "updated");
	m->from.name = slack_str(v, profile, "real_name");
	if (m->from.name.p == NULL)
		m->from.name = slack_user_name(v, row);
	m->from.email = slack_email(v, row);
	m->from.tel = international(v, slack_str(v, profile, "phone"));
	m->from.uri = slack_uri(v, team, id);
	m->direction = slack_is_ours(v, &m->from) ? "internal" : "inbound";
	if (json_true(json_get(row, "deleted")))
		message_keyword(m, "deleted");
	if (json_true(json_get(row, "is_bot")) || str_is(id, "USLACKBOT"))
		message_keyword(m, "bot");
	write_init(&w, &v->n->scratch);
	write_user_data(v, &w, row);
	m->data = buf_str(&v->n->scratch);
	return message_emit(m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

enum stage_result
slack_channel_row(struct slack_view *v, struct json row, struct err *e)
{
	struct message *m = v->m;
	struct str id = slack_str(v, row, "id");
	struct str name = slack_str(v, row, "name");
	struct address to = { .uri = slack_uri(v, v->workspace, id) };
	struct writer w;

	m->type = "event";
	m->direction = "internal";
	m->account = v->workspace;
	m->native_id = row_id(v, "channel", row);
	m->sent = seconds_of(v, row, "created");
	m->from.uri = slack_uri(v, v->workspace, slack_str(v, row, "creator"));
	if (name.p != NULL)
		to.name = ARENA_JOIN(v->a, STR("#"), name);
	if (to.uri.p != NULL || to.name.p != NULL)
		message_add_address(m, &m->to, to);
	write_init(&w, &v->n->scratch);
	write_object(&w);
	write_key(&w, "channel");
	write_object(&w);
	write_member(&w, "id", id);
	write_member(&w, "name", name);
	write_member(&w, "type", slack_str(v, v->native, "channelType"));
	write_object_end(&w);
	write_member(&w, "subtype", STR("channel"));
	write_member_int(
	    &w, "members", (int64_t)json_count(json_get(row, "members")));
	write_member(
	    &w, "topic", slack_str(v, json_get(row, "topic"), "value"));
	write_member(
	    &w, "purpose", slack_str(v, json_get(row, "purpose"), "value"));
	if (json_true(json_get(row, "is_archived"))) {
		write_key(&w, "archived");
		write_bool(&w, true);
	}
	write_object_end(&w);
	m->data = buf_str(&v->n->scratch);
	return message_emit(m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

enum stage_result
slack_log(struct slack_view *v, struct json row, struct err *e)
{
	struct message *m = v->m;
	struct str change = slack_str(v, row, "change_type");
	struct str what = slack_str(v, row, "app_type");
	struct writer w;

	if (what.p == NULL)
		what = slack_str(v, row, "service_type");
	m->type = "event";
	m->direction = "internal";
	m->account = v->workspace;
	m->native_id = row_id(v, "log", row);
	m->sent = seconds_of(v, row, "date");
	m->from.name = slack_str(v, row, "user_name");
	m->from.uri = slack_uri(v, v->workspace, slack_str(v, row, "user_id"));
	m->text = ARENA_JOIN(
	    v->a, change, str_of(change.n > 0 && what.n > 0 ? " " : ""), what);
	if (m->text.n == 0)
		m->text = STR_NONE;
	message_keyword(m, "automatic");
	write_init(&w, &v->n->scratch);
	write_object(&w);
	write_member(&w, "subtype", STR("integration_log"));
	write_member(&w, "app", slack_str(v, row, "app_id"));
	write_member(&w, "channel", slack_str(v, row, "channel"));
	write_member(&w, "reason", slack_str(v, row, "reason"));
	write_object_end(&w);
	m->data = buf_str(&v->n->scratch);
	return message_emit(m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

/* A canvas or list that nobody need have posted. */
enum stage_result
slack_file(struct slack_view *v, struct json row, struct err *e)
{
	struct message *m = v->m;
	struct writer w;

	m->type = "event";
	m->direction = "internal";
	m->account = v->workspace;
	m->native_id = row_id(v, "file", row);
	m->sent = seconds_of(v, row, "created");
	if (m->sent == TIME_NONE)
		m->sent = seconds_of(v, row, "timestamp");
	m->from.uri = slack_uri(v, v->workspace, slack_str(v, row, "user"));
	m->text = slack_str(v, row, "title");
	write_init(&w, &v->n->scratch);
	write_object(&w);
	write_member(&w, "subtype", STR("file"));
	write_key(&w, "files");
	write_list(&w);
	slack_add_file(v, &w, row);
	write_list_end(&w);
	write_object_end(&w);
	m->data = buf_str(&v->n->scratch);
	return message_emit(m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}
