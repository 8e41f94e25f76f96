/*
 * A ticket, its conversations (notes, in the account's export), and what its
 * requester thought of it.
 */
#include "source/freshdesk/freshdesk.h"

#include <stdlib.h>

/* Between a ticket and the part of a chat that opened it. */
#define OPENS_WITHIN (600 * TIME_SECOND)

static const char *const made[] = { "created_at", "created_time", NULL };
static const char *const bodies[] = { "body_text", "description_text", NULL };
static const char *const html_bodies[] = { "body", "body_html", "description",
	"description_html", NULL };

/* By the number or name of a source; what agents type in has no channel but the
 * ticket. */
static const char *
channel_of_source(struct str source)
{
	static const struct {
		const char *source, *channel;
	} channels[] = {
		{ "1", "email" },
		{ "2", "form" },
		{ "5", "x" },
		{ "6", "messenger" },
		{ "7", "chat" },
		{ "9", "form" },
		{ "10", "email" },
		{ "13", "whatsapp" },
		{ "15", "chat" },
		{ "email", "email" },
		{ "portal", "form" },
		{ "twitter", "x" },
		{ "facebook", "messenger" },
		{ "chat", "chat" },
		{ "feedback widget", "form" },
		{ "outbound email", "email" },
		{ "whatsapp", "whatsapp" },
	};

	for (size_t i = 0; i < sizeof(channels) / sizeof(*channels); i++)
		if (str_eq_nocase(source, str_of(channels[i].source)))
			return channels[i].channel;
	return "ticket";
}

static const char *
channel_of(struct freshdesk *f)
{
	static const char *const names[] = { "source", "source_name", NULL };

	return channel_of_source(freshdesk_any(f, f->ticket, names));
}

/* The number that people see, which the API has as the id. */
static struct str
ticket_number(struct freshdesk *f)
{
	static const char *const ids[] = { "display_id", "id", NULL };

	return freshdesk_any(f, f->ticket, ids);
}

static struct message *
begin(struct freshdesk *f, const char *type, struct json part, struct ticket *t)
{
	static const char *const names[] = { "requester_name", NULL };
	struct message *m = ticket_begin(f->n, type);

	*t = (struct ticket){ .service = "freshdesk", .created = TIME_NONE };
	t->channel = channel_of(f);
	t->id = ticket_number(f);
	if (t->id.p == NULL)
		t->id = freshdesk_str(f, part, "ticket_id");
	t->subject = freshdesk_str(f, f->ticket, "subject");
	(void)freshdesk_time(f, f->ticket, made, &t->created);
	t->customer.id = freshdesk_str(f, f->ticket, "requester_id");
	t->customer.role = TICKET_CUSTOMER;
	freshdesk_person(
	    f, freshdesk_get(f, f->ticket, "requester"), &t->customer);
	if (t->customer.address.name.p == NULL)
		t->customer.address.name = freshdesk_any(f, f->ticket, names);
	if (t->customer.address.email.p == NULL)
		native_email(f->n, &t->customer.address,
		    freshdesk_str(f, f->ticket, "email"));
	if (str_is(str_of(t->channel), "whatsapp"))
		t->customer.address.tel = STR_NONE;
	native_email(
	    f->n, &t->ours, freshdesk_str(f, f->ticket, "support_email"));
	if (t->ours.email.p == NULL)
		native_email(
		    f->n, &t->ours, freshdesk_str(f, f->ticket, "to_email"));
	return m;
}

static int
read_words(struct freshdesk *f, struct json from, struct err *e)
{
	struct str text = freshdesk_any(f, from, bodies);

	if (text.p == NULL &&
	    native_html(f->n, freshdesk_any(f, from, html_bodies), &text, e) <
		0)
		return -1;
	f->n->message.text = ticket_text(f->n, text);
	return 0;
}

static void
read_list(struct freshdesk *f, struct json list, struct address_list *to)
{
	struct json_iter it = json_each(list);
	struct json one;

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		struct address a = { 0 };

		native_email(f->n, &a, native_value(f->n, one));
		if (a.email.p != NULL)
			message_add_address(&f->n->message, to, a);
	}
}

static void
mark(struct freshdesk *f, struct json part)
{
	struct message *m = &f->n->message;

	if (freshdesk_true(f, f->ticket, "spam"))
		message_keyword(m, "junk");
	if (freshdesk_true(f, f->ticket, "deleted") ||
	    freshdesk_true(f, part, "deleted"))
		message_keyword(m, "deleted");
}

/* What agents write first: an outbound mail. */
static bool
is_ours(struct freshdesk *f)
{
	struct str source = freshdesk_str(f, f->ticket, "source");

	return str_is(source, "10") ||
	       str_eq_nocase(freshdesk_str(f, f->ticket, "source_name"),
		   STR("outbound email"));
}

static int
write_ticket(struct freshdesk *f, struct err *e)
{
	static const char *const members[] = { "status", "status_name",
		"priority", "priority_name", "type", "tags", "source",
		"source_name", "group_id", "company_id", "responder_id",
		"responder_name", NULL };
	static const char *const names[] = { "status", "statusName", "priority",
		"priorityName", "ticketType", "tags", "via", "viaName", "group",
		"company", "assignee", "assigneeName", NULL };
	struct writer *w = native_data(f->n);

	for (size_t i = 0; members[i] != NULL; i++)
		native_data_raw(
		    w, names[i], freshdesk_get(f, f->ticket, members[i]));
	return native_data_end(f->n, e);
}

static enum stage_result
emit_opening(struct freshdesk *f, struct err *e)
{
	struct ticket_part part = {
		.kind = "conversation", .opens = true, .placed = true
	};
	struct message *m;
	struct ticket t;

	m = begin(f, "message", JSON_ABSENT, &t);
	if (freshdesk_time(f, f->ticket, made, &m->sent) < 0)
		return native_reject(e, "a ticket of Freshdesk without the "
					"time it was created");
	part.author = t.customer;
	if (is_ours(f))
		part.author = (struct ticket_person){ .role = TICKET_AGENT,
			.id = freshdesk_str(f, f->ticket, "responder_id") };
	ticket_fill(f->n, &t, &part);
	if (t.id.p == NULL)
		m->native_id = json_raw(f->ticket);
	if (m->to.n == 0)
		read_list(f, freshdesk_get(f, f->ticket, "to_emails"), &m->to);
	read_list(f, freshdesk_get(f, f->ticket, "cc_emails"), &m->cc);
	if (read_words(f, f->ticket, e) < 0)
		return STAGE_REJECT;
	ticket_attach(f->n, f->how, freshdesk_get(f, f->ticket, "attachments"));
	mark(f, JSON_ABSENT);
	return write_ticket(f, e) < 0 ? STAGE_REJECT : native_emit(f->n, e);
}

/* A chat's ticket repeats what opened it, maybe with a title before it. */
static bool
opens(struct freshdesk *f, struct json part)
{
	struct str words = freshdesk_any(f, f->ticket, bodies);
	struct str said = freshdesk_any(f, part, bodies);
	int64_t t, at;

	if (words.n == 0 || said.n == 0 ||
	    !freshdesk_true(f, part, "incoming") ||
	    freshdesk_time(f, f->ticket, made, &t) < 0 ||
	    freshdesk_time(f, part, made, &at) < 0 ||
	    llabs(at - t) > OPENS_WITHIN)
		return false;
	return str_eq(words, said) ||
	       (str_is(str_of(channel_of(f)), "chat") && str_ends(words, said));
}

static struct ticket_person
author_of(struct freshdesk *f, struct json from, const struct ticket *t)
{
	struct ticket_person p = { .id = freshdesk_str(f, from, "user_id") };
	bool incoming = freshdesk_true(f, from, "incoming");

	if (incoming && (p.id.p == NULL || str_eq(p.id, t->customer.id)))
		return t->customer;
	p.role = incoming         ? TICKET_CUSTOMER
		 : p.id.p == NULL ? TICKET_BOT
				  : TICKET_AGENT;
	freshdesk_person(f, freshdesk_get(f, from, "user"), &p);
	native_email(f->n, &p.address, freshdesk_str(f, from, "from_email"));
	/* Nobody's id, but an address of ours: a rule or an agent. */
	if (p.role == TICKET_BOT && p.address.email.p != NULL)
		p.role = TICKET_AGENT;
	return p;
}

static void
read_recipients(struct freshdesk *f, struct json from, bool note)
{
	struct message *m = &f->n->message;
	struct address_list to = { 0 };

	read_list(f, freshdesk_get(f, from, "to_emails"), &to);
	/* The requester's id stands beside their address. */
	if (to.n > 0 && m->to.n > 0 && to.v[0].email.p != NULL &&
	    m->to.v[0].email.p != NULL &&
	    str_eq_nocase(to.v[0].email, m->to.v[0].email))
		to.v[0] = m->to.v[0];
	if (to.n > 0 && !note)
		m->to = to;
	if (!note)
		read_list(f, freshdesk_get(f, from, "cc_emails"), &m->cc);
}

enum stage_result
freshdesk_conversation(struct freshdesk *f, struct json from, struct err *e)
{
	struct ticket_part part = { .kind = "conversation", .placed = true };
	struct message *m;
	struct writer *w;
	struct ticket t;

	m = begin(f, "message", from, &t);
	if (freshdesk_time(f, from, made, &m->sent) < 0)
		return native_reject(e, "a conversation of Freshdesk without "
					"the time of it");
	part.id = freshdesk_str(f, from, "id");
	part.opens = opens(f, from);
	part.note = freshdesk_true(f, from, "private");
	part.author = author_of(f, from, &t);
	ticket_fill(f->n, &t, &part);
	if (part.id.p == NULL && !part.opens)
		m->native_id = json_raw(from);
	read_recipients(f, from, part.note);
	if (read_words(f, from, e) < 0)
		return STAGE_REJECT;
	ticket_attach(f->n, f->how, freshdesk_get(f, from, "attachments"));
	mark(f, from);
	if (part.opens)
		return write_ticket(f, e) < 0 ? STAGE_REJECT
					      : native_emit(f->n, e);
	w = native_data(f->n);
	native_data_raw(w, "via", freshdesk_get(f, from, "source"));
	native_data_raw(w, "category", freshdesk_get(f, from, "category"));
	return native_data_end(f->n, e) < 0 ? STAGE_REJECT
					    : native_emit(f->n, e);
}

/* Conversations in the ticket or beside it; notes in the account's export. */
static struct json
parts_of(struct freshdesk *f)
{
	static const char *const lists[] = { "conversations", "notes",
		"helpdesk_notes", NULL };

	for (size_t i = 0; lists[i] != NULL; i++) {
		struct json list = freshdesk_get(f, f->ticket, lists[i]);

		if (json_type(list) != JSON_LIST)
			list = freshdesk_get(f, f->around, lists[i]);
		if (json_type(list) == JSON_LIST)
			return list;
	}
	return JSON_ABSENT;
}

enum stage_result
freshdesk_ticket(struct freshdesk *f, struct err *e)
{
	static const char *const wrappers[] = { "helpdesk_note", "note",
		"conversation", NULL };
	struct json parts = parts_of(f), part;
	struct json_iter it = json_each(parts);
	enum stage_result got = STAGE_OK;
	bool opened = false;
	size_t number = 0;

	while (json_type(parts) == JSON_LIST && json_next(&it, NULL, &part))
		opened |= opens(f, freshdesk_unwrap(f, part, wrappers));
	if (!opened)
		got = emit_opening(f, e);
	/* What opened it costs itself, where more is said. */
	if (json_count(parts) > 0)
		got = native_part(f->n, got, "description", 0, f->item, e);
	if (got != STAGE_OK)
		return got;
	it = json_each(parts);
	while (json_type(parts) == JSON_LIST && json_next(&it, NULL, &part)) {
		part = freshdesk_unwrap(f, part, wrappers);
		got = json_type(part) == JSON_OBJECT
			  ? freshdesk_conversation(f, part, e)
			  : native_reject(e, "no conversation of Freshdesk");
		got =
		    native_part(f->n, got, "conversations", ++number, part, e);
		if (got != STAGE_OK)
			return got;
	}
	return STAGE_OK;
}

/* 103, 102, 101 are happy, 100 neither, -101 ... -103 unhappy: of 7; of the old
 * survey 1 happy, 2 neither, 3 not: of 3. */
static int
score_of(int64_t v, int *of)
{
	*of = v >= 1 && v <= 3 ? 3 : 7;
	if (*of == 3)
		return (int)(4 - v);
	return v >= 100 && v <= 103     ? (int)(v - 96)
	       : v <= -101 && v >= -103 ? (int)(v + 104)
					: 0;
}

enum stage_result
freshdesk_rating(struct freshdesk *f, struct err *e)
{
	static const char *const agents[] = { "agent_id", "responder_id",
		NULL };
	struct json ratings = freshdesk_get(f, f->item, "ratings");
	struct ticket_rating r = { 0 };
	struct ticket t;
	struct str score;
	int64_t v;

	(void)begin(f, "event", f->item, &t);
	score = json_type(ratings) == JSON_OBJECT
		    ? freshdesk_str(f, ratings, "default_question")
		    : freshdesk_str(f, f->item, "rating");
	if (score.p == NULL || str_to_int(score, &v) < 0)
		return native_reject(e, "a rating of Freshdesk without one");
	r.score = score_of(v, &r.of);
	if (r.score == 0)
		return native_reject(e, "a rating that Freshdesk has not");
	r.id = freshdesk_str(f, f->item, "id");
	r.comment = ticket_text(f->n, freshdesk_str(f, f->item, "feedback"));
	r.agent = freshdesk_any(f, f->item, agents);
	if (t.customer.id.p == NULL)
		t.customer.id = freshdesk_str(f, f->item, "user_id");
	if (freshdesk_time(f, f->item, made, &r.at) < 0)
		r.at = TIME_NONE;
	return ticket_rate(f->n, &t, &r, e);
}

/* A row of the table that agents export: who asked for what, and when. */
enum stage_result
freshdesk_listed(struct freshdesk *f, struct err *e)
{
	struct ticket t = { .service = "freshdesk" };
	struct ticket_part part = {
		.kind = "conversation", .opens = true, .placed = true
	};
	struct message *m = ticket_begin(f->n, "message");
	struct json row = f->item;
	struct writer *w;

	f->how = TICKET_SNAKE;
	if (native_time(f->n, json_get(row, "Created time"), &m->sent) < 0)
		return native_reject(
		    e, "a ticket of Freshdesk whose time is none");
	t.created = m->sent;
	t.id = native_text(f->n, row, "Ticket ID");
	t.subject = native_text(f->n, row, "Subject");
	t.customer = (struct ticket_person){ .role = TICKET_CUSTOMER,
		.id = native_text(f->n, row, "Contact ID") };
	t.customer.address.name = native_text(f->n, row, "Full name");
	if (t.customer.address.name.p == NULL)
		t.customer.address.name = native_text(f->n, row, "Full Name");
	native_email(
	    f->n, &t.customer.address, native_text(f->n, row, "Email"));
	f->ticket = JSON_ABSENT;
	t.channel = channel_of_source(native_text(f->n, row, "Source"));
	part.author = t.customer;
	ticket_fill(f->n, &t, &part);
	w = native_data(f->n);
	native_data_raw(w, "via", json_get(row, "Source"));
	native_data_raw(w, "status", json_get(row, "Status"));
	native_data_raw(w, "priority", json_get(row, "Priority"));
	native_data_raw(w, "ticketType", json_get(row, "Type"));
	native_data_raw(w, "tags", json_get(row, "Tags"));
	native_data_raw(w, "group", json_get(row, "Group"));
	native_data_raw(w, "assignee", json_get(row, "Agent"));
	native_data_raw(w, "survey", json_get(row, "Survey results"));
	return native_data_end(f->n, e) < 0 ? STAGE_REJECT
					    : native_emit(f->n, e);
}
