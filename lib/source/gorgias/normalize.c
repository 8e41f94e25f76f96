/*
 * The meaning of Gorgias' messages.  Its times are UTC, with and without an
 * offset.
 */
#include "source/gorgias/gorgias.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json item, ticket; /* the latter may be absent */
};

static struct str
text(struct view *v, struct json from, const char *names)
{
	return desk_text(v->n, from, names);
}

/* Customers and users count apart. */
static struct address
person(struct view *v, struct json who, const char *kind)
{
	struct str id = text(v, who, "id");
	struct address a = { 0 };

	if (json_type(who) != JSON_OBJECT)
		return a;
	desk_person(v->n, who, &a);
	if (id.p != NULL)
		a.uri =
		    ARENA_JOIN(&v->m->arena, STR("gorgias:"), str_of(kind), id);
	return a;
}

/* {"name":"Ana Riba","address":"ana@riba.example"} fills in what a does not
 * have. */
static void
add_handle(struct view *v, struct address *a, struct json from)
{
	struct address b = { .name = text(v, from, "name") };

	if (json_type(from) != JSON_OBJECT)
		return;
	desk_handle(v->n, &b, text(v, from, "address"));
	if (a->name.p == NULL)
		a->name = b.name;
	if (b.email.p != NULL)
		a->email = b.email;
	if (b.tel.p != NULL)
		a->tel = b.tel;
	if (a->uri.p == NULL)
		a->uri = b.uri;
}

static bool
is_empty(const struct address *a)
{
	return a->name.p == NULL && a->email.p == NULL && a->tel.p == NULL &&
	       a->uri.p == NULL;
}

static void
add_all(struct view *v, struct address_list *to, struct json list)
{
	struct json_iter it = json_each(list);
	struct json one;

	if (json_type(list) != JSON_LIST)
		return;
	while (json_next(&it, NULL, &one)) {
		struct address a = { 0 };

		add_handle(v, &a, one);
		if (!is_empty(&a))
			message_add_address(v->m, to, a);
	}
}

/* A note's channel says that it is one. */
static const char *
channel(struct view *v)
{
	struct str s = text(v, v->item, "channel");
	const char *name;

	if (s.p == NULL || desk_is(s, "internal_note"))
		s = text(v, v->ticket, "channel");
	name = desk_channel(s);
	return name == NULL ? "ticket" : name;
}

static struct view
begin(struct normalize *n, struct json item, struct json ticket)
{
	struct view v = { n, normalize_begin(n), item, ticket };

	v.m->type = "message";
	v.m->channel = channel(&v);
	v.m->thread_id = text(&v, item, "ticket_id");
	if (v.m->thread_id.p == NULL)
		v.m->thread_id = text(&v, ticket, "id");
	v.m->subject = text(&v, item, "subject");
	if (v.m->subject.p == NULL)
		v.m->subject = text(&v, ticket, "subject");
	return v;
}

static void
write_ticket(struct view *v, struct writer *w)
{
	struct address a =
	    person(v, desk_get(v->ticket, "assignee_user"), "user");
	struct json team = desk_get(v->ticket, "assignee_team");

	write_member(w, "status", text(v, v->ticket, "status"));
	write_member(w, "priority", text(v, v->ticket, "priority"));
	write_member(w, "assignee", a.name.p != NULL ? a.name : a.email);
	write_member(w, "team", text(v, team, "name"));
	write_member(w, "language", text(v, v->ticket, "language"));
	desk_names(v->n, w, "tags", desk_get(v->ticket, "tags"), "name");
}

static int
write_data(struct view *v, struct err *e)
{
	struct json source = desk_get(v->item, "source");
	struct json error = desk_get(v->item, "last_sending_error");
	struct json about = desk_get(v->item, "meta");
	struct address_list unseen = { 0 };
	struct writer *w = native_data(v->n);

	write_member(w, "via", text(v, v->item, "via|channel"));
	if (v->m->type[0] == 'c') {
		native_data_raw(
		    w, "duration", desk_get(about, "duration|call_duration"));
		write_member(w, "disposition",
		    str_of(desk_disposition(
			text(v, about, "status|call_status"))));
	}
	add_all(v, &unseen, desk_get(source, "bcc"));
	message_write_addresses(&v->n->message, w, "bcc", &unseen);
	write_member(w, "externalId", text(v, v->item, "message_id"));
	native_data_raw(w, "error", error);
	write_member_time(
	    w, "openedAt", desk_time_utc(v->n, v->item, "opened_datetime"));
	native_data_raw(w, "integration", desk_get(v->item, "integration_id"));
	write_ticket(v, w);
	return native_data_end(v->n, e);
}

static bool
is_note(struct view *v)
{
	struct json public = desk_get(v->item, "public");

	return json_type(public) == JSON_FALSE ||
	       desk_is(native_value(v->n, public), "false") ||
	       desk_is(text(v, v->item, "channel"), "internal_note") ||
	       desk_is(text(v, desk_get(v->item, "source"), "type"),
		   "internal_note");
}

static void
read_people(struct view *v, bool note, bool ours)
{
	struct json source = desk_get(v->item, "source");
	struct json sender = desk_get(v->item, "sender");
	struct json receiver = desk_get(v->item, "receiver");
	struct json customer = desk_get(v->ticket, "customer|requester");

	v->m->from = person(v, sender, ours || note ? "user" : "customer");
	if (is_empty(&v->m->from) && !ours)
		v->m->from = person(v, customer, "customer");
	/* What it went out by is not the agent's address. */
	if (!ours || v->m->from.email.p == NULL)
		add_handle(v, &v->m->from, desk_get(source, "from"));
	if (note)
		return;
	add_all(v, &v->m->to, desk_get(source, "to"));
	add_all(v, &v->m->cc, desk_get(source, "cc"));
	if (!ours)
		return;
	if (json_type(receiver) != JSON_OBJECT)
		receiver = customer;
	if (v->m->to.n == 0 && json_type(receiver) == JSON_OBJECT)
		message_add_address(
		    v->m, &v->m->to, person(v, receiver, "customer"));
	else if (v->m->to.n > 0 && v->m->to.v[0].uri.p == NULL)
		v->m->to.v[0].uri = person(v, receiver, "customer").uri;
}

/* What is new in it is told apart by Gorgias; the rest of it is quoted. */
static int
read_text(struct view *v, struct err *e)
{
	struct str body = text(v, v->item, "body_text");
	struct str own = text(v, v->item, "stripped_text");
	bool letter = desk_letters(v->m);

	if (own.p == NULL && body.p == NULL)
		return desk_body(v->n,
		    text(v, v->item, "stripped_html|body_html"), true, letter,
		    e);
	if (own.p == NULL)
		return desk_body(v->n, body, false, letter, e);
	v->m->text = own;
	v->m->signature = text(v, v->item, "stripped_signature");
	if (str_starts(body, own) && body.n > own.n && letter)
		v->m->quoted = str_trim(str_sub(body, own.n, body.n));
	return 0;
}

/* That it did not arrive. */
static enum stage_result
failure(
    struct normalize *n, struct json item, struct json ticket, struct err *e)
{
	struct view v = begin(n, item, ticket);
	struct json error = desk_get(item, "last_sending_error");

	return desk_failed(n, "gorgias", text(&v, item, "id"),
	    desk_time_utc(n, item, "failed_datetime"),
	    json_type(error) == JSON_OBJECT
		? text(&v, error, "error|message|msg")
		: native_value(n, error),
	    e);
}

static enum stage_result
message(
    struct normalize *n, struct json item, struct json ticket, struct err *e)
{
	struct view v = begin(n, item, ticket);
	bool note = is_note(&v);
	bool ours = desk_true(desk_get(item, "from_agent"));

	v.m->sent = desk_time_utc(n, item, "sent_datetime|created_datetime");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no message of Gorgias: it has no created_datetime");
	v.m->native_id = v.m->message_id = text(&v, item, "id");
	if (v.m->native_id.p == NULL)
		v.m->native_id = native_content(n, item);
	if (str_is(str_of(v.m->channel), "voice") && !note)
		v.m->type = "call";
	if (note)
		message_keyword(v.m, "private");
	v.m->direction = note ? "internal" : ours ? "outbound" : "inbound";
	if (desk_get(item, "rule_id").doc != NULL ||
	    desk_is(text(&v, item, "via"), "rule"))
		message_keyword(v.m, "automatic");
	if (desk_get(item, "deleted_datetime").doc != NULL)
		message_keyword(v.m, "deleted");
	if (desk_true(desk_get(ticket, "spam")))
		message_keyword(v.m, "junk");
	read_people(&v, note, ours);
	desk_attach(n, desk_get(item, "attachments"));
	if (read_text(&v, e) < 0 || write_data(&v, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "gorgias", e);
}

static enum stage_result
message_and_more(
    struct normalize *n, struct json item, struct json ticket, struct err *e)
{
	enum stage_result rc = message(n, item, ticket, e);

	if (rc == STAGE_OK && desk_get(item, "id").doc != NULL &&
	    desk_time_utc(n, item, "failed_datetime") != TIME_NONE)
		rc = failure(n, item, ticket, e);
	return rc;
}

/* One to five, where it was answered. */
static enum stage_result
survey(struct normalize *n, struct json item, struct json ticket, struct err *e)
{
	struct view v = begin(n, item, ticket);
	struct str id = text(&v, item, "id");
	struct str who = text(&v, item, "customer_id");
	struct str score = text(&v, item, "score");
	struct writer *w;

	v.m->sent = desk_time_utc(
	    n, item, "scored_datetime|sent_datetime|created_datetime");
	if (v.m->sent == TIME_NONE)
		return native_reject(e, "a survey of Gorgias without a time");
	v.m->native_id = id.p == NULL
			     ? native_content(n, item)
			     : ARENA_JOIN(&v.m->arena, STR("survey/"), id);
	v.m->type = "event";
	v.m->direction = score.p == NULL ? "outbound" : "inbound";
	v.m->from =
	    person(&v, desk_get(ticket, "customer|requester"), "customer");
	if (v.m->from.uri.p == NULL && who.p != NULL)
		v.m->from.uri =
		    ARENA_JOIN(&v.m->arena, STR("gorgias:customer"), who);
	w = native_data(n);
	if (score.p != NULL)
		desk_rating(n, w, score, "5", text(&v, item, "body_text"));
	else
		write_member(w, "subtype", STR("survey"));
	write_ticket(&v, w);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "gorgias", e);
}

/* What happened to something. */
static enum stage_result
event(struct normalize *n, struct json item, struct json changes, struct err *e)
{
	struct view v = begin(n, item, JSON_ABSENT);
	struct str who = text(&v, item, "user_id");
	struct str id = text(&v, item, "id");
	struct writer *w;

	v.m->type = "event";
	v.m->channel = "ticket";
	v.m->sent = desk_time_utc(n, item, "created_datetime");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no event of Gorgias: it has no created_datetime");
	if (desk_is(text(&v, item, "object_type"), "ticket"))
		v.m->thread_id = text(&v, item, "object_id");
	v.m->native_id = id.p == NULL
			     ? native_content(n, item)
			     : ARENA_JOIN(&v.m->arena, STR("event/"), id);
	v.m->direction = "internal";
	if (who.p != NULL)
		v.m->from.uri =
		    ARENA_JOIN(&v.m->arena, STR("gorgias:user"), who);
	w = native_data(n);
	write_member(w, "subtype", text(&v, item, "type"));
	native_data_raw(w, "object", desk_get(item, "object_type"));
	native_data_raw(w, "objectId", desk_get(item, "object_id"));
	native_data_raw(w, "changes", changes);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "gorgias", e);
}

/* A ticket without its messages. */
static void
write_standing(void *arg, struct writer *w)
{
	write_ticket(arg, w);
}

static enum stage_result
standing(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item, item);
	struct desk_standing s = { .service = "gorgias",
		.kind = "ticket",
		.item = item,
		.sent =
		    desk_time_utc(n, item, "created_datetime|opened_datetime"),
		.id = text(&v, item, "id"),
		.excerpt = text(&v, item, "excerpt"),
		.write = write_standing,
		.arg = &v };

	v.m->from =
	    person(&v, desk_get(item, "customer|requester"), "customer");
	return desk_standing(n, &s, e);
}

static enum stage_result
ticket(struct normalize *n, struct json item, struct err *e)
{
	struct json list = desk_get(item, "messages"), one;
	struct json asked = desk_get(item, "satisfaction_survey");
	struct json_iter it = json_each(list);
	enum stage_result rc = STAGE_OK;
	size_t count = 0;

	while (json_type(list) == JSON_LIST && rc != STAGE_FATAL &&
	       json_next(&it, NULL, &one)) {
		count++;
		rc = message_and_more(n, one, item, e);
		rc = native_part(n, rc, "messages", count, one, e);
	}
	if (rc == STAGE_FATAL)
		return rc;
	if (count == 0)
		rc = standing(n, item, e);
	else
		rc = STAGE_OK;
	if (rc == STAGE_OK && desk_get(asked, "score").doc != NULL)
		rc = survey(n, asked, item, e);
	return rc;
}

enum stage_result
gorgias_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct json beside = json_get(n->root, "beside");
	struct json around = native_beside(n, "ticket");
	struct json item = native, inner = desk_get(native, "ticket");
	struct json said = desk_get(native, "message");

	normalize_begin(n);
	/* What a hook's author wrapped. */
	if (json_type(inner) == JSON_OBJECT) {
		around = inner;
		item = json_type(said) == JSON_OBJECT ? said : inner;
	}
	if (desk_get(item, "object_type").doc != NULL)
		return event(n, item, desk_get(item, "data"), e);
	/* One event alone has its `data` cut out of it. */
	if (desk_get(beside, "object_type").doc != NULL)
		return event(n, beside, native, e);
	if (desk_get(item, "score|scored_datetime|should_send_datetime").doc !=
	    NULL)
		return survey(n, item, around, e);
	if (desk_get(item, "body_text|body_html|stripped_text|from_agent")
		    .doc != NULL &&
	    desk_get(item, "messages|messages_count").doc == NULL &&
	    desk_get(item, "sender|source|ticket_id").doc != NULL)
		return message_and_more(n, item, around, e);
	if (desk_get(item, "messages|messages_count|status|customer").doc !=
	    NULL)
		return ticket(n, item, e);
	return native_reject(
	    e, "neither a ticket, message, survey nor event of Gorgias");
}
