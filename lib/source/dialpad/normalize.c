/*
 * The meaning of Dialpad's calls.  One that came in by a department has a call
 * for each who was rung, which names the first: these are legs of that.
 */
#include "source/dialpad/dialpad.h"

#include "core/text/ascii.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json item;
};

static struct str
text(struct view *v, struct json from, const char *names)
{
	return desk_text(v->n, from, names);
}

static struct view
begin(struct normalize *n, struct json item)
{
	struct view v = { n, normalize_begin(n), item };

	v.m->channel = "voice";
	v.m->type = "call";
	return v;
}

/* Targets of different kinds count apart. */
static const char *
kind_of(struct str kind)
{
	static const char *const kinds[] = { "department", "office", "room",
		"call_center", "call_router", "staff_group" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (desk_is(kind, kinds[i]))
			return kinds[i];
	return "user";
}

/* Who of ours: a user, a department, a room. */
static struct address
target(struct view *v)
{
	struct json who = desk_get(v->item, "target");
	struct str id = text(v, who, "id");
	struct str kind = text(v, who, "type");
	struct address a = { 0 };

	if (json_type(who) == JSON_OBJECT) {
		a.name = text(v, who, "name");
		native_email(v->n, &a, text(v, who, "email"));
	} else {
		a.name = text(v, v->item, "name|target_name");
		native_email(v->n, &a, text(v, v->item, "email"));
		id = text(v, v->item, "target_id");
		kind = text(v, v->item, "target_kind|target_type");
	}
	if (id.p != NULL)
		a.uri = ARENA_JOIN(
		    &v->m->arena, STR("dialpad:"), str_of(kind_of(kind)), id);
	message_phone(v->m, &a, text(v, v->item, "internal_number"));
	return a;
}

static struct address
other(struct view *v)
{
	struct json who = desk_get(v->item, "contact");
	struct str digits = text(v, v->item, "external_number");
	struct address a = { .name = text(v, who, "name") };

	if (digits.p == NULL)
		digits = text(v, who, "phone");
	if (!desk_is(digits, "anonymous|unknown|restricted|private"))
		message_phone(v->m, &a, digits);
	/* Dialpad calls who is in no address book by the number. */
	if (a.name.p != NULL && !ascii_is_letter(a.name.p[0]) &&
	    (unsigned char)a.name.p[0] < 0x80)
		a.name = STR_NONE;
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
	struct address ours = target(v), theirs = other(v);
	struct str way = text(v, v->item, "direction");
	struct address *from = &ours, *to = &theirs;

	v->m->account = ours.tel;
	v->m->direction = "outbound";
	if (desk_is(way, "inbound|incoming|in")) {
		v->m->direction = "inbound";
		from = &theirs;
		to = &ours;
	}
	if (desk_true(desk_get(v->item, "is_internal")))
		v->m->direction = "internal";
	v->m->from = *from;
	if (!is_empty(to))
		message_add_address(v->m, &v->m->to, *to);
}

/* Has the row's list this word? */
static bool
has_category(struct view *v, const char *word)
{
	struct json list = desk_get(v->item, "categories");
	struct json_iter it = json_each(list);
	struct str rest = native_value(v->n, list);
	struct json one;

	if (json_type(list) == JSON_LIST)
		while (json_next(&it, NULL, &one))
			if (desk_is(native_value(v->n, one), word))
				return true;
	while (rest.p != NULL)
		if (desk_is(str_trim(str_split(&rest, ',')), word))
			return true;
	return false;
}

static const char *
disposition(struct view *v)
{
	struct str state = text(v, v->item, "state");
	bool talked =
	    desk_time_utc(v->n, v->item, "date_connected") != TIME_NONE;

	if (desk_get(v->item, "voicemail_link").doc != NULL ||
	    desk_is(state, "voicemail|voicemail_uploaded") ||
	    has_category(v, "voicemail"))
		return "voicemail";
	if (desk_is(state, "missed|abandoned") ||
	    has_category(v, "missed|unanswered|abandoned|cancelled"))
		return "no answer";
	return talked || has_category(v, "answered") ? "answered" : "no answer";
}

/* By its times, in seconds: Dialpad's own lengths are of milliseconds here and
 * of minutes there. */
static void
write_lengths(struct view *v, struct writer *w)
{
	int64_t ended = desk_time_utc(v->n, v->item, "date_ended");
	int64_t answered = desk_time_utc(v->n, v->item, "date_connected");
	double d;

	if (ended != TIME_NONE && ended >= v->m->sent)
		write_member_int(
		    w, "duration", (ended - v->m->sent) / TIME_SECOND);
	else if (json_real(desk_get(v->item, "total_duration|duration"), &d) ==
		     0 &&
		 d >= 0 && d < 1e12)
		write_member_int(w, "duration", (int64_t)(d / 1000));
	if (answered != TIME_NONE && ended > answered)
		write_member_int(w, "talk", (ended - answered) / TIME_SECOND);
}

static int
write_call(struct view *v, struct str leg, struct err *e)
{
	int64_t answered = desk_time_utc(v->n, v->item, "date_connected");
	struct json whose = desk_get(v->item, "target");
	struct writer *w = native_data(v->n);
	struct str by = text(v, whose, "name");

	if (v->m->type[0] == 'e')
		write_member(w, "subtype",
		    leg.p != NULL ? STR("leg") : text(v, v->item, "state"));
	write_lengths(v, w);
	if (leg.p != NULL || v->m->type[0] == 'c') {
		write_member(w, "disposition", str_of(disposition(v)));
		write_member_time(w, "answeredAt", answered);
	}
	if (answered != TIME_NONE)
		write_member(w, "answeredBy",
		    by.p != NULL ? by : text(v, v->item, "name|email"));
	write_member(
	    w, "call", leg.p != NULL ? leg : text(v, v->item, "call_id"));
	write_member(w, "voicemail", text(v, v->item, "voicemail_link"));
	native_data_raw(w, "recording",
	    desk_get(
		v->item, "recording_url|admin_call_recording_share_links"));
	native_data_raw(w, "labels", desk_get(v->item, "labels"));
	native_data_raw(w, "categories", desk_get(v->item, "categories"));
	return native_data_end(v->n, e);
}

static enum stage_result
call(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item);
	struct str id = text(&v, item, "call_id");
	struct str first = text(&v, item, "entry_point_call_id|master_call_id");
	struct str state = text(&v, item, "state");
	bool ended = desk_time_utc(n, item, "date_ended") != TIME_NONE ||
		     state.p == NULL ||
		     desk_is(state, "hangup|missed|abandoned|voicemail|"
				    "voicemail_uploaded");
	bool leg = first.p != NULL && !str_is(first, "0") && !str_eq(first, id);

	v.m->sent =
	    desk_time_utc(n, item, "date_started|date_rang|date_connected");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no call of Dialpad: it has no date_started");
	v.m->native_id = v.m->message_id = id;
	if (id.p == NULL)
		v.m->native_id = native_content(n, item);
	v.m->thread_id = leg ? first : id;
	if (leg || !ended)
		v.m->type = "event";
	if (!ended)
		v.m->native_id = ARENA_JOIN(&v.m->arena, id, STR("/"), state);
	read_people(&v);
	/* What was spoken to the machine. */
	v.m->text = text(&v, item, "transcription_text|voicemail_transcript");
	if (write_call(&v, leg ? first : STR_NONE, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "dialpad", e);
}

/* A score from 1 to 5 that the caller gave. */
static enum stage_result
rating(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item);
	struct str id = text(&v, item, "call_id");
	struct str of = id;
	struct writer *w;

	v.m->sent =
	    desk_time_utc(n, item, "date_ended|event_timestamp|date_started");
	if (v.m->sent == TIME_NONE || id.p == NULL)
		return STAGE_OK;
	v.m->native_id = ARENA_JOIN(&v.m->arena, id, STR("/rating"));
	v.m->direction = "inbound";
	v.m->from = other(&v);
	v.m->account = target(&v).tel;
	w = native_data(n);
	desk_rating(n, w, text(&v, item, "csat_score"), "5", STR_NONE);
	write_member(w, "call", of);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "dialpad", e);
}

static enum stage_result
short_message(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item);
	struct json to = desk_get(item, "to_number|to_numbers"), one;
	struct json_iter it = json_each(to);
	struct str id = text(&v, item, "id|message_id");
	struct json who = desk_get(item, "contact");
	struct json ours = desk_get(item, "target");
	bool in = desk_is(text(&v, item, "direction"), "inbound");
	struct address a = { 0 };
	struct writer *w;

	v.m->type = "message";
	v.m->channel = desk_true(desk_get(item, "mms")) ? "mms" : "sms";
	v.m->sent = desk_time_utc(n, item, "created_date|event_timestamp");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no message of Dialpad: it has no created_date");
	v.m->native_id = v.m->message_id = id;
	if (id.p == NULL)
		v.m->native_id = native_content(n, item);
	v.m->direction = in ? "inbound" : "outbound";
	v.m->from.name = text(&v, in ? who : ours, "name");
	message_phone(v.m, &v.m->from, text(&v, item, "from_number"));
	if (json_type(to) != JSON_LIST) {
		message_phone(v.m, &a, native_value(n, to));
		message_add_address(v.m, &v.m->to, a);
	}
	while (json_type(to) == JSON_LIST && json_next(&it, NULL, &one)) {
		a = (struct address){ 0 };
		message_phone(v.m, &a, native_value(n, one));
		message_add_address(v.m, &v.m->to, a);
	}
	if (in && v.m->to.n > 0)
		v.m->account = v.m->to.v[0].tel;
	else if (!in)
		v.m->account = v.m->from.tel;
	desk_attach(n, desk_get(item, "mms_url"));
	w = native_data(n);
	write_member(w, "delivery", text(&v, item, "message_status"));
	write_member(w, "error", text(&v, item, "message_delivery_result"));
	if (desk_body(n, text(&v, item, "text|text_content"), false, false, e) <
		0 ||
	    native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "dialpad", e);
}

enum stage_result
dialpad_normalize(struct normalize *n, struct json native, struct err *e)
{
	enum stage_result rc;

	normalize_begin(n);
	if (desk_get(native, "from_number|message_status").doc != NULL)
		return short_message(n, native, e);
	if (desk_get(native, "call_id|date_started|external_number").doc ==
	    NULL)
		return native_reject(
		    e, "neither a call nor a message of Dialpad");
	rc = call(n, native, e);
	if (rc == STAGE_OK && desk_get(native, "csat_score").doc != NULL &&
	    !str_is(desk_text(n, native, "csat_score"), "0"))
		rc = rating(n, native, e);
	return rc;
}
