/*
 * The meaning of Chatwoot's messages: numbers in the API are words in webhooks.
 */
#include "source/chatwoot/chatwoot.h"

enum kind {
	KIND_NONE,
	KIND_INCOMING,
	KIND_OUTGOING,
	KIND_ACTIVITY, /* a line of the system */
	KIND_TEMPLATE, /* of a bot: a form, a question */
};

struct view {
	struct normalize *n;
	struct message *m;
	struct json item, conversation, meta, attributes, contact;
	enum kind kind;
	bool private;
};

static struct str
text(struct view *v, struct json from, const char *names)
{
	return desk_text(v->n, from, names);
}

static enum kind
kind_of(struct normalize *n, struct json item)
{
	struct str s = desk_text(n, item, "message_type");

	return desk_is(s, "0|incoming")   ? KIND_INCOMING
	       : desk_is(s, "1|outgoing") ? KIND_OUTGOING
	       : desk_is(s, "2|activity") ? KIND_ACTIVITY
	       : desk_is(s, "3|template") ? KIND_TEMPLATE
					  : KIND_NONE;
}

/* The first of several that is an object. */
static struct json
object(struct json a, struct json b, struct json c)
{
	return json_type(a) == JSON_OBJECT   ? a
	       : json_type(b) == JSON_OBJECT ? b
					     : c;
}

/* "Channel::Whatsapp"; without one what the message itself shows. */
static const char *
channel(struct view *v)
{
	struct json inbox = object(desk_get(v->item, "inbox"),
	    desk_get(v->conversation, "inbox"), native_beside(v->n, "inbox"));
	struct str source = text(v, v->item, "source_id");
	struct str address =
	    text(v, desk_get(v->conversation, "contact_inbox"), "source_id");
	struct str s = text(v, v->conversation, "channel");
	const char *name;

	if (s.p == NULL)
		s = text(v, v->meta, "channel");
	if (s.p == NULL)
		s = text(v, inbox, "channel_type|channel");
	if (str_starts(s, STR("Channel::")))
		s = str_sub(s, 9, s.n);
	if (str_starts(address, STR("whatsapp:")))
		return "whatsapp";
	name = desk_channel(s);
	if (name != NULL)
		return name;
	if (desk_is(text(v, v->item, "content_type"), "incoming_email") ||
	    desk_get(v->attributes, "email").doc != NULL)
		return "email";
	if (desk_is(text(v, v->item, "content_type"), "voice_call"))
		return "voice";
	return str_starts(source, STR("wamid.")) ? "whatsapp" : "chat";
}

/*
 * Staff, bots and contacts count apart.  What a contact typed into the page is
 * their word alone; on a telephone's channels the service knows the number.
 */
static struct address
person(struct view *v, struct json who, const char *kind)
{
	struct str id = text(v, who, "id");
	struct address a = { 0 };

	if (json_type(who) != JSON_OBJECT)
		return a;
	desk_person(v->n, who, &a);
	if (a.name.p == NULL)
		a.name = text(v, who, "available_name");
	if (id.p != NULL)
		a.uri = ARENA_JOIN(
		    &v->m->arena, STR("chatwoot:"), str_of(kind), id);
	return a;
}

static struct address
contact(struct view *v, struct json sender)
{
	struct address a = person(v, v->contact, "contact");
	struct address as = person(v, sender, "contact");
	struct str number =
	    text(v, desk_get(v->conversation, "contact_inbox"), "source_id");

	/* The conversation knows more of them than the message. */
	if (as.uri.p != NULL && !str_eq(as.uri, a.uri))
		a = as;
	else if (as.name.p != NULL)
		a.name = as.name;
	if (a.email.p == NULL)
		a.email = as.email;
	if (a.tel.p == NULL)
		a.tel = as.tel;
	if (a.tel.p == NULL)
		desk_handle(v->n, &a, number);
	return a;
}

static bool
is_staff(struct view *v, struct json who)
{
	struct str type = text(v, who, "type");

	if (type.p == NULL)
		type = text(v, v->item, "sender_type");
	return type.p == NULL ? v->kind != KIND_INCOMING
			      : !desk_is(type, "contact");
}

static void
read_people(struct view *v)
{
	struct json who = desk_get(v->item, "sender");
	struct str type = text(v, who, "type");
	struct str id = text(v, v->item, "sender_id");

	if (type.p == NULL)
		type = text(v, v->item, "sender_type");
	if (v->kind == KIND_INCOMING && !is_staff(v, who)) {
		v->m->from = contact(v, who);
		return;
	}
	if (json_type(who) == JSON_OBJECT)
		v->m->from = person(v, who,
		    desk_is(type, "agent_bot|captain_assistant") ? "bot"
								 : "user");
	else if (id.p != NULL && desk_is(type, "user"))
		v->m->from.uri =
		    ARENA_JOIN(&v->m->arena, STR("chatwoot:user"), id);
	if (v->kind == KIND_TEMPLATE ||
	    desk_is(type, "agent_bot|captain_assistant"))
		message_keyword(v->m, "automatic");
	if (desk_is(type, "agent_bot|captain_assistant"))
		message_keyword(v->m, "bot");
	if (!v->private && v->kind != KIND_ACTIVITY &&
	    json_type(v->contact) == JSON_OBJECT)
		message_add_address(v->m, &v->m->to, contact(v, JSON_ABSENT));
}

static const char *
direction(const struct view *v)
{
	return v->private || v->kind == KIND_ACTIVITY ? "internal"
	       : v->kind == KIND_INCOMING             ? "inbound"
	       : v->kind == KIND_NONE                 ? NULL
						      : "outbound";
}

static void
add_all(struct view *v, struct address_list *to, struct json list)
{
	struct json_iter it = json_each(list);
	struct json one;

	if (json_type(list) != JSON_LIST)
		return;
	while (json_next(&it, NULL, &one)) {
		struct address a = { 0 };

		native_email(v->n, &a, native_value(v->n, one));
		if (a.email.p != NULL)
			message_add_address(v->m, to, a);
	}
}

/* What came by mail is beside it, as it was written. */
static void
read_mail(struct view *v)
{
	struct json mail = desk_get(v->attributes, "email");
	struct json more = desk_get(v->conversation, "additional_attributes");

	v->m->subject = text(v, mail, "subject");
	if (v->m->subject.p == NULL)
		v->m->subject = text(v, more, "mail_subject");
	if (v->kind == KIND_INCOMING)
		add_all(v, &v->m->to, desk_get(mail, "to"));
	add_all(v, &v->m->cc, desk_get(mail, "cc"));
	add_all(v, &v->m->cc, desk_get(v->attributes, "cc_emails"));
	if (v->m->from.email.p == NULL && v->kind == KIND_INCOMING)
		native_email(v->n, &v->m->from,
		    native_value(v->n, json_at(desk_get(mail, "from"), 0)));
}

static void
write_call(struct view *v, struct writer *w)
{
	struct json call = object(desk_get(v->item, "call"),
	    desk_get(v->attributes, "data"), JSON_ABSENT);
	struct str way = text(v, call, "direction|call_direction");
	const char *how = desk_disposition(text(v, call, "status"));

	if (desk_is(way, "inbound|incoming"))
		v->m->direction = "inbound";
	else if (way.p != NULL)
		v->m->direction = "outbound";
	native_data_raw(
	    w, "duration", desk_get(call, "duration|duration_seconds"));
	write_member(w, "disposition", str_of(how));
}

/* Where somebody is. */
static void
write_places(struct view *v, struct writer *w)
{
	struct json_iter it = json_each(desk_get(v->item, "attachments"));
	struct json one;

	while (json_next(&it, NULL, &one)) {
		struct json lat = desk_get(one, "coordinates_lat");

		if (!desk_is(text(v, one, "file_type"), "location") ||
		    json_type(lat) != JSON_NUMBER)
			continue;
		write_key(w, "location");
		write_object(w);
		native_data_raw(w, "lat", lat);
		native_data_raw(w, "long", desk_get(one, "coordinates_long"));
		write_member(w, "name", text(v, one, "fallback_title"));
		write_object_end(w);
		return;
	}
}

static void
write_conversation(struct view *v, struct writer *w)
{
	struct json assignee = desk_get(v->meta, "assignee");
	struct json labels = desk_get(v->conversation, "labels");

	write_member(w, "status", text(v, v->conversation, "status"));
	write_member(
	    w, "assignee", text(v, assignee, "name|available_name|email"));
	write_member(w, "team", text(v, desk_get(v->meta, "team"), "name"));
	write_member(w, "priority", text(v, v->conversation, "priority"));
	native_data_raw(w, "labels", labels);
}

static int
write_data(struct view *v, struct err *e)
{
	struct writer *w = native_data(v->n);
	struct str kind = text(v, v->item, "content_type");
	struct json inbox = desk_get(v->item, "inbox");
	int64_t t = desk_time(v->n, v->item, "updated_at");

	if (v->kind == KIND_ACTIVITY)
		write_member(w, "subtype", STR("activity"));
	else if (!desk_is(kind, "text|incoming_email|voice_call"))
		write_member(w, "contentType", kind);
	if (v->m->type[0] == 'c')
		write_call(v, w);
	if (desk_is(text(v, v->item, "event"), "message_updated"))
		write_member_time(w, "updatedAt", t);
	write_member(w, "inbox", text(v, inbox, "name"));
	write_member(w, "delivery", text(v, v->item, "status"));
	write_member(w, "error", text(v, v->attributes, "external_error"));
	native_data_raw(
	    w, "submittedEmail", desk_get(v->attributes, "submitted_email"));
	native_data_raw(
	    w, "submittedValues", desk_get(v->attributes, "submitted_values"));
	native_data_raw(w, "items", desk_get(v->attributes, "items"));
	write_member(w, "identifier", text(v, v->contact, "identifier"));
	write_member(w, "externalId", text(v, v->item, "source_id"));
	write_places(v, w);
	write_conversation(v, w);
	return native_data_end(v->n, e);
}

/* Begins a record of this item of the conversation. */
static struct view
begin(struct normalize *n, struct json item, struct json conversation)
{
	struct json beside = native_beside(n, "meta");
	struct view v = { .n = n, .m = normalize_begin(n), .item = item };
	struct json inbox;

	v.conversation = object(desk_get(item, "conversation"), conversation,
	    native_beside(n, "conversation"));
	v.meta = object(
	    desk_get(v.conversation, "meta"), desk_get(item, "meta"), beside);
	v.attributes = desk_get(item, "content_attributes");
	v.contact = object(desk_get(v.meta, "sender|contact"),
	    desk_get(item, "contact"), desk_get(v.conversation, "contact"));
	v.kind = kind_of(n, item);
	v.private = desk_true(desk_get(item, "private"));
	inbox = object(desk_get(item, "inbox"),
	    desk_get(v.conversation, "inbox"), native_beside(n, "inbox"));
	v.m->type = "message";
	v.m->channel = channel(&v);
	v.m->account = text(&v, item, "inbox_id");
	if (v.m->account.p == NULL)
		v.m->account = text(&v, v.conversation, "inbox_id");
	if (v.m->account.p == NULL)
		v.m->account = text(&v, inbox, "id");
	v.m->thread_id = text(&v, item, "conversation_id");
	if (v.m->thread_id.p == NULL)
		v.m->thread_id = text(&v, v.conversation, "id|display_id");
	if (v.m->thread_id.p == NULL)
		v.m->thread_id =
		    native_value(n, native_beside(n, "conversation_id"));
	return v;
}

/* What a customer said when asked how it was; one to five. */
static enum stage_result
rating(struct normalize *n, struct json item, struct json conversation,
    struct json answer, struct err *e)
{
	struct view v = begin(n, item, conversation);
	struct json agent = desk_get(item, "assigned_agent");
	struct str id = text(&v, item, "message_id|id");
	struct writer *w;

	v.m->sent = desk_time(n, item, "updated_at|created_at");
	if (desk_get(item, "assigned_agent|feedback_message").doc != NULL)
		v.m->sent = desk_time(n, item, "created_at");
	if (v.m->sent == TIME_NONE)
		return native_reject(e, "a rating without a time");
	v.m->native_id = v.m->message_id =
	    id.p == NULL ? STR_NONE
			 : ARENA_JOIN(&v.m->arena, id, STR("/rating"));
	if (v.m->native_id.p == NULL)
		v.m->native_id = native_content(n, item);
	v.m->direction = "inbound";
	v.m->from = contact(&v, JSON_ABSENT);
	w = native_data(n);
	desk_rating(n, w, text(&v, answer, "rating"), "5",
	    text(&v, answer, "feedback_message"));
	write_member(w, "assignee", text(&v, agent, "name|email"));
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "chatwoot", e);
}

/* That it did not arrive. */
static enum stage_result
failure(struct normalize *n, struct json item, struct json conversation,
    struct err *e)
{
	struct view v = begin(n, item, conversation);

	return desk_failed(n, "chatwoot", text(&v, item, "id"),
	    desk_time(n, item, "updated_at|created_at"),
	    text(&v, v.attributes, "external_error"), e);
}

/* Markdown, which may have addresses in angle brackets; what an API put there
 * may be HTML. */
static bool
is_html(struct str s)
{
	return str_find(s, STR("</")) >= 0 || str_find(s, STR("<br")) >= 0;
}

static enum stage_result
message(struct normalize *n, struct json item, struct json conversation,
    struct err *e)
{
	struct view v = begin(n, item, conversation);
	struct str replied = text(&v, v.attributes, "in_reply_to");
	struct str said = text(&v, item, "content|processed_message_content");

	v.m->sent = desk_time(n, item, "created_at");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no message of Chatwoot: it has no created_at");
	v.m->native_id = v.m->message_id = text(&v, item, "id");
	if (v.m->native_id.p == NULL)
		v.m->native_id = native_content(n, item);
	if (v.kind == KIND_ACTIVITY)
		v.m->type = "event";
	else if (desk_is(text(&v, item, "content_type"), "voice_call"))
		v.m->type = "call";
	v.m->direction = direction(&v);
	if (v.private)
		message_keyword(v.m, "private");
	if (desk_true(desk_get(v.attributes, "deleted")))
		message_keyword(v.m, "deleted");
	if (desk_is(text(&v, item, "event"), "message_updated"))
		message_keyword(v.m, "updated");
	if (replied.p != NULL)
		message_add_str(v.m, &v.m->in_reply_to, replied);
	read_people(&v);
	read_mail(&v);
	desk_attach(n, desk_get(item, "attachments"));
	if (desk_body(n, said, is_html(said), desk_letters(v.m), e) < 0 ||
	    write_data(&v, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "chatwoot", e);
}

/* A message, and what became of it. */
static enum stage_result
message_and_more(struct normalize *n, struct json item,
    struct json conversation, struct err *e)
{
	struct json attributes = desk_get(item, "content_attributes");
	struct json answer = desk_get(
	    desk_get(attributes, "submitted_values"), "csat_survey_response");
	enum stage_result rc = message(n, item, conversation, e);
	bool ours = kind_of(n, item) == KIND_OUTGOING &&
		    !desk_true(desk_get(item, "private"));

	if (rc == STAGE_OK && desk_get(answer, "rating").doc != NULL)
		rc = rating(n, item, conversation, answer, e);
	if (rc == STAGE_OK && ours && desk_get(item, "id").doc != NULL &&
	    desk_is(desk_text(n, item, "status"), "failed"))
		rc = failure(n, item, conversation, e);
	return rc;
}

/* That a conversation is there, and how it stands: what webhooks tell, and what
 * is known of one without messages. */
static enum stage_result
standing(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item, item);
	struct str event = text(&v, item, "event");
	struct str status = text(&v, item, "status");
	struct writer *w;

	if (event.p == NULL)
		event = STR("conversation");
	v.m->type = "event";
	v.m->sent = desk_time(n, item,
	    str_is(event, "conversation") ||
		    desk_is(event, "conversation_created")
		? "created_at|timestamp|last_activity_at"
		: "updated_at|timestamp|last_activity_at|created_at");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "a conversation of Chatwoot without a time");
	v.m->thread_id = text(&v, item, "id|display_id");
	v.m->native_id =
	    v.m->thread_id.p == NULL
		? native_content(n, item)
		: ARENA_JOIN(&v.m->arena, v.m->thread_id, STR("/"), event,
		      str_of(status.p == NULL ? "" : "/"), status);
	v.m->from = contact(&v, JSON_ABSENT);
	w = native_data(n);
	write_member(w, "subtype", event);
	write_conversation(&v, w);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "chatwoot", e);
}

static enum stage_result
conversation(struct normalize *n, struct json item, struct err *e)
{
	struct json list = desk_get(item, "messages"), one;
	struct json_iter it = json_each(list);
	enum stage_result rc = STAGE_OK;
	size_t count = 0;

	if (json_type(list) == JSON_OBJECT)
		it = json_each(desk_get(list, "payload"));
	while (rc != STAGE_FATAL && json_next(&it, NULL, &one)) {
		count++;
		rc = message_and_more(n, one, item, e);
		rc = native_part(n, rc, "messages", count, one, e);
	}
	if (rc == STAGE_FATAL)
		return rc;
	return count == 0 || desk_get(item, "event").doc != NULL
		   ? standing(n, item, e)
		   : STAGE_OK;
}

/* The number behind ".../conversations/". */
static struct str
thread_of(struct str link)
{
	ptrdiff_t at = str_find(link, STR("/conversations/"));

	link = str_sub(link, at < 0 ? link.n : (size_t)at + 15, link.n);
	link = str_split(&link, '/');
	return link.n == 0 ? STR_NONE : link;
}

/* The report of ratings as a table. */
static enum stage_result
row(struct normalize *n, struct json item, struct err *e)
{
	struct message *m = normalize_begin(n);
	struct writer *w;

	m->type = "event";
	m->channel = "chat";
	m->sent = desk_time(n, item, "recorded_date|recorded_at|created_at");
	if (m->sent == TIME_NONE)
		return native_reject(e, "a rating without a time");
	m->thread_id =
	    thread_of(desk_text(n, item, "link_to_the_conversation"));
	m->native_id = native_content(n, item);
	m->direction = "inbound";
	m->from.name = desk_text(n, item, "contact_name");
	native_email(n, &m->from,
	    desk_text(n, item, "contact_email_address|contact_email"));
	message_phone(m, &m->from, desk_text(n, item, "contact_phone_number"));
	w = native_data(n);
	desk_rating(n, w, desk_text(n, item, "rating"), "5",
	    desk_text(n, item, "feedback_comment|feedback"));
	write_member(w, "assignee", desk_text(n, item, "agent_name|agent"));
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "chatwoot", e);
}

enum stage_result
chatwoot_normalize(struct normalize *n, struct json native, struct err *e)
{
	normalize_begin(n);
	if (kind_of(n, native) != KIND_NONE ||
	    desk_get(native, "content_type").doc != NULL)
		return message_and_more(n, native, JSON_ABSENT, e);
	if (desk_get(native, "link_to_the_conversation|feedback_comment").doc !=
	    NULL)
		return row(n, native, e);
	if (desk_get(native, "rating").doc != NULL)
		return rating(n, native, JSON_ABSENT, native, e);
	if (desk_get(native,
		"messages|can_reply|contact_last_seen_at|inbox_id|channel")
		.doc != NULL)
		return conversation(n, native, e);
	return native_reject(
	    e, "neither a message nor a conversation nor a rating of Chatwoot");
}
