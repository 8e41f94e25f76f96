/*
 * A conversation: the words that opened it, its parts, and how it was liked.
 */
#include "source/intercom/intercom.h"

static const char *
channel_of(struct intercom *c)
{
	static const struct {
		const char *type, *channel;
	} channels[] = {
		{ "email", "email" },
		{ "push", "push" },
		{ "facebook", "messenger" },
		{ "messenger_facebook", "messenger" },
		{ "instagram", "instagram" },
		{ "twitter", "x" },
		{ "sms", "sms" },
		{ "whatsapp", "whatsapp" },
		{ "phone_call", "voice" },
		{ "phone_switch", "voice" },
		{ "slack", "slack" },
	};
	struct str type = intercom_str_in(c, c->conversation, "source", "type");

	for (size_t i = 0; i < sizeof(channels) / sizeof(*channels); i++)
		if (str_is(type, channels[i].type))
			return channels[i].channel;
	return "chat";
}

/* A subject is written in HTML, too. */
static struct str
subject_of(struct intercom *c, struct err *e)
{
	struct json ticket =
	    intercom_get(c, c->conversation, "ticket_attributes");
	struct str s = intercom_str_in(c, c->conversation, "source", "subject");

	if (s.p == NULL)
		s = intercom_str_in(
		    c, c->conversation, "conversation_message", "subject");
	if (s.p == NULL)
		s = native_text(c->n, ticket, "_default_title_");
	if (s.p == NULL)
		s = intercom_str(c, c->conversation, "title");
	if (s.p == NULL || native_html(c->n, s, &s, e) < 0 || s.n == 0)
		return STR_NONE;
	return s;
}

static struct message *
begin(struct intercom *c, const char *type, struct json part, struct ticket *t,
    struct err *e)
{
	struct message *m = ticket_begin(c->n, type);

	*t = (struct ticket){ .service = "intercom", .created = TIME_NONE };
	t->channel = channel_of(c);
	t->id = intercom_str(c, c->conversation, "id");
	if (t->id.p == NULL)
		t->id = intercom_str(c, part, "conversation_id");
	t->customer = intercom_customer(c);
	t->subject = subject_of(c, e);
	return m;
}

static int
read_body(struct intercom *c, struct str body, struct err *e)
{
	struct str text = body;

	if (native_html(c->n, body, &text, e) < 0)
		return -1;
	c->n->message.text = ticket_text(c->n, text);
	return 0;
}

static bool
is_machine(struct str delivered)
{
	static const char *const machines[] = { "automated",
		"campaigns_initiated", "operator_initiated", NULL };

	return str_is_one_of(delivered, machines);
}

static void
write_conversation(struct intercom *c, struct writer *w)
{
	struct json v = c->conversation;

	write_member(w, "via", intercom_str_in(c, v, "source", "type"));
	write_member(
	    w, "deliveredAs", intercom_str_in(c, v, "source", "delivered_as"));
	native_data_raw(w, "url", intercom_in(c, v, "source", "url"));
	native_data_raw(w, "status", intercom_get(c, v, "state"));
	native_data_raw(w, "priority", intercom_get(c, v, "priority"));
	native_data_raw(w, "assignee", intercom_get(c, v, "admin_assignee_id"));
	native_data_raw(w, "team", intercom_get(c, v, "team_assignee_id"));
}

/* What the conversation began with. */
static struct json
source_of(struct intercom *c)
{
	struct json source = intercom_get(c, c->conversation, "source");

	if (json_type(source) != JSON_OBJECT)
		source =
		    intercom_get(c, c->conversation, "conversation_message");
	return source;
}

static struct str
opening_words(struct intercom *c)
{
	struct json source = source_of(c);
	struct str body = json_type(source) == JSON_OBJECT
			      ? intercom_str(c, source, "body")
			      : intercom_str(c, c->conversation, "source_body");

	if (body.p == NULL)
		body = native_text(c->n,
		    intercom_get(c, c->conversation, "ticket_attributes"),
		    "_default_description_");
	return body;
}

static bool
has_source(struct intercom *c)
{
	return json_type(source_of(c)) == JSON_OBJECT ||
	       json_type(intercom_get(c, c->conversation, "source_id")) >
		   JSON_NULL ||
	       json_type(intercom_get(
		   c, c->conversation, "ticket_attributes")) == JSON_OBJECT;
}

enum stage_result
intercom_source(struct intercom *c, struct err *e)
{
	struct ticket_part part = {
		.kind = "part", .opens = true, .placed = true
	};
	struct json source;
	struct message *m;
	struct writer *w;
	struct ticket t;

	m = begin(c, "message", JSON_ABSENT, &t, e);
	if (intercom_time(c, c->conversation, "created_at", &m->sent) < 0)
		return native_reject(e, "a conversation of Intercom without "
					"the time it was created");
	source = source_of(c);
	part.id = intercom_str_in(c, c->conversation, "source", "id");
	if (part.id.p == NULL)
		part.id = intercom_str(c, source, "id");
	part.author = json_type(source) == JSON_OBJECT
			  ? intercom_author(c, source, "")
			  : intercom_author(c, c->conversation, "source");
	if (part.author.id.p == NULL && part.author.role == TICKET_UNKNOWN)
		part.author = t.customer;
	ticket_fill(c->n, &t, &part);
	if (t.id.p == NULL)
		m->native_id = json_raw(c->conversation);
	if (read_body(c, opening_words(c), e) < 0)
		return STAGE_REJECT;
	ticket_attach(c->n, c->how, intercom_get(c, source, "attachments"));
	if (str_is(str_of(t.channel), "voice"))
		m->type = "call";
	else if (m->text.p == NULL && m->attachments.n == 0)
		m->type = "event";
	if (is_machine(
		intercom_str_in(c, c->conversation, "source", "delivered_as")))
		message_keyword(m, "automatic");
	if (json_true(intercom_get(c, source, "redacted")))
		message_keyword(m, "deleted");
	w = native_data(c->n);
	if (m->type[0] == 'e')
		write_member(w, "subtype", STR("opened"));
	write_conversation(c, w);
	return native_data_end(c->n, e) < 0 ? STAGE_REJECT
					    : native_emit(c->n, e);
}

/* Assignments may bear words for who gets it. */
static bool
is_note(struct str type)
{
	static const char *const notes[] = { "note", "note_and_reopen",
		"note_and_close", "assignment", "away_mode_assignment",
		"default_assignment", "assign_and_reopen",
		"assign_and_unsnooze", NULL };

	return str_is_one_of(type, notes);
}

static int
write_part(struct intercom *c, struct json part, struct str type, bool says,
    struct err *e)
{
	static const char *const times[] = { "edited_at", NULL };
	struct writer *w = native_data(c->n);
	struct json to = intercom_get(c, part, "assigned_to");
	int64_t t;

	if (!says)
		write_member(w, "subtype", type);
	if (intercom_time(c, part, times[0], &t) == 0)
		write_member_time(w, "editedAt", t);
	write_member(
	    w, "via", intercom_str_in(c, c->conversation, "source", "type"));
	native_data_raw(w, "assignedTo",
	    json_type(to) == JSON_OBJECT
		? intercom_get(c, to, "id")
		: intercom_get(c, part, "assigned_to_id"));
	native_data_raw(w, "state", intercom_get(c, part, "state"));
	native_data_raw(w, "tags", intercom_in(c, part, "tags", "tags"));
	return native_data_end(c->n, e);
}

enum stage_result
intercom_part(struct intercom *c, struct json from, struct err *e)
{
	struct ticket_part part = { .kind = "part", .placed = true };
	struct message *m;
	struct ticket t;
	struct str type;
	bool says;

	m = begin(c, "message", from, &t, e);
	if (intercom_time(c, from, "created_at", &m->sent) < 0)
		return native_reject(
		    e, "a part of a conversation without the time of it");
	type = intercom_str(c, from, "part_type");
	part.id = intercom_str(c, from, "id");
	part.author = intercom_author(c, from, "");
	if (read_body(c, intercom_str(c, from, "body"), e) < 0)
		return STAGE_REJECT;
	ticket_attach(c->n, c->how, intercom_get(c, from, "attachments"));
	says = m->text.p != NULL || m->attachments.n > 0;
	part.note = says && is_note(type);
	if (!says) {
		m->type = "event";
		part.author.role = TICKET_SYSTEM;
	}
	ticket_fill(c->n, &t, &part);
	if (part.id.p == NULL)
		m->native_id = json_raw(from);
	if (json_true(intercom_get(c, from, "redacted")))
		message_keyword(m, "deleted");
	return write_part(c, from, type, says, e) < 0 ? STAGE_REJECT
						      : native_emit(c->n, e);
}

/* {"rating":5,"remark":"...","created_at":1,"teammate":{"id":2}}, or columns
 * that begin with conversation_rating. */
enum stage_result
intercom_rating(struct intercom *c, struct json rating, struct err *e)
{
	bool row = json_type(rating) != JSON_OBJECT;
	struct json from = row ? c->conversation : rating;
	struct ticket_rating r = { .of = 5 };
	struct ticket t;
	struct str score;
	int64_t n;

	(void)begin(c, "event", rating, &t, e);
	score =
	    intercom_str(c, from, row ? "conversation_rating_value" : "rating");
	if (score.p == NULL || str_to_int(score, &n) < 0 || n < 1 || n > 5)
		return STAGE_OK;
	r.score = (int)n;
	r.comment = ticket_text(
	    c->n, intercom_str(
		      c, from, row ? "conversation_rating_remark" : "remark"));
	r.agent = intercom_str(c, intercom_get(c, rating, "teammate"), "id");
	if (intercom_time(c, from,
		row ? "conversation_rating_created_at" : "created_at",
		&r.at) < 0)
		r.at = TIME_NONE;
	return ticket_rate(c->n, &t, &r, e);
}

/* Parts in an object of their own, or not. */
static struct json
parts_of(struct intercom *c)
{
	static const char *const names[] = { "conversation_parts",
		"ticket_parts", NULL };

	for (size_t i = 0; names[i] != NULL; i++) {
		struct json list = intercom_get(c, c->conversation, names[i]);

		if (json_type(list) == JSON_OBJECT)
			list = intercom_get(c, list, names[i]);
		if (json_type(list) == JSON_LIST)
			return list;
	}
	return JSON_ABSENT;
}

enum stage_result
intercom_conversation(struct intercom *c, struct err *e)
{
	struct json parts = parts_of(c), part;
	struct json_iter it = json_each(parts);
	enum stage_result got =
	    has_source(c) ? intercom_source(c, e) : STAGE_OK;
	size_t number = 0;

	/* What opened it costs itself, where more is said. */
	if (json_count(parts) > 0)
		got = native_part(c->n, got, "source", 0,
		    intercom_get(c, c->conversation, "source"), e);
	if (got != STAGE_OK)
		return got;
	while (json_type(parts) == JSON_LIST && json_next(&it, NULL, &part)) {
		got = json_type(part) == JSON_OBJECT
			  ? intercom_part(c, part, e)
			  : native_reject(e, "no part of a conversation");
		got = native_part(
		    c->n, got, "conversation_parts", ++number, part, e);
		if (got != STAGE_OK)
			return got;
	}
	return intercom_rating(
	    c, intercom_get(c, c->conversation, "conversation_rating"), e);
}
