/*
 * People and companies by what their members are called, as tables of people
 * are read.
 */
#include "source/contacts_csv/row.h"
#include "source/crm/crm.h"
#include "source/native.h"

static struct crm_object
object_of(struct normalize *n, struct json native)
{
	struct crm_object o = { .n = n, .v = native };
	struct json type = json_get(json_get(native, "attributes"), "type");

	if (json_type(json_get(native, "properties")) == JSON_OBJECT) {
		o.service = CRM_HUBSPOT;
		o.v = json_get(native, "properties");
	} else if (json_type(type) == JSON_STRING ||
		   json_type(json_get(native, "IsDeleted")) != JSON_NONE ||
		   json_type(json_get(native, "Id")) != JSON_NONE) {
		o.service = CRM_SALESFORCE;
	} else {
		o.service = CRM_ZOHO;
	}
	spelling_read(&crm_names, native, o.f);
	if (o.service == CRM_HUBSPOT)
		spelling_read(&crm_names, o.v, o.f);
	o.id = native_value(n, o.f[CRM_ID]);
	if (o.id.n == 0)
		o.id = native_text(n, native, "vid");
	return o;
}

/* What says whose it is, or of the record itself, is nothing of the person. */
static bool
is_skipped(struct json key)
{
	return json_is(key, "attributes") || json_is(key, "$editable") ||
	       json_is(key, "$approval") || json_is(key, "Owner") ||
	       json_is(key, "Created_By") || json_is(key, "Modified_By") ||
	       json_is(key, "Layout");
}

static enum stage_result
person(struct crm_object *o, struct json native, struct err *e)
{
	struct json_iter it = json_each(o->v);
	struct contact_row r;
	struct json key, value;

	contact_row_begin(&r, o->n);
	while (json_next(&it, &key, &value))
		if (!is_skipped(key))
			contact_row_hint(&r, key, crm_text(o->n, value));
	contact_uri(&r.c, crm_service_name(o->service), o->id);
	it = json_each(o->v);
	while (json_next(&it, &key, &value))
		if (!is_skipped(key))
			contact_row_cell(&r, key, crm_text(o->n, value));
	if (o->service == CRM_HUBSPOT && r.c.updated == TIME_NONE &&
	    native_time(o->n, json_get(native, "updatedAt"), &r.c.updated) < 0)
		r.c.updated = TIME_NONE;
	if (r.c.updated == TIME_NONE &&
	    native_time_text(o->n,
		crm_text(o->n, json_get(o->v, "lastmodifieddate")),
		&r.c.updated) < 0)
		r.c.updated = TIME_NONE;
	if (r.c.created == TIME_NONE &&
	    native_time(o->n, o->f[CRM_CREATED], &r.c.created) < 0)
		r.c.created = TIME_NONE;
	if (r.c.org.n == 0)
		r.c.org = crm_text(o->n, json_get(o->v, "Account"));
	return contact_row_end(&r, native_content(o->n, native), e);
}

/* Deals, tasks, campaigns. */
static bool
is_foreign(const struct crm_object *o, struct json native)
{
	static const char *const people[] = { "Contact", "Lead", "Account",
		"User", "PersonAccount", NULL };
	struct json type = native_at(native, "attributes/type");
	bool known = json_type(type) != JSON_STRING;

	for (size_t i = 0; people[i] != NULL; i++)
		known |= json_is(type, people[i]);
	return !known || json_type(json_get(o->v, "dealname")) != JSON_NONE ||
	       json_type(json_get(o->v, "Deal_Name")) != JSON_NONE;
}

enum stage_result
crm_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct crm_object o;
	enum crm_kind kind;

	normalize_begin(n);
	if (json_type(native) != JSON_OBJECT)
		return native_reject(e, "no object of a CRM");
	o = object_of(n, native);
	kind = crm_kind_of(o.f);
	if (kind == CRM_PERSON && is_foreign(&o, native)) {
		sink_sum(n->sink, "neither people nor messages", 1);
		return STAGE_OK;
	}
	if (kind == CRM_PERSON)
		return person(&o, native, e);
	if (o.id.n == 0)
		return native_reject(e, "an object of a CRM without its id");
	return crm_message(&o, kind, e);
}
