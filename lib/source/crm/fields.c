/*
 * What members of objects are called, what they hold, and what kind that makes
 * of them; what those of people are called says table/columns.h.
 */
#include "source/crm/crm.h"
#include "source/native.h"

static const struct spelling names[] = {
	{ "caseid", CRM_PARENT },
	{ "casenumber", CRM_CASE_NUMBER },
	{ "ccaddress", CRM_CC },
	{ "commentbody", CRM_COMMENT },
	{ "contactemail", CRM_FROM },
	{ "contactid", CRM_CONTACT },
	{ "contactphone", CRM_FROM_TEL },
	{ "content", CRM_TEXT },
	{ "createdat", CRM_CREATED },
	{ "createdate", CRM_CREATED },
	{ "createdbyid", CRM_BY },
	{ "createddate", CRM_CREATED },
	{ "description", CRM_TEXT },
	{ "fromaddress", CRM_FROM },
	{ "fromname", CRM_FROM_NAME },
	{ "hscallbody", CRM_HTML },
	{ "hscalldirection", CRM_CALL_DIRECTION },
	{ "hscallduration", CRM_CALL_LENGTH },
	{ "hscallfromnumber", CRM_CALL_FROM },
	{ "hscallstatus", CRM_CALL_STATUS },
	{ "hscalltitle", CRM_SUBJECT },
	{ "hscalltonumber", CRM_CALL_TO },
	{ "hscreatedate", CRM_CREATED },
	{ "hsemailccemail", CRM_CC },
	{ "hsemaildirection", CRM_INCOMING },
	{ "hsemailfromemail", CRM_FROM },
	{ "hsemailhtml", CRM_HTML },
	{ "hsemailmessageid", CRM_MESSAGE_ID },
	{ "hsemailstatus", CRM_STATUS },
	{ "hsemailsubject", CRM_SUBJECT },
	{ "hsemailtext", CRM_TEXT },
	{ "hsemailthreadid", CRM_THREAD },
	{ "hsemailtoemail", CRM_TO },
	{ "hsnotebody", CRM_NOTE },
	{ "hsobjectid", CRM_ID },
	{ "hspipelinestage", CRM_TICKET },
	{ "hsticketpriority", CRM_PRIORITY },
	{ "hstimestamp", CRM_SENT },
	{ "htmlbody", CRM_HTML },
	{ "id", CRM_ID },
	{ "incoming", CRM_INCOMING },
	{ "ispublished", CRM_PUBLISHED },
	{ "messagedate", CRM_SENT },
	{ "messageidentifier", CRM_MESSAGE_ID },
	{ "origin", CRM_ORIGIN },
	{ "parentid", CRM_PARENT },
	{ "priority", CRM_PRIORITY },
	{ "status", CRM_STATUS },
	{ "subject", CRM_SUBJECT },
	{ "suppliedemail", CRM_FROM },
	{ "suppliedname", CRM_FROM_NAME },
	{ "suppliedphone", CRM_FROM_TEL },
	{ "textbody", CRM_TEXT },
	{ "threadidentifier", CRM_THREAD },
	{ "toaddress", CRM_TO },
};

const struct spellings crm_names = SPELLINGS(names);

static bool
has(const struct json f[CRM_FIELDS], enum crm_field field)
{
	return json_type(f[field]) != JSON_NONE;
}

enum crm_kind
crm_kind_of(const struct json f[CRM_FIELDS])
{
	if (has(f, CRM_INCOMING) ||
	    (has(f, CRM_TO) && has(f, CRM_FROM) && has(f, CRM_SUBJECT)))
		return CRM_MAIL;
	if (has(f, CRM_COMMENT) && has(f, CRM_PARENT))
		return CRM_CASE_COMMENT;
	if (has(f, CRM_CASE_NUMBER) ||
	    (has(f, CRM_TICKET) && has(f, CRM_SUBJECT)))
		return CRM_CASE;
	if (has(f, CRM_CALL_DIRECTION) || has(f, CRM_CALL_LENGTH) ||
	    has(f, CRM_CALL_STATUS))
		return CRM_CALL;
	return has(f, CRM_NOTE) ? CRM_PRIVATE : CRM_PERSON;
}

const char *
crm_service_name(enum crm_service service)
{
	return service == CRM_HUBSPOT      ? "hubspot"
	       : service == CRM_SALESFORCE ? "salesforce"
					   : "zoho";
}

struct str
crm_text(struct normalize *n, struct json v)
{
	static const char *const inner[] = { "value", "name", "Name", "email",
		NULL };

	if (json_type(v) == JSON_TRUE)
		return STR("true");
	if (json_type(v) == JSON_FALSE)
		return STR("false");
	return json_type(v) == JSON_OBJECT ? native_any(n, v, inner)
					   : native_value(n, v);
}
