/*
 * Mails that a CRM keeps have the id that they have in a mailbox; a case is
 * what somebody asked, but where they did by mail, which is there as such.
 */
#include "record/id.h"
#include "source/crm/crm.h"
#include "source/native.h"

static struct str
text(struct crm_object *o, enum crm_field f)
{
	return crm_text(o->n, o->f[f]);
}

static bool
says_yes(struct str s)
{
	return str_is(s, "1") || str_eq_nocase(s, STR("true"));
}

static bool
is_true(struct crm_object *o, enum crm_field f)
{
	return json_true(o->f[f]) || says_yes(text(o, f));
}

static int64_t
time_of(struct crm_object *o)
{
	static const enum crm_field times[] = { CRM_SENT, CRM_CREATED };
	int64_t at;

	for (size_t i = 0; i < 2; i++)
		if (native_time(o->n, o->f[times[i]], &at) == 0)
			return at;
	return TIME_NONE;
}

/* "a@x.example; b@x.example" */
static void
addresses(struct crm_object *o, struct address_list *list, struct str s)
{
	while (s.p != NULL) {
		struct str part = str_trim(str_split(&s, ';'));
		struct address a = { 0 };

		native_email(o->n, &a, part);
		if (a.email.p != NULL)
			message_add_address(&o->n->message, list, a);
	}
}

static enum stage_result
take_text(struct crm_object *o, struct err *e)
{
	struct message *m = &o->n->message;
	struct str html = text(o, CRM_HTML);

	m->text = text(o, CRM_TEXT);
	if (m->text.n > 0 || html.n == 0)
		return STAGE_OK;
	return native_html(o->n, html, &m->text, e) < 0 ? STAGE_REJECT
							: STAGE_OK;
}

static void
set_id(struct crm_object *o, const char *kind)
{
	struct message *m = &o->n->message;

	m->id_without_account = true;
	m->native_id =
	    ARENA_JOIN(&m->arena, str_of(crm_service_name(o->service)),
		STR("/"), str_of(kind), STR("/"), o->id);
	m->message_id = m->native_id;
}

static const char *
mail_direction(struct crm_object *o)
{
	struct str said = text(o, CRM_INCOMING);

	if (str_is(said, "INCOMING_EMAIL") || is_true(o, CRM_INCOMING))
		return "inbound";
	return str_is(said, "EMAIL") || str_is(said, "0") ||
		       str_eq_nocase(said, STR("false")) ||
		       json_type(o->f[CRM_INCOMING]) == JSON_FALSE
		   ? "outbound"
		   : NULL;
}

static enum stage_result
mail(struct crm_object *o, struct err *e)
{
	struct message *m = &o->n->message;
	struct str id = text(o, CRM_MESSAGE_ID);
	struct str parent = text(o, CRM_PARENT);

	m->type = "message";
	m->channel = "email";
	m->direction = mail_direction(o);
	m->from.name = text(o, CRM_FROM_NAME);
	native_email(o->n, &m->from, text(o, CRM_FROM));
	addresses(o, &m->to, text(o, CRM_TO));
	addresses(o, &m->cc, text(o, CRM_CC));
	m->subject = text(o, CRM_SUBJECT);
	if (take_text(o, e) != STAGE_OK)
		return STAGE_REJECT;
	set_id(o, "mail");
	if (id.n > 2 && id.p[0] == '<' && id.p[id.n - 1] == '>')
		id = str_sub(id, 1, id.n - 2);
	if (id.n > 0) {
		m->message_id = id;
		m->native_id = record_mail_native_id(id,
		    m->from.email.p != NULL ? m->from.email : m->from.name,
		    &m->arena);
	}
	m->thread_id = parent.n > 0 ? parent : text(o, CRM_THREAD);
	/* Salesforce's status 5. */
	if (str_is(text(o, CRM_STATUS), "5") ||
	    str_eq_nocase(text(o, CRM_STATUS), STR("draft")))
		message_keyword(m, "draft");
	return native_emit(o->n, e);
}

static void
write_case(struct crm_object *o, struct writer *w)
{
	write_member(w, "number", text(o, CRM_CASE_NUMBER));
	write_member(w, "status", text(o, CRM_STATUS));
	write_member(w, "priority", text(o, CRM_PRIORITY));
	write_member(w, "origin", text(o, CRM_ORIGIN));
}

static enum stage_result
ticket(struct crm_object *o, struct err *e)
{
	struct message *m = &o->n->message;
	bool by_mail = str_eq_nocase(text(o, CRM_ORIGIN), STR("email"));
	struct writer *w;

	m->type = by_mail ? "event" : "message";
	m->channel = "ticket";
	m->direction = "inbound";
	m->from.name = text(o, CRM_FROM_NAME);
	native_email(o->n, &m->from, text(o, CRM_FROM));
	message_phone(m, &m->from, text(o, CRM_FROM_TEL));
	if (text(o, CRM_CONTACT).n > 0)
		m->from.uri = native_uri(
		    o->n, crm_service_name(o->service), text(o, CRM_CONTACT));
	m->subject = text(o, CRM_SUBJECT);
	if (take_text(o, e) != STAGE_OK)
		return STAGE_REJECT;
	set_id(o, "case");
	m->thread_id = o->id;
	w = native_data(o->n);
	if (by_mail)
		write_member(w, "subtype", STR("case"));
	write_case(o, w);
	return native_data_end(o->n, e) < 0 ? STAGE_REJECT
					    : native_emit(o->n, e);
}

/* Salesforce's users have ids that begin with 005. */
static enum stage_result
comment(struct crm_object *o, struct err *e)
{
	struct message *m = &o->n->message;
	struct str by = text(o, CRM_BY);

	m->type = "message";
	m->channel = "ticket";
	m->direction = str_starts(by, STR("005")) ? "outbound" : NULL;
	m->from.uri = native_uri(o->n, crm_service_name(o->service), by);
	m->text = text(o, CRM_COMMENT);
	set_id(o, "comment");
	m->thread_id = text(o, CRM_PARENT);
	if (!is_true(o, CRM_PUBLISHED)) {
		message_keyword(m, "private");
		m->direction = "internal";
	}
	return native_emit(o->n, e);
}

static enum stage_result
note(struct crm_object *o, struct err *e)
{
	struct message *m = &o->n->message;

	m->type = "message";
	m->channel = "ticket";
	m->direction = "internal";
	message_keyword(m, "private");
	if (native_html(o->n, text(o, CRM_NOTE), &m->text, e) < 0)
		return STAGE_REJECT;
	set_id(o, "note");
	return native_emit(o->n, e);
}

static const char *
disposition_of(struct str status)
{
	static const struct {
		const char *status, *is;
	} words[] = {
		{ "COMPLETED", "answered" },
		{ "BUSY", "busy" },
		{ "NO_ANSWER", "no answer" },
		{ "MISSED", "no answer" },
		{ "CANCELED", "no answer" },
		{ "FAILED", "failed" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (str_eq_nocase(status, str_of(words[i].status)))
			return words[i].is;
	return NULL;
}

static enum stage_result
call(struct crm_object *o, struct err *e)
{
	struct message *m = &o->n->message;
	struct str direction = text(o, CRM_CALL_DIRECTION);
	struct address to = { 0 };
	int64_t length;
	struct writer *w;

	m->type = "call";
	m->channel = "voice";
	m->direction = str_eq_nocase(direction, STR("INBOUND"))    ? "inbound"
		       : str_eq_nocase(direction, STR("OUTBOUND")) ? "outbound"
								   : NULL;
	message_phone(m, &m->from, text(o, CRM_CALL_FROM));
	message_phone(m, &to, text(o, CRM_CALL_TO));
	if (to.tel.p != NULL || to.uri.p != NULL)
		message_add_address(m, &m->to, to);
	m->subject = text(o, CRM_SUBJECT);
	set_id(o, "call");
	w = native_data(o->n);
	if (str_to_int(text(o, CRM_CALL_LENGTH), &length) == 0 && length >= 0)
		write_member_int(w, "duration", length / 1000);
	write_member(
	    w, "disposition", str_of(disposition_of(text(o, CRM_CALL_STATUS))));
	if (native_html(o->n, text(o, CRM_HTML), &direction, e) < 0)
		return STAGE_REJECT;
	write_member(w, "note", direction);
	return native_data_end(o->n, e) < 0 ? STAGE_REJECT
					    : native_emit(o->n, e);
}

enum stage_result
crm_message(struct crm_object *o, enum crm_kind kind, struct err *e)
{
	static enum stage_result (*const kinds[])(
	    struct crm_object *, struct err *) = {
		[CRM_MAIL] = mail,
		[CRM_CASE] = ticket,
		[CRM_CASE_COMMENT] = comment,
		[CRM_PRIVATE] = note,
		[CRM_CALL] = call,
	};

	o->n->message.sent = time_of(o);
	return kinds[kind](o, e);
}
