/*
 * Requesters, contacts, agents and users of chats.
 */
#include "source/contact.h"
#include "source/freshdesk/freshdesk.h"

static struct str
name_of(struct freshdesk *f, struct json v)
{
	struct str name = freshdesk_str(f, v, "name");
	struct str first = freshdesk_str(f, v, "first_name");
	struct str last = freshdesk_str(f, v, "last_name");

	if (name.p != NULL || (first.p == NULL && last.p == NULL))
		return name;
	if (first.p == NULL || last.p == NULL)
		return first.p == NULL ? last : first;
	return ARENA_JOIN(&f->n->message.arena, first, STR(" "), last);
}

void
freshdesk_person(struct freshdesk *f, struct json v, struct ticket_person *p)
{
	static const char *const tels[] = { "mobile", "phone", NULL };
	struct address tel = { 0 };

	if (json_type(v) != JSON_OBJECT)
		return;
	if (p->id.p == NULL)
		p->id = freshdesk_str(f, v, "id");
	if (p->address.name.p == NULL)
		p->address.name = name_of(f, v);
	if (p->address.email.p == NULL)
		native_email(f->n, &p->address, freshdesk_str(f, v, "email"));
	message_phone(&f->n->message, &tel, freshdesk_any(f, v, tels));
	if (p->address.tel.p == NULL)
		p->address.tel = tel.tel;
}

static void
add_emails(struct freshdesk *f, struct contact *k)
{
	struct json list = freshdesk_get(f, f->item, "other_emails"), one;
	struct json_iter it = json_each(list);

	(void)contact_email(k, freshdesk_str(f, f->item, "email"), true);
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one))
		(void)contact_email(k, native_value(f->n, one), false);
}

enum stage_result
freshdesk_contact(struct freshdesk *f, struct err *e)
{
	static const char *const other[] = { "unique_external_id",
		"external_id", "reference_id", "company_id", "customer_id",
		"twitter_id", "time_zone", NULL };
	static const char *const made[] = { "created_at", "created_time",
		NULL };
	static const char *const changed[] = { "updated_at", "updated_time",
		NULL };
	struct contact k;
	struct str id;

	contact_begin(&k, f->n);
	id = freshdesk_str(f, f->item, "id");
	k.m->channel = "ticket";
	k.m->id_scope = "freshdesk";
	k.m->id_without_account = true;
	if (id.p != NULL)
		k.m->native_id = ARENA_JOIN(k.a, STR("contact/"), id);
	if (freshdesk_time(f, f->item, made, &k.created) < 0)
		k.created = TIME_NONE;
	if (freshdesk_time(f, f->item, changed, &k.updated) < 0)
		k.updated = TIME_NONE;
	k.name = name_of(f, f->item);
	add_emails(f, &k);
	(void)contact_tel(&k, freshdesk_str(f, f->item, "mobile"), true);
	(void)contact_tel(&k, freshdesk_str(f, f->item, "phone"), false);
	contact_uri(&k, "freshdesk", id);
	k.title = freshdesk_str(f, f->item, "job_title");
	k.language = freshdesk_str(f, f->item, "language");
	k.note = freshdesk_str(f, f->item, "description");
	if (freshdesk_true(f, f->item, "helpdesk_agent"))
		message_add_str(k.m, &k.labels, STR("agent"));
	for (size_t i = 0; other[i] != NULL; i++) {
		struct str s = freshdesk_str(f, f->item, other[i]);

		if (s.p != NULL)
			contact_other(&k, str_of(other[i]), s);
	}
	return contact_emit(
	    &k, ARENA_JOIN(k.a, STR("contact/"), json_raw(f->item)), e);
}
