/*
 * Who is who: users loaded at the side of a list, objects in a ticket's place
 * of an id, and users as contacts.
 */
#include "source/contact.h"
#include "source/zendesk/zendesk.h"

enum { COMMENTS_SEEN = 64 }; /* to tell who is an agent */

static enum ticket_role
role_of(struct str role)
{
	static const char *const customers[] = { "end-user", "end_user",
		"End-user", "END_USER", "enduser", NULL };
	static const char *const agents[] = { "agent", "admin", "owner",
		"light_agent", "Agent", "Admin", "custom", "legacy agent",
		NULL };

	return str_is_one_of(role, customers) ? TICKET_CUSTOMER
	       : str_is_one_of(role, agents)  ? TICKET_AGENT
					      : TICKET_UNKNOWN;
}

static void
read_person(struct zendesk *z, struct json v, struct ticket_person *p)
{
	if (json_type(v) != JSON_OBJECT)
		return;
	if (p->address.name.p == NULL)
		p->address.name = zendesk_str(z, v, "name");
	native_email(z->n, &p->address, zendesk_str(z, v, "email"));
	message_phone(&z->n->message, &p->address, zendesk_str(z, v, "phone"));
	/* What is no number is nothing that a person is known by. */
	p->address.uri = STR_NONE;
	if (p->role == TICKET_UNKNOWN)
		p->role = role_of(zendesk_str(z, v, "role"));
}

/* The ticket's own objects, in the account's export. */
static struct json
in_ticket(struct zendesk *z, struct str id)
{
	static const char *const names[] = { "requester", "submitter",
		"assignee", NULL };
	struct json found;

	for (size_t i = 0; names[i] != NULL; i++) {
		found = zendesk_get(z, z->ticket, names[i]);
		if (json_type(found) == JSON_OBJECT &&
		    str_eq(zendesk_str(z, found, "id"), id))
			return found;
	}
	found =
	    ticket_by_id(z->n, zendesk_get(z, z->ticket, "collaborator"), id);
	if (json_type(found) != JSON_OBJECT)
		found = ticket_by_id(
		    z->n, zendesk_get(z, z->ticket, "collaborators"), id);
	return found;
}

/* Customers do not write what is not public. */
static bool
wrote_note(struct zendesk *z, struct str id)
{
	struct json list = zendesk_get(z, z->item, "comments"), one;
	struct json_iter it = json_each(list);

	for (size_t i = 0; i < COMMENTS_SEEN && json_type(list) == JSON_LIST &&
			   json_next(&it, NULL, &one);
	     i++)
		if (zendesk_false(z, one, "public") &&
		    json_is(zendesk_get(z, one, "type"), "Comment") &&
		    str_eq(zendesk_str(z, one, "author_id"), id))
			return true;
	return false;
}

/* Who asked is a customer; what is below zero is Zendesk itself; and who has
 * the ticket, or made it for somebody else, is an agent. */
static enum ticket_role
role_by_ticket(struct zendesk *z, struct str id)
{
	struct str asks = zendesk_str(z, z->ticket, "requester_id");

	if (asks.p == NULL)
		asks = zendesk_str(
		    z, zendesk_get(z, z->ticket, "requester"), "id");
	if (str_starts(id, STR("-")))
		return TICKET_BOT;
	if (str_eq(id, asks))
		return TICKET_CUSTOMER;
	return str_eq(id, zendesk_str(z, z->ticket, "assignee_id")) ||
		       (asks.p != NULL && str_eq(id, zendesk_str(z, z->ticket,
							 "submitter_id"))) ||
		       wrote_note(z, id)
		   ? TICKET_AGENT
		   : TICKET_UNKNOWN;
}

struct ticket_person
zendesk_person(struct zendesk *z, struct str id, struct json beside)
{
	struct ticket_person p = { .id = id };

	if (p.id.p == NULL)
		p.id = zendesk_str(z, beside, "id");
	read_person(z, ticket_by_id(z->n, z->users, p.id), &p);
	read_person(z, beside, &p);
	if (p.id.p != NULL && json_type(z->ticket) == JSON_OBJECT)
		read_person(z, in_ticket(z, p.id), &p);
	if (p.role == TICKET_UNKNOWN && p.id.p != NULL)
		p.role = role_by_ticket(z, p.id);
	return p;
}

static void
begin_contact(struct zendesk *z, struct contact *k, const char *kind)
{
	struct str id;

	contact_begin(k, z->n);
	id = zendesk_str(z, z->item, "id");
	k->m->channel = "ticket";
	k->m->id_scope = "zendesk";
	k->m->id_without_account = true;
	if (id.p != NULL)
		k->m->native_id = ARENA_JOIN(k->a, str_of(kind), STR("/"), id);
	k->note = zendesk_str(z, z->item, "notes");
	if (zendesk_time(
		z, zendesk_get(z, z->item, "created_at"), &k->created) < 0)
		k->created = TIME_NONE;
	if (zendesk_time(
		z, zendesk_get(z, z->item, "updated_at"), &k->updated) < 0)
		k->updated = TIME_NONE;
}

static void
add_others(struct zendesk *z, struct contact *k, const char *const *names)
{
	for (; *names != NULL; names++) {
		struct str s = zendesk_str(z, z->item, *names);

		if (s.p != NULL)
			contact_other(k, str_of(*names), s);
	}
}

enum stage_result
zendesk_user(struct zendesk *z, struct err *e)
{
	static const char *const other[] = { "external_id", "organization_id",
		"details", "time_zone", "alias", NULL };
	struct contact k;
	struct str role;

	begin_contact(z, &k, "user");
	k.name = zendesk_str(z, z->item, "name");
	(void)contact_email(&k, zendesk_str(z, z->item, "email"), true);
	(void)contact_tel(&k, zendesk_str(z, z->item, "phone"), true);
	contact_uri(&k, "zendesk", zendesk_str(z, z->item, "id"));
	k.language = zendesk_str(z, z->item, "locale");
	k.unverified_email = zendesk_false(z, z->item, "verified");
	/* Nobody calls a number back that a user typed. */
	k.unverified_tel = k.tels.n > 0;
	role = zendesk_str(z, z->item, "role");
	if (role.p != NULL)
		message_add_str(k.m, &k.labels, role);
	add_others(z, &k, other);
	return contact_emit(
	    &k, ARENA_JOIN(k.a, STR("user/"), json_raw(z->item)), e);
}

enum stage_result
zendesk_organization(struct zendesk *z, struct err *e)
{
	static const char *const other[] = { "external_id", "details", NULL };
	struct contact k;
	struct json_iter it;
	struct json domain;

	begin_contact(z, &k, "organization");
	k.org = zendesk_str(z, z->item, "name");
	it = json_each(zendesk_get(z, z->item, "domain_names"));
	while (json_next(&it, NULL, &domain))
		contact_other(&k, STR("domain"), native_value(z->n, domain));
	add_others(z, &k, other);
	return contact_emit(
	    &k, ARENA_JOIN(k.a, STR("organization/"), json_raw(z->item)), e);
}
