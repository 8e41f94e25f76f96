/*
 * The meaning of Genesys Cloud's conversations: all participants, sessions and
 * segments of one are one call.  What was said is not in them.
 */
#include "source/genesys/genesys.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json item;
	/* What is found in the participants, absent where it is not. */
	struct str media, ani, dnis, from, to, queue, wrap_up, note, ended;
	struct json customer, agent;
	int64_t answered, talk_end;
	size_t agents, sessions;
	bool voicemail;
};

static struct str
text(struct view *v, struct json from, const char *names)
{
	return desk_text(v->n, from, names);
}

/* Keeps what is there already. */
static void
take(struct str *into, struct str s)
{
	if (into->p == NULL)
		*into = s;
}

static void
see_segment(struct view *v, struct json segment, bool agent)
{
	struct str kind = text(v, segment, "segment_type");
	int64_t start = desk_time_utc(v->n, segment, "segment_start");
	int64_t end = desk_time_utc(v->n, segment, "segment_end");

	take(&v->queue, text(v, segment, "queue_id"));
	take(&v->wrap_up, text(v, segment, "wrap_up_code"));
	take(&v->note, text(v, segment, "wrap_up_note"));
	if (desk_is(kind, "voicemail"))
		v->voicemail = true;
	if (!agent || !desk_is(kind, "interact"))
		return;
	if (v->answered == TIME_NONE ||
	    (start != TIME_NONE && start < v->answered))
		v->answered = start;
	if (end != TIME_NONE && (v->talk_end == TIME_NONE || end > v->talk_end))
		v->talk_end = end;
}

static void
see_session(struct view *v, struct json session, struct str purpose)
{
	struct json list = desk_get(session, "segments"), one;
	struct json_iter it = json_each(list);
	bool customer = desk_is(purpose, "customer|external");

	v->sessions++;
	take(&v->media, text(v, session, "media_type"));
	if (customer) {
		take(&v->ani, text(v, session, "ani"));
		take(&v->dnis, text(v, session, "dnis"));
		take(&v->from, text(v, session, "address_from"));
		take(&v->to, text(v, session, "address_to"));
	}
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		see_segment(v, one, desk_is(purpose, "agent|user"));
		if (customer)
			take(&v->ended, text(v, one, "disconnect_type"));
	}
}

static void
see_participants(struct view *v)
{
	struct json list = desk_get(v->item, "participants"), who, one;
	struct json_iter it = json_each(list), sessions;

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &who)) {
		struct str purpose = text(v, who, "purpose");
		struct json all = desk_get(who, "sessions");

		if (desk_is(purpose, "customer|external") &&
		    json_type(v->customer) == JSON_NONE)
			v->customer = who;
		if (desk_is(purpose, "voicemail"))
			v->voicemail = true;
		if (desk_is(purpose, "agent|user")) {
			v->agents++;
			v->agent = who;
		}
		sessions = json_each(all);
		while (json_type(all) == JSON_LIST &&
		       json_next(&sessions, NULL, &one))
			see_session(v, one, purpose);
	}
}

/* "tel:+4915112345678", "sip:77@shop.example;user=phone", "ana@..." */
static struct address
address(struct view *v, struct str s)
{
	struct address a = { 0 };

	if (str_starts_nocase(s, STR("tel:")))
		s = str_sub(s, 4, s.n);
	/* Who withholds the number is nobody. */
	if (str_find_nocase(s, STR("anonymous")) >= 0)
		return a;
	if (str_starts_nocase(s, STR("sip:")))
		a.uri = s;
	else
		desk_handle(v->n, &a, s);
	return a;
}

static struct address
agent(struct view *v)
{
	struct str id = text(v, v->agent, "user_id");
	struct address a = { .name = text(v, v->agent, "participant_name") };

	if (id.p != NULL)
		a.uri = native_uri(v->n, "genesys", id);
	return a;
}

static bool
is_empty(const struct address *a)
{
	return a->name.p == NULL && a->email.p == NULL && a->tel.p == NULL &&
	       a->uri.p == NULL;
}

static void
read_people(struct view *v)
{
	bool out =
	    desk_is(text(v, v->item, "originating_direction"), "outbound");
	bool voice = str_is(str_of(v->m->channel), "voice");
	struct address a = address(v, voice ? v->ani : v->from);
	struct address b = address(v, voice ? v->dnis : v->to);
	struct address *theirs = out ? &b : &a, *ours = out ? &a : &b;
	struct address who = agent(v);

	if (theirs->name.p == NULL)
		theirs->name = text(v, v->customer, "participant_name");
	v->m->account = ours->tel.p != NULL ? ours->tel : ours->email;
	v->m->direction = out ? "outbound" : "inbound";
	v->m->from = out ? who : *theirs;
	if (out) {
		v->m->from.tel = ours->tel;
		v->m->from.email = ours->email;
	}
	if (!is_empty(out ? theirs : ours))
		message_add_address(v->m, &v->m->to, out ? *theirs : *ours);
}

static int
write_data(struct view *v, struct err *e)
{
	int64_t ended = desk_time_utc(v->n, v->item, "conversation_end");
	struct writer *w = native_data(v->n);
	struct address by = agent(v);

	if (v->m->type[0] == 'e')
		write_member(w, "subtype", STR("conversation"));
	if (ended != TIME_NONE && ended >= v->m->sent)
		write_member_int(
		    w, "duration", (ended - v->m->sent) / TIME_SECOND);
	if (v->answered != TIME_NONE && v->talk_end > v->answered)
		write_member_int(
		    w, "talk", (v->talk_end - v->answered) / TIME_SECOND);
	if (v->m->type[0] == 'c')
		write_member(w, "disposition",
		    v->answered != TIME_NONE ? STR("answered")
		    : v->voicemail           ? STR("voicemail")
					     : STR("no answer"));
	write_member_time(w, "answeredAt", v->answered);
	if (v->answered != TIME_NONE)
		write_member(
		    w, "answeredBy", by.name.p != NULL ? by.name : by.uri);
	write_member(w, "via", v->media);
	write_member(w, "queue", v->queue);
	write_member(w, "wrapUpCode", v->wrap_up);
	write_member(w, "note", v->note);
	write_member(w, "ended", v->ended);
	if (v->sessions > 1)
		write_member_int(w, "legs", (int64_t)v->sessions);
	return native_data_end(v->n, e);
}

enum stage_result
genesys_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct view v = { .n = n,
		.m = normalize_begin(n),
		.item = native,
		.customer = JSON_ABSENT,
		.agent = JSON_ABSENT,
		.answered = TIME_NONE,
		.talk_end = TIME_NONE };
	const char *name;

	see_participants(&v);
	name = desk_channel(v.media);
	if (desk_is(v.media, "callback"))
		name = "voice";
	v.m->channel = name != NULL                  ? name
		       : desk_is(v.media, "message") ? "chat"
						     : "voice";
	v.m->type = str_is(str_of(v.m->channel), "voice") ? "call" : "event";
	v.m->sent = desk_time_utc(n, native, "conversation_start");
	if (v.m->sent == TIME_NONE)
		return native_reject(e, "no conversation of Genesys: it has no "
					"conversationStart");
	v.m->native_id = text(&v, native, "conversation_id");
	v.m->message_id = v.m->thread_id = v.m->native_id;
	if (v.m->native_id.p == NULL)
		v.m->native_id = native_content(n, native);
	read_people(&v);
	if (write_data(&v, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "genesys", e);
}
