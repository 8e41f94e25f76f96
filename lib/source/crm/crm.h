#ifndef KITH_SOURCE_CRM_CRM_H
#define KITH_SOURCE_CRM_CRM_H
/*
 * What HubSpot, Salesforce and Zoho have of customers: crm.c tells and cuts
 * files, normalize.c makes contacts and says what else an object is, message.c
 * reads mails, cases, comments, notes and calls.
 */
#include "source/item.h"
#include "source/desk/spelling.h"

enum crm_service { CRM_NONE, CRM_HUBSPOT, CRM_SALESFORCE, CRM_ZOHO };

enum crm_field {
	CRM_ID,
	CRM_PARENT, /* the case of a mail or comment */
	CRM_CONTACT, /* id of whom it is about */
	CRM_BY, /* id of who wrote it */
	CRM_FROM,
	CRM_FROM_NAME,
	CRM_FROM_TEL,
	CRM_TO,
	CRM_CC,
	CRM_SUBJECT,
	CRM_TEXT,
	CRM_HTML,
	CRM_MESSAGE_ID,
	CRM_THREAD,
	CRM_INCOMING,
	CRM_STATUS,
	CRM_SENT,
	CRM_CREATED,
	CRM_CASE_NUMBER,
	CRM_ORIGIN,
	CRM_PRIORITY,
	CRM_PUBLISHED,
	CRM_COMMENT,
	CRM_NOTE,
	CRM_CALL_FROM,
	CRM_CALL_TO,
	CRM_CALL_LENGTH, /* milliseconds */
	CRM_CALL_DIRECTION,
	CRM_CALL_STATUS,
	CRM_TICKET,
	CRM_FIELDS
};

extern const struct spellings crm_names;

enum crm_kind {
	CRM_PERSON,
	CRM_MAIL,
	CRM_CASE,
	CRM_CASE_COMMENT,
	CRM_PRIVATE,
	CRM_CALL,
};

struct crm_object {
	struct normalize *n;
	enum crm_service service;
	struct json v; /* its members */
	struct json f[CRM_FIELDS];
	struct str id;
};

/* What it is, by members that only such have. */
enum crm_kind crm_kind_of(const struct json f[CRM_FIELDS]);
/* All but a person. */
enum stage_result
crm_message(struct crm_object *o, enum crm_kind kind, struct err *e);
/* "hubspot" */
const char *crm_service_name(enum crm_service service);
/* A member's text: a string, a number, or the name of what it refers to. */
struct str crm_text(struct normalize *n, struct json v);

enum stage_result
crm_normalize(struct normalize *n, struct json native, struct err *e);

#endif
