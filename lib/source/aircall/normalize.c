/*
 * The meaning of Aircall's calls.  A webhook tells of the same call many times:
 * until it has ended that is an event, from then on the call.
 */
#include "source/aircall/aircall.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json item;
	struct str event; /* of a webhook: "call.ended"; absent */
};

static struct str
text(struct view *v, struct json from, const char *names)
{
	return desk_text(v->n, from, names);
}

static struct view
begin(struct normalize *n, struct json item)
{
	struct view v = { n, normalize_begin(n), item, STR_NONE };

	v.event = native_value(n, native_beside(n, "event"));
	v.m->channel = "voice";
	v.m->type = "call";
	return v;
}

/* A number that is withheld is a word. */
static void
number(struct view *v, struct address *a, struct str digits)
{
	if (digits.p != NULL &&
	    !desk_is(digits, "anonymous|unknown|private|withheld|blocked"))
		message_phone(v->m, a, digits);
}

/* The other side: what it dialed or called from, and who that is in our own
 * address book. */
static struct address
customer(struct view *v)
{
	struct json contact = desk_get(v->item, "contact");
	struct address a = { 0 };

	if (json_type(contact) == JSON_OBJECT) {
		desk_person(v->n, contact, &a);
		a.email = a.tel = a.uri = STR_NONE;
	}
	number(v, &a, text(v, v->item, "raw_digits"));
	return a;
}

static struct address
line(struct view *v)
{
	struct json ours = desk_get(v->item, "number");
	struct address a = { .name = text(v, ours, "name") };

	number(v, &a, text(v, ours, "digits|e164_digits"));
	return a;
}

static struct address
agent(struct view *v, struct json who)
{
	struct str id = text(v, who, "id");
	struct address a = { 0 };

	if (json_type(who) != JSON_OBJECT)
		return a;
	desk_person(v->n, who, &a);
	a.tel = STR_NONE;
	if (id.p != NULL)
		a.uri = ARENA_JOIN(&v->m->arena, STR("aircall:user"), id);
	return a;
}

static void
read_people(struct view *v)
{
	struct address ours = line(v), theirs = customer(v);
	struct address user = agent(v, desk_get(v->item, "user"));

	v->m->account = ours.tel;
	if (desk_is(text(v, v->item, "direction"), "outbound")) {
		v->m->direction = "outbound";
		v->m->from = user;
		v->m->from.tel = ours.tel;
		if (v->m->from.name.p == NULL)
			v->m->from.name = ours.name;
		message_add_address(v->m, &v->m->to, theirs);
		return;
	}
	v->m->direction = "inbound";
	v->m->from = theirs;
	if (ours.tel.p != NULL || ours.name.p != NULL)
		message_add_address(v->m, &v->m->to, ours);
}

static const char *
disposition(struct view *v)
{
	struct str missed = text(v, v->item, "missed_call_reason");

	if (desk_get(v->item, "voicemail").doc != NULL)
		return "voicemail";
	if (missed.p == NULL &&
	    desk_time(v->n, v->item, "answered_at") != TIME_NONE)
		return "answered";
	return "no answer";
}

static int
write_call(struct view *v, struct err *e)
{
	struct address by = agent(v, desk_get(v->item, "user"));
	struct address passed = agent(v, desk_get(v->item, "transferred_to"));
	int64_t answered = desk_time(v->n, v->item, "answered_at");
	int64_t ended = desk_time(v->n, v->item, "ended_at");
	int64_t told =
	    desk_time(v->n, json_get(v->n->root, "beside"), "timestamp");
	struct writer *w = native_data(v->n);

	if (v->m->type[0] == 'e')
		write_member(w, "subtype",
		    v->event.p != NULL ? v->event : text(v, v->item, "status"));
	if (v->m->type[0] == 'c') {
		desk_seconds(
		    v->n, w, "duration", desk_get(v->item, "duration"));
		if (answered != TIME_NONE && ended > answered)
			write_member_int(
			    w, "talk", (ended - answered) / TIME_SECOND);
		write_member(w, "disposition", str_of(disposition(v)));
		write_member_time(w, "answeredAt", answered);
	}
	if (v->m->keywords[0] != NULL)
		write_member_time(w, "updatedAt", told);
	write_member(w, "answeredBy",
	    answered == TIME_NONE ? STR_NONE
	    : by.name.p != NULL   ? by.name
				  : by.email);
	write_member(w, "reason", text(v, v->item, "missed_call_reason"));
	write_member(w, "transferredTo",
	    passed.name.p != NULL ? passed.name : passed.email);
	write_member(w, "voicemail", text(v, v->item, "voicemail"));
	write_member(w, "recording", text(v, v->item, "recording"));
	write_member(w, "call", text(v, v->item, "id"));
	desk_names(v->n, w, "tags", desk_get(v->item, "tags"), "name");
	desk_names(v->n, w, "teams", desk_get(v->item, "teams"), "name");
	return native_data_end(v->n, e);
}

/* What was noted of a call. */
static enum stage_result
comment(struct normalize *n, struct json call, struct json item, struct err *e)
{
	struct view v = begin(n, call);
	struct str id = text(&v, item, "id");
	struct str of = text(&v, call, "id");
	struct writer *w;

	v.m->type = "message";
	v.m->sent = desk_time(n, item, "posted_at|created_at");
	if (v.m->sent == TIME_NONE)
		v.m->sent = desk_time(n, call, "ended_at|started_at");
	v.m->account = line(&v).tel;
	v.m->native_id = id.p == NULL
			     ? native_content(n, item)
			     : ARENA_JOIN(&v.m->arena, STR("comment/"), id);
	v.m->direction = "internal";
	message_keyword(v.m, "private");
	v.m->from = agent(&v, desk_get(item, "posted_by"));
	if (of.p != NULL)
		message_add_str(v.m, &v.m->in_reply_to, of);
	w = native_data(n);
	write_member(w, "call", of);
	if (desk_body(n, text(&v, item, "content|body"), false, false, e) < 0 ||
	    native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "aircall", e);
}

static enum stage_result
call(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item);
	struct json list = desk_get(item, "comments"), one;
	struct json_iter it = json_each(list);
	struct str id = text(&v, item, "id");
	bool ended = desk_time(n, item, "ended_at") != TIME_NONE ||
		     desk_is(text(&v, item, "status"), "done");
	enum stage_result rc;

	v.m->sent = desk_time(n, item, "started_at|created_at");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no call of Aircall: it has no started_at");
	v.m->native_id = v.m->message_id = id;
	if (id.p == NULL)
		v.m->native_id = native_content(n, item);
	if (!ended) {
		v.m->type = "event";
		v.m->message_id = STR_NONE;
		v.m->native_id = ARENA_JOIN(&v.m->arena, id, STR("/"),
		    v.event.p != NULL ? v.event : text(&v, item, "status"));
	} else if (v.event.p != NULL &&
		   !desk_is(v.event, "call_ended|call_hungup")) {
		message_keyword(v.m, "updated");
	}
	read_people(&v);
	if (write_call(&v, e) < 0)
		return STAGE_REJECT;
	rc = desk_emit(n, "aircall", e);
	while (rc == STAGE_OK && json_type(list) == JSON_LIST &&
	       json_next(&it, NULL, &one))
		rc = comment(n, item, one, e);
	return rc;
}

/* A row of the table, which has no ids. */
static enum stage_result
row(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item);
	struct str way = text(&v, item, "direction");
	struct str missed = text(&v, item, "missed_call_reason");
	struct address from = { 0 }, to = { 0 };
	bool ours = str_starts_nocase(way, STR("out"));
	bool answered = desk_true(desk_get(item, "answered"));
	struct writer *w;

	v.m->sent = desk_time_utc(n, item, "datetime_(utc)|datetime");
	if (v.m->sent == TIME_NONE)
		return native_reject(e, "a row of Aircall without a time");
	v.m->native_id = native_content(n, item);
	v.m->direction = ours ? "outbound" : "inbound";
	number(&v, &from, text(&v, item, "from"));
	number(&v, &to, text(&v, item, "to"));
	if (ours)
		from.name = text(&v, item, "user");
	else
		to.name = text(&v, item, "line");
	v.m->account = ours ? from.tel : to.tel;
	v.m->from = from;
	if (to.tel.p != NULL || to.uri.p != NULL || to.name.p != NULL)
		message_add_address(v.m, &v.m->to, to);
	w = native_data(n);
	desk_seconds(n, w, "duration", desk_get(item, "duration_(total)"));
	desk_seconds(n, w, "talk", desk_get(item, "duration_(in_call)"));
	write_member(w, "disposition",
	    answered                                  ? STR("answered")
	    : desk_get(item, "voicemail").doc != NULL ? STR("voicemail")
						      : STR("no answer"));
	write_member(
	    w, "answeredBy", answered ? text(&v, item, "user") : STR_NONE);
	write_member(w, "reason", missed);
	write_member(w, "line", text(&v, item, "line"));
	write_member(w, "tags", text(&v, item, "tags"));
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "aircall", e);
}

enum stage_result
aircall_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct str resource;

	normalize_begin(n);
	resource = native_value(n, native_beside(n, "resource"));
	if (resource.p != NULL && !desk_is(resource, "call"))
		return native_reject(
		    e, "a webhook of Aircall that tells of no call");
	if (desk_get(native, "datetime_(utc)|duration_(in_call)").doc != NULL)
		return row(n, native, e);
	if (desk_get(native, "raw_digits|started_at|direction").doc != NULL)
		return call(n, native, e);
	return native_reject(e, "no call of Aircall");
}
