/*
 * Who is who in a conversation, and contacts, companies and admins as contacts.
 */
#include "source/contact.h"
#include "source/intercom/intercom.h"

enum { AUTHORS_SEEN = 64 }; /* parts in which a contact's name is looked for */

static enum ticket_role
role_of(struct str type)
{
	static const char *const customers[] = { "user", "lead", "contact",
		"visitor", "anonymous", "customer", NULL };
	static const char *const agents[] = { "admin", "team", "teammate",
		NULL };
	static const char *const bots[] = { "bot", "operator", "fin",
		"workflow", NULL };

	return str_is_one_of(type, customers) ? TICKET_CUSTOMER
	       : str_is_one_of(type, agents)  ? TICKET_AGENT
	       : str_is_one_of(type, bots)    ? TICKET_BOT
					      : TICKET_UNKNOWN;
}

static void
read_person(struct intercom *c, struct json v, struct ticket_person *p)
{
	if (json_type(v) != JSON_OBJECT)
		return;
	if (p->id.p == NULL)
		p->id = intercom_str(c, v, "id");
	if (p->address.name.p == NULL)
		p->address.name = intercom_str(c, v, "name");
	if (p->address.email.p == NULL)
		native_email(c->n, &p->address, intercom_str(c, v, "email"));
	if (p->role == TICKET_UNKNOWN)
		p->role = role_of(intercom_str(c, v, "type"));
	if (p->role == TICKET_UNKNOWN)
		p->role = role_of(intercom_str(c, v, "role"));
}

static void
read_row(struct intercom *c, struct ticket_person *p)
{
	if (p->id.p != NULL && json_type(c->rows) == JSON_LIST)
		read_person(c, ticket_by_id(c->n, c->rows, p->id), p);
}

struct ticket_person
intercom_author(struct intercom *c, struct json part, const char *prefix)
{
	struct json author = intercom_get(c, part, "author");
	struct ticket_person p = { 0 };
	bool source = str_is(str_of(prefix), "source");

	if (json_type(author) == JSON_OBJECT) {
		read_person(c, author, &p);
		if (json_true(intercom_get(c, author, "from_ai_agent")))
			p.role = TICKET_BOT;
	} else {
		p.id = intercom_str(
		    c, part, source ? "source_author_id" : "author_id");
		p.role = role_of(intercom_str(
		    c, part, source ? "source_author_type" : "author_type"));
	}
	read_row(c, &p);
	return p;
}

/* The first of a list, which may stand in an object of its own name. */
static struct json
first_of(struct intercom *c, const char *name)
{
	struct json list = intercom_get(c, c->conversation, name);

	if (json_type(list) == JSON_OBJECT)
		list = intercom_get(c, list, name);
	return json_type(list) == JSON_LIST ? json_at(list, 0) : JSON_ABSENT;
}

/* Contacts stand in a conversation by their id; what else is known of them
 * where they wrote. */
static void
complete(struct intercom *c, struct ticket_person *p)
{
	struct json parts = intercom_in(
	    c, c->conversation, "conversation_parts", "conversation_parts");
	struct json_iter it = json_each(parts);
	struct json part;

	for (size_t i = 0;
	     p->id.p != NULL && p->address.name.p == NULL && i < AUTHORS_SEEN &&
	     json_type(parts) == JSON_LIST && json_next(&it, NULL, &part);
	     i++) {
		struct json author = intercom_get(c, part, "author");

		if (str_eq(intercom_str(c, author, "id"), p->id))
			read_person(c, author, p);
	}
}

struct ticket_person
intercom_customer(struct intercom *c)
{
	static const char *const lists[] = { "contacts", "customers", "users",
		NULL };
	struct json source = intercom_get(c, c->conversation, "source");
	struct ticket_person p = { 0 };

	if (json_type(source) != JSON_OBJECT)
		source =
		    intercom_get(c, c->conversation, "conversation_message");
	p = json_type(source) == JSON_OBJECT
		? intercom_author(c, source, "")
		: intercom_author(c, c->conversation, "source");
	if (p.role == TICKET_CUSTOMER)
		return p;
	p = (struct ticket_person){ 0 };
	read_person(c, intercom_get(c, c->conversation, "user"), &p);
	for (size_t i = 0; p.id.p == NULL && lists[i] != NULL; i++)
		read_person(c, first_of(c, lists[i]), &p);
	p.role = TICKET_CUSTOMER;
	complete(c, &p);
	return p;
}

static void
begin_contact(struct intercom *c, struct contact *k, const char *kind)
{
	struct str id;

	contact_begin(k, c->n);
	id = intercom_str(c, c->item, "id");
	k->m->channel = "chat";
	k->m->id_scope = "intercom";
	k->m->id_without_account = true;
	if (id.p != NULL)
		k->m->native_id = ARENA_JOIN(k->a, str_of(kind), STR("/"), id);
	if (intercom_time(c, c->item, "created_at", &k->created) < 0)
		k->created = TIME_NONE;
	if (intercom_time(c, c->item, "updated_at", &k->updated) < 0)
		k->updated = TIME_NONE;
}

static void
add_others(struct intercom *c, struct contact *k, const char *const *names)
{
	for (; *names != NULL; names++) {
		struct str s = intercom_str(c, c->item, *names);

		if (s.p != NULL)
			contact_other(k, str_of(*names), s);
	}
}

static bool
is_out(struct intercom *c)
{
	struct json v = intercom_get(c, c->item, "unsubscribed_from_emails");

	return json_true(v) ||
	       str_eq_nocase(native_value(c->n, v), STR("true"));
}

/* Who wants no more mails of campaigns; since when is not told. */
static enum stage_result
emit_consent(struct intercom *c, struct err *e)
{
	struct ticket t = {
		.service = "intercom", .created = TIME_NONE, .channel = "email"
	};
	struct ticket_part part = { .kind = "consent" };
	struct message *m = ticket_begin(c->n, "event");
	struct writer *w;

	part.id = intercom_str(c, c->item, "id");
	if (part.id.p == NULL)
		return STAGE_OK;
	read_person(c, c->item, &part.author);
	part.author.role = TICKET_CUSTOMER;
	ticket_fill(c->n, &t, &part);
	m->message_id = STR_NONE;
	if (intercom_time(c, c->item, "updated_at", &m->sent) < 0)
		m->sent = TIME_NONE;
	w = native_data(c->n);
	write_member(w, "act", STR("consent"));
	write_member(w, "purpose", STR("marketing"));
	write_member(w, "status", STR("out"));
	write_member(w, "source", STR("unsubscribed_from_emails"));
	return native_data_end(c->n, e) < 0 ? STAGE_REJECT
					    : native_emit(c->n, e);
}

enum stage_result
intercom_contact(struct intercom *c, struct err *e)
{
	static const char *const other[] = { "external_id", "user_id",
		"owner_id", "last_replied_at", "last_contacted_at",
		"last_seen_at", NULL };
	struct json place;
	enum stage_result got;
	struct contact k;
	struct str role;

	begin_contact(c, &k, "contact");
	place = intercom_get(c, c->item, "location");
	k.name = intercom_str(c, c->item, "name");
	(void)contact_email(&k, intercom_str(c, c->item, "email"), true);
	(void)contact_tel(&k, intercom_str(c, c->item, "phone"), true);
	contact_uri(&k, "intercom", intercom_str(c, c->item, "id"));
	k.language = intercom_str(c, c->item, "language_override");
	role = intercom_str(c, c->item, "role");
	if (role.p == NULL)
		role = intercom_str(c, c->item, "type");
	if (role.p != NULL)
		message_add_str(k.m, &k.labels, role);
	k.title = intercom_str(c, c->item, "job_title");
	contact_address(&k, STR(""))->city = intercom_str(c, place, "city");
	contact_address(&k, STR(""))->country =
	    intercom_str(c, place, "country");
	/* Visitors and apps say who they are. */
	k.unverified_email = k.emails.n > 0 && role_of(role) != TICKET_AGENT;
	k.unverified_tel = k.tels.n > 0;
	add_others(c, &k, other);
	got = contact_emit(
	    &k, ARENA_JOIN(k.a, STR("contact/"), json_raw(c->item)), e);
	return got == STAGE_OK && is_out(c) ? emit_consent(c, e) : got;
}

enum stage_result
intercom_company(struct intercom *c, struct err *e)
{
	static const char *const other[] = { "company_id", "industry",
		"website", "size", NULL };
	struct contact k;

	begin_contact(c, &k, "company");
	k.org = intercom_str(c, c->item, "name");
	add_others(c, &k, other);
	return contact_emit(
	    &k, ARENA_JOIN(k.a, STR("company/"), json_raw(c->item)), e);
}
