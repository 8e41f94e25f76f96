/*
 * The meaning of Amazon Connect's contacts.  A transfer is a contact of its
 * own, which names the first: it is a leg of that.
 */
#include "source/connect/connect.h"

enum { STAMP = 14 }; /* of "20260302T09:00" in a recording's name */

struct view {
	struct normalize *n;
	struct message *m;
	struct json item;
	struct str id, first; /* the contact's; of the first one where it is a
				 leg, or absent */
};

static struct str
text(struct view *v, struct json from, const char *names)
{
	return desk_text(v->n, from, names);
}

static struct view
begin(struct normalize *n, struct json item)
{
	struct view v = { .n = n, .m = normalize_begin(n), .item = item };

	v.id = text(&v, item, "contact_id|id");
	v.first = text(&v, item, "initial_contact_id");
	if (v.first.p != NULL && str_eq(v.first, v.id))
		v.first = STR_NONE;
	v.m->type = "message";
	v.m->channel = "chat";
	v.m->thread_id = v.first.p != NULL ? v.first : v.id;
	return v;
}

/* {"Type":"TELEPHONE_NUMBER","Address":"+49..."}; the cell of a table. */
static struct address
endpoint(struct view *v, struct json from)
{
	struct str s = json_type(from) == JSON_STRING
			   ? native_value(v->n, from)
			   : text(v, from, "address");
	struct address a = { .name = text(v, from, "display_name") };

	desk_handle(v->n, &a, s);
	return a;
}

static struct address
agent(struct view *v)
{
	struct json who = desk_get(v->item, "agent|agent_info");
	struct str id = text(v, who, "arn|id");
	struct address a = { .name = json_type(who) == JSON_STRING
					 ? native_value(v->n, who)
					 : text(v, who, "username") };

	id = str_after_last(id, '/');
	if (a.name.p != NULL)
		native_email(v->n, &a, a.name);
	if (id.n > 0)
		a.uri = native_uri(v->n, "connect", id);
	return a;
}

static bool
is_empty(const struct address *a)
{
	return a->name.p == NULL && a->email.p == NULL && a->tel.p == NULL &&
	       a->uri.p == NULL;
}

static const char *
channel(struct view *v)
{
	struct str s = text(v, v->item, "channel");

	return desk_is(s, "chat")    ? "chat"
	       : desk_is(s, "email") ? "email"
	       : desk_is(s, "task")  ? "ticket"
				     : "voice";
}

static void
read_people(struct view *v)
{
	struct str how = text(v, v->item, "initiation_method");
	struct address theirs = endpoint(
	    v, desk_get(v->item, "customer_endpoint|customer_phone_number"));
	struct address ours = endpoint(
	    v, desk_get(v->item, "system_endpoint|system_phone_number"));
	struct address who = agent(v);
	bool out = desk_is(how, "outbound|callback|campaign|"
				"external_outbound");

	v->m->account = ours.tel.p != NULL ? ours.tel : ours.email;
	if (out) {
		v->m->direction = "outbound";
		v->m->from = who;
		v->m->from.tel = ours.tel;
		if (!is_empty(&theirs))
			message_add_address(v->m, &v->m->to, theirs);
		return;
	}
	v->m->direction = "inbound";
	v->m->from = theirs;
	if (!is_empty(&ours))
		message_add_address(v->m, &v->m->to, ours);
}

static void
write_lengths(struct view *v, struct writer *w)
{
	struct json who = desk_get(v->item, "agent|agent_info");
	int64_t answered = desk_time(v->n, who, "connected_to_agent_timestamp");
	int64_t ended = desk_time(v->n, v->item, "disconnect_timestamp");
	bool voice = str_is(str_of(v->m->channel), "voice");
	struct address a = agent(v);
	bool took;

	if (ended != TIME_NONE && ended >= v->m->sent)
		write_member_int(
		    w, "duration", (ended - v->m->sent) / TIME_SECOND);
	if (answered == TIME_NONE)
		answered =
		    desk_time(v->n, v->item, "connected_to_agent_timestamp");
	if (answered != TIME_NONE && ended > answered)
		write_member_int(w, "talk", (ended - answered) / TIME_SECOND);
	/* A table names who took it, and not when. */
	took = answered != TIME_NONE || json_type(who) == JSON_STRING;
	if (voice && ended != TIME_NONE) {
		write_key(w, "disposition");
		write_z(w, took ? "answered" : "no answer");
	}
	write_member_time(w, "answeredAt", answered);
	if (took)
		write_member(
		    w, "answeredBy", a.name.p != NULL ? a.name : a.uri);
}

static int
write_data(struct view *v, struct err *e)
{
	struct json queue = desk_get(v->item, "queue|queue_info");
	struct writer *w = native_data(v->n);
	bool voice = str_is(str_of(v->m->channel), "voice");

	if (v->m->type[0] == 'e')
		write_member(w, "subtype",
		    v->first.p != NULL && voice ? STR("leg") : STR("contact"));
	write_lengths(v, w);
	write_member(w, "call", v->first.p != NULL ? v->first : v->id);
	write_member(w, "initiation", text(v, v->item, "initiation_method"));
	write_member(w, "ended", text(v, v->item, "disconnect_reason"));
	write_member(w, "queue",
	    json_type(queue) == JSON_STRING ? native_value(v->n, queue)
					    : text(v, queue, "name|id"));
	write_member(w, "previous", text(v, v->item, "previous_contact_id"));
	native_data_raw(w, "attributes", desk_get(v->item, "attributes"));
	native_data_raw(
	    w, "recording", desk_get(v->item, "recording|recordings"));
	return native_data_end(v->n, e);
}

/* A call; of a chat, task or mail that it was there. */
static enum stage_result
record(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item);
	struct str name;

	v.m->channel = channel(&v);
	v.m->sent = desk_time(n, item,
	    "initiation_timestamp|connected_to_system_timestamp|"
	    "last_update_timestamp");
	if (v.m->sent == TIME_NONE)
		return native_reject(e,
		    "no contact of Amazon Connect: it has no "
		    "InitiationTimestamp");
	v.m->type = str_is(str_of(v.m->channel), "voice") && v.first.p == NULL
			? "call"
			: "event";
	v.m->native_id = v.m->message_id = v.id;
	if (v.id.p == NULL)
		v.m->native_id = native_content(n, item);
	name = text(&v, item, "name");
	v.m->subject = name;
	read_people(&v);
	if (desk_body(n, text(&v, item, "description"), false, false, e) < 0 ||
	    write_data(&v, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "connect", e);
}

/* What was written in a chat. */
static enum stage_result
line(struct normalize *n, struct json chat, struct json item, struct err *e)
{
	struct view v = begin(n, chat);
	struct str role = text(&v, item, "participant_role");
	struct str kind = text(&v, item, "type");
	struct str form = text(&v, item, "content_type");
	struct str id = text(&v, item, "id");
	struct str who = text(&v, item, "participant_id");
	struct writer *w;

	v.m->sent = desk_time(n, item, "absolute_time");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no line of a chat: it has no AbsoluteTime");
	v.m->native_id = v.m->message_id = id;
	if (id.p == NULL)
		v.m->native_id = native_content(n, item);
	v.m->from.name = text(&v, item, "display_name");
	v.m->from.uri = native_uri(n, "connect", who);
	v.m->direction = desk_is(role, "customer")     ? "inbound"
			 : desk_is(role, "supervisor") ? "internal"
						       : "outbound";
	if (desk_is(role, "system|custom_bot"))
		message_keyword(v.m, "automatic");
	if (desk_is(kind, "event")) {
		v.m->type = "event";
		v.m->direction = "internal";
		v.m->keywords[0] = NULL;
	}
	desk_attach(n, desk_get(item, "attachments"));
	w = native_data(n);
	if (v.m->type[0] == 'e')
		write_member(w, "subtype", str_after_last(form, '/'));
	else if (!desk_is(form, "text/plain"))
		write_member(w, "contentType", form);
	if (desk_body(n, text(&v, item, "content"), false, false, e) < 0 ||
	    native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "connect", e);
}

/* A transcript is the chat's, or of a call what Contact Lens heard. */

static struct str
role_of(struct view *v, struct str id)
{
	struct json list = desk_get(v->item, "participants"), one;
	struct json_iter it = json_each(list);

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one))
		if (str_eq(text(v, one, "participant_id"), id))
			return text(v, one, "participant_role");
	return id;
}

/* Its recording's name has the time, "ID_20260302T09:00_UTC.wav". */
static int64_t
time_of_recording(struct view *v, struct json about)
{
	struct str s = text(v, about, "input_s3_uri|input_s3uri");
	ptrdiff_t at = str_find(s, STR("_UTC"));
	char out[] = "2026-03-02T09:00:00Z";
	int64_t t;

	if (at < STAMP)
		return TIME_NONE;
	s = str_sub(s, (size_t)at - STAMP, STAMP);
	memcpy(out, s.p, 4);
	memcpy(out + 5, s.p + 4, 2);
	memcpy(out + 8, s.p + 6, 2);
	memcpy(out + 11, s.p + 9, 5);
	return native_time_text(v->n, str_make(out, sizeof(out) - 1), &t) == 0
		   ? t
		   : TIME_NONE;
}

static enum stage_result
heard(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item);
	struct json about = desk_get(item, "customer_metadata");
	struct json list = desk_get(item, "transcript"), one;
	struct json_iter it = json_each(list);
	struct str of = text(&v, about, "contact_id");
	struct writer *w;
	struct buf said;

	if (of.p == NULL)
		of = v.id;
	v.m->type = "event";
	v.m->channel =
	    desk_is(text(&v, item, "channel"), "chat") ? "chat" : "voice";
	v.m->sent = time_of_recording(&v, about);
	v.m->thread_id = of;
	v.m->native_id = of.p == NULL
			     ? native_content(n, item)
			     : ARENA_JOIN(&v.m->arena, of, STR("/transcript"));
	v.m->direction = "internal";
	if (of.p != NULL)
		message_add_str(v.m, &v.m->in_reply_to, of);
	buf_init(&said, NORMALIZE_SCRATCH);
	while (json_next(&it, NULL, &one)) {
		if (said.n > 0)
			buf_add_char(&said, '\n');
		buf_add_str(
		    &said, role_of(&v, text(&v, one, "participant_id")));
		buf_add_str(&said, STR(": "));
		buf_add_str(&said, text(&v, one, "content"));
	}
	v.m->text = arena_dup(&v.m->arena, buf_str(&said));
	buf_release(&said);
	w = native_data(n);
	write_member(w, "subtype", STR("transcript"));
	write_member(w, "call", of);
	write_member(w, "language", text(&v, item, "language_code"));
	native_data_raw(w, "categories", desk_get(item, "categories"));
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "connect", e);
}

static enum stage_result
transcript(struct normalize *n, struct json item, struct err *e)
{
	struct json list = desk_get(item, "transcript"), one;
	struct json_iter it = json_each(list);
	enum stage_result rc = STAGE_OK;
	size_t count = 0;

	if (desk_get(json_at(list, 0), "absolute_time|participant_role").doc ==
	    NULL)
		return heard(n, item, e);
	while (rc != STAGE_FATAL && json_next(&it, NULL, &one)) {
		count++;
		rc = line(n, item, one, e);
		rc = native_part(n, rc, "Transcript", count, one, e);
	}
	return rc;
}

enum stage_result
connect_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct json item = desk_get(native, "contact|detail");

	normalize_begin(n);
	/* DescribeContact, and events of EventBridge. */
	if (json_type(item) != JSON_OBJECT)
		item = native;
	if (json_type(desk_get(item, "transcript")) == JSON_LIST)
		return transcript(n, item, e);
	if (desk_get(item, "contact_id|initiation_method|initiation_timestamp")
		.doc != NULL)
		return record(n, item, e);
	return native_reject(
	    e, "neither a contact nor a transcript of Amazon Connect");
}
