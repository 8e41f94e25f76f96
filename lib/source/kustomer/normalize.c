/*
 * The meaning of Kustomer's objects, {"type":"message","id":...,
 * "attributes":{...},"relationships":{...}}.  Its ids are unique among all
 * kinds.
 */
#include "source/kustomer/kustomer.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json item, attributes, related;
};

static struct str
text(struct view *v, struct json from, const char *names)
{
	return desk_text(v->n, from, names);
}

/* The id behind a relationship, "customer". */
static struct str
related(struct view *v, const char *name)
{
	struct json to = desk_get(desk_get(v->related, name), "data");

	return text(v, to, "id");
}

/* What `included` has of this id. */
static struct json
included(struct view *v, struct str id)
{
	struct json_iter it = json_each(native_beside(v->n, "included"));
	struct json one;

	while (json_next(&it, NULL, &one))
		if (id.p != NULL && str_eq(text(v, one, "id"), id))
			return desk_get(one, "attributes");
	return JSON_ABSENT;
}

static struct address
person(struct view *v, struct str id)
{
	struct json known = included(v, id);
	struct address a = { 0 };

	if (json_type(known) == JSON_OBJECT)
		desk_person(v->n, known, &a);
	if (id.p != NULL)
		a.uri = ARENA_JOIN(&v->m->arena, STR("kustomer:"), id);
	return a;
}

/* "ana@riba.example", {"email":...,"name":...}, +49...; false where it is
 * nothing. */
static bool
add_handle(struct view *v, struct address *a, struct json from)
{
	struct address b = { 0 };
	struct str s = native_value(v->n, from);

	if (json_type(from) == JSON_OBJECT) {
		desk_person(v->n, from, &b);
		s = text(v, from, "handle|address|id");
	}
	if (s.p != NULL)
		desk_handle(v->n, &b, s);
	if (a->name.p == NULL)
		a->name = b.name;
	if (b.email.p != NULL)
		a->email = b.email;
	if (b.tel.p != NULL)
		a->tel = b.tel;
	return b.name.p != NULL || b.email.p != NULL || b.tel.p != NULL;
}

static void
add_all(struct view *v, struct address_list *to, struct json list)
{
	struct json_iter it = json_each(list);
	struct json one;

	if (json_type(list) != JSON_LIST) {
		struct address a = { 0 };

		if (add_handle(v, &a, list))
			message_add_address(v->m, to, a);
		return;
	}
	while (json_next(&it, NULL, &one)) {
		struct address a = { 0 };

		if (add_handle(v, &a, one))
			message_add_address(v->m, to, a);
	}
}

static struct view
begin(struct normalize *n, struct json item)
{
	struct view v = { .n = n, .m = normalize_begin(n), .item = item };
	const char *name;

	v.attributes = desk_get(item, "attributes");
	if (json_type(v.attributes) != JSON_OBJECT)
		v.attributes = item;
	v.related = desk_get(item, "relationships");
	name = desk_channel(text(&v, v.attributes, "channel"));
	if (name == NULL)
		name = desk_channel(native_value(
		    n, json_at(desk_get(v.attributes, "channels"), 0)));
	v.m->type = "message";
	v.m->channel = name == NULL ? "ticket" : name;
	v.m->account = related(&v, "org");
	v.m->thread_id = related(&v, "conversation");
	if (v.m->thread_id.p == NULL)
		v.m->thread_id = text(&v, v.attributes, "conversation_id");
	v.m->native_id = v.m->message_id = text(&v, item, "id");
	if (v.m->native_id.p == NULL)
		v.m->native_id = native_content(n, item);
	v.m->sent = desk_time(n, v.attributes,
	    "sent_at|imported_at|created_at|modified_at|updated_at");
	return v;
}

static void
read_people(struct view *v, bool ours)
{
	struct json meta = desk_get(v->attributes, "meta");
	struct str customer = related(v, "customer");
	struct str by = related(v, "created_by");

	v->m->from = person(v, ours ? by : customer);
	if (!ours || by.p == NULL)
		add_handle(v, &v->m->from, desk_get(meta, "from"));
	add_all(v, &v->m->to, desk_get(meta, "to"));
	add_all(v, &v->m->cc, desk_get(meta, "cc"));
	if (!ours || customer.p == NULL)
		return;
	if (v->m->to.n == 0)
		message_add_address(v->m, &v->m->to, person(v, customer));
	else
		v->m->to.v[0].uri = person(v, customer).uri;
}

/* Files stand in the object, or behind ids. */
static void
read_files(struct view *v)
{
	struct json list =
	    desk_get(desk_get(v->related, "attachments"), "data");
	struct json_iter it = json_each(list);
	struct json one;

	desk_attach(v->n, desk_get(v->attributes, "attachments"));
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct str id = text(v, one, "id");
		struct json known = included(v, id);
		struct attachment a = { .name = id, .size = -1 };

		if (json_type(known) == JSON_OBJECT)
			desk_attach(v->n, known);
		else if (id.p != NULL)
			message_add_attachment(v->m, a);
	}
}

static int
write_data(struct view *v, struct err *e)
{
	struct json meta = desk_get(v->attributes, "meta");
	struct address_list unseen = { 0 };
	struct writer *w = native_data(v->n);

	write_member(w, "via", text(v, v->attributes, "channel"));
	write_member(w, "app", text(v, v->attributes, "app"));
	if (v->m->type[0] == 'c') {
		native_data_raw(
		    w, "duration", desk_get(meta, "duration|call_duration"));
		write_member(w, "disposition",
		    str_of(desk_disposition(
			text(v, meta, "status|call_status|outcome"))));
	}
	add_all(v, &unseen, desk_get(meta, "bcc"));
	message_write_addresses(&v->n->message, w, "bcc", &unseen);
	write_member(w, "externalId", text(v, v->attributes, "external_id"));
	write_member(w, "delivery", text(v, v->attributes, "status"));
	native_data_raw(w, "error", desk_get(v->attributes, "error"));
	native_data_raw(w, "location", desk_get(v->attributes, "location"));
	return native_data_end(v->n, e);
}

static int
read_text(struct view *v, bool letter, struct err *e)
{
	struct str plain = text(v, v->attributes, "text|body|preview");
	struct str html = text(v, v->attributes, "html|body_html");
	bool marked = plain.p == NULL || str_find(plain, STR("</")) >= 0;

	return desk_body(
	    v->n, plain.p == NULL ? html : plain, marked, letter, e);
}

/* That it did not arrive. */
static enum stage_result
failure(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item);
	int64_t t = desk_time(n, v.attributes, "error_at");
	struct json error = desk_get(v.attributes, "error");

	return desk_failed(n, "kustomer", text(&v, item, "id"),
	    t != TIME_NONE ? t : v.m->sent,
	    json_type(error) == JSON_OBJECT
		? text(&v, error, "message|title|code|status")
		: native_value(n, error),
	    e);
}

static enum stage_result
message(struct normalize *n, struct json item, bool draft, struct err *e)
{
	struct view v = begin(n, item);
	struct str way = text(&v, v.attributes, "direction|direction_type");
	bool ours = draft || str_starts_nocase(way, STR("out")) ||
		    desk_is(way, "response_out|followup_out|initial_out");
	bool failed = ours && desk_get(v.attributes, "error_at").doc != NULL;
	enum stage_result rc;

	if (v.m->sent == TIME_NONE)
		return native_reject(e,
		    "no message of Kustomer: it has neither sentAt nor "
		    "createdAt");
	if (str_is(str_of(v.m->channel), "voice"))
		v.m->type = "call";
	v.m->direction = ours ? "outbound" : way.p == NULL ? NULL : "inbound";
	v.m->subject = text(&v, v.attributes, "subject");
	if (draft)
		message_keyword(v.m, "draft");
	if (desk_true(desk_get(v.attributes, "auto")) ||
	    desk_true(desk_get(desk_get(v.attributes, "meta"), "auto")))
		message_keyword(v.m, "automatic");
	if (desk_true(desk_get(v.attributes, "redacted|deleted")) ||
	    desk_get(v.attributes, "deleted_at").doc != NULL)
		message_keyword(v.m, "deleted");
	if (desk_true(desk_get(v.attributes, "spam")))
		message_keyword(v.m, "junk");
	read_people(&v, ours);
	read_files(&v);
	if (read_text(&v, desk_letters(v.m), e) < 0 || write_data(&v, e) < 0)
		return STAGE_REJECT;
	rc = desk_emit(n, "kustomer", e);
	return rc == STAGE_OK && failed && desk_get(item, "id").doc != NULL
		   ? failure(n, item, e)
		   : rc;
}

static enum stage_result
note(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item);

	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no note of Kustomer: it has no createdAt");
	v.m->direction = "internal";
	message_keyword(v.m, "private");
	v.m->from = person(&v, related(&v, "created_by"));
	read_files(&v);
	if (read_text(&v, false, e) < 0 || write_data(&v, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "kustomer", e);
}

/* How a conversation stands, or what happened to it. */
static enum stage_result
standing(struct normalize *n, struct json item, struct str name, struct err *e)
{
	struct view v = begin(n, item);
	struct str id = text(&v, item, "id");
	bool hook = str_starts(name, STR("kustomer."));
	struct writer *w;

	v.m->type = "event";
	v.m->sent = desk_time(n, v.attributes,
	    hook ? "modified_at|updated_at|created_at"
		 : "created_at|updated_at|modified_at");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "a conversation of Kustomer without createdAt");
	v.m->thread_id = v.m->message_id = id;
	if (hook && id.p != NULL)
		v.m->native_id = ARENA_JOIN(&v.m->arena, id, STR("/"), name,
		    STR("/"), text(&v, v.attributes, "rev|updated_at"));
	v.m->message_id = STR_NONE;
	v.m->subject = text(&v, v.attributes, "name");
	v.m->from = person(&v, related(&v, "customer"));
	if (desk_body(n, text(&v, v.attributes, "preview"), false, false, e) <
	    0)
		return STAGE_REJECT;
	w = native_data(n);
	write_member(w, "subtype", hook ? name : STR("conversation"));
	write_member(w, "status", text(&v, v.attributes, "status"));
	write_member(w, "priority", text(&v, v.attributes, "priority"));
	native_data_raw(w, "tags", desk_get(v.attributes, "tags"));
	native_data_raw(
	    w, "assignedUsers", desk_get(v.attributes, "assigned_users"));
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "kustomer", e);
}

static enum stage_result
satisfaction(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item);
	struct str score =
	    text(&v, v.attributes, "rating|score|satisfaction_rating");
	struct str channel = text(&v, v.attributes, "channel");
	struct writer *w;

	v.m->sent = desk_time(n, v.attributes,
	    "responded_at|answered_at|completed_at|updated_at|sent_at|"
	    "created_at");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "satisfaction in Kustomer without a time");
	v.m->type = "event";
	v.m->direction = score.p == NULL ? "outbound" : "inbound";
	v.m->from = person(&v, related(&v, "customer"));
	w = native_data(n);
	if (score.p != NULL)
		desk_rating(n, w, score,
		    desk_is(text(&v, v.attributes, "scale"), "5") ? "5" : NULL,
		    text(&v, v.attributes,
			"feedback|comment|comments|open_text"));
	else
		write_member(w, "subtype", STR("satisfaction"));
	write_member(w, "via", channel);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "kustomer", e);
}

enum stage_result
kustomer_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct str type, name;

	normalize_begin(n);
	type = desk_text(n, native, "type");
	name = native_value(n, native_beside(n, "name"));
	if (desk_is(type, "message"))
		return message(n, native, false, e);
	if (desk_is(type, "draft"))
		return message(n, native, true, e);
	if (desk_is(type, "note"))
		return note(n, native, e);
	if (desk_is(type, "conversation"))
		return standing(n, native, name, e);
	if (desk_is(type,
		"satisfaction|satisfaction_response|csat|conversation_csat"))
		return satisfaction(n, native, e);
	return native_reject(e,
	    "neither a message, note, draft, conversation nor satisfaction of "
	    "Kustomer");
}
