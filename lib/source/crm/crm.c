/*
 * Pages and objects of the APIs of HubSpot (properties), Salesforce
 * (attributes) and Zoho, and Salesforce's tables of mails, cases and comments;
 * tables of people are read as such.
 */
#include "source/crm/crm.h"

#include "source/contacts_csv/row.h"
#include "source/json/items.h"
#include "source/peek.h"
#include "source/table/table.h"

struct look {
	bool properties, attributes;
	unsigned hubspot, zoho;
};

static void
see(void *arg, const struct peeked *p)
{
	static const char *const zoho[] = { "Created_Time", "Modified_Time",
		"First_Name", "Last_Name", "$editable", "$approved", "Owner",
		"Full_Name", "Account_Name", "Email_Opt_Out", "$approval",
		NULL };
	static const char *const hubspot[] = { "hs_object_id",
		"lastmodifieddate", "createdate", "hs_timestamp",
		"hs_lastmodifieddate", "vid", "archived", "createdAt",
		"updatedAt", "identity-profiles", NULL };
	struct look *l = arg;

	l->properties |= str_is(p->name, "properties") && p->first == '{';
	l->attributes |= str_is(p->name, "attributes") && p->first == '{';
	l->hubspot += str_is_one_of(p->name, hubspot);
	l->zoho += str_is_one_of(p->name, zoho);
}

static int
sniff_json(struct str head)
{
	struct look l = { 0 };

	json_peek(head, see, &l);
	/* Others have properties, too, but none of these. */
	if (l.properties && l.hubspot > 0 &&
	    (str_find(head, STR("\"hs_")) >= 0 ||
		str_find(head, STR("\"lastmodifieddate\"")) >= 0 ||
		str_find(head, STR("\"identity-profiles\"")) >= 0))
		return 90;
	/* Its objects name themselves by a path of the API. */
	if (l.attributes && str_find(head, STR("/services/data/v")) >= 0)
		return 92;
	return l.zoho >= 3 ? 90 : 0;
}

/* Salesforce's tables of what people wrote. */
static int
sniff_table(struct str head)
{
	struct table *t = table_peek(head, NULL);
	bool has[CRM_FIELDS] = { false };
	const struct str *names;
	size_t n;
	int sure = 0;

	if (t == NULL)
		return 0;
	n = table_columns(t, &names);
	for (size_t i = 0; i < n; i++) {
		int field = spelling_of(&crm_names, names[i]);

		if (field != SPELLING_NONE)
			has[field] = true;
	}
	table_close(t);
	if (!has[CRM_ID] || !has[CRM_CREATED])
		return 0;
	if ((has[CRM_INCOMING] && has[CRM_FROM] && has[CRM_TO]) ||
	    (has[CRM_CASE_NUMBER] && has[CRM_SUBJECT] && has[CRM_ORIGIN]) ||
	    (has[CRM_COMMENT] && has[CRM_PARENT]))
		sure = 91;
	return sure;
}

static int
crm_sniff(const char *base_name, struct str head)
{
	(void)base_name;
	return json_peek_is(head) ? sniff_json(head) : sniff_table(head);
}

static int
crm_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "results", "records", "data",
		"contacts", "companies", NULL };
	static const char *const repeat[] = { NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 1024, .whole = true
	};

	return items_or_table_read(in, file, &form, e);
}

const struct source_format source_crm = {
	.name = "crm",
	.about = "HubSpot, Salesforce, Zoho: people, mails, cases, calls",
	.sniff = crm_sniff,
	.read = crm_read,
	.normalize = crm_normalize,
	.release = contact_row_release,
};
