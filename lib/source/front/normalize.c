/*
 * The meaning of what Front's API and webhooks send.
 */
#include "source/front/front.h"

/* {"handle":"ana@riba.example","role":"from","_links":{...}} */
static struct address
recipient(struct front *f, struct json who)
{
	struct str id = front_link(
	    f, desk_get(desk_get(who, "_links"), "related"), "contact");
	struct str handle = desk_text(f->n, who, "handle");
	struct address a = { .name = desk_text(f->n, who, "name") };

	/* Of X, Front gives none. */
	if (!str_is(handle, "[REDACTED]"))
		desk_handle(f->n, &a, handle);
	if (id.p != NULL)
		a.uri = native_uri(f->n, "front", id);
	return a;
}

/* Who was written to unseen, and where answers go. */
static void
write_recipients(struct front *f, struct writer *w)
{
	struct json_iter it = json_each(desk_get(f->item, "recipients"));
	struct address_list unseen = { 0 }, reply = { 0 };
	struct json who;

	while (json_next(&it, NULL, &who)) {
		struct str role = desk_text(f->n, who, "role");

		if (desk_is(role, "bcc"))
			message_add_address(f->m, &unseen, recipient(f, who));
		else if (desk_is(role, "reply_to"))
			message_add_address(f->m, &reply, recipient(f, who));
	}
	message_write_addresses(f->m, w, "bcc", &unseen);
	message_write_addresses(f->m, w, "replyTo", &reply);
}

/* What is known of the conversation. */
static void
write_conversation(struct front *f, struct writer *w)
{
	struct json assignee = desk_get(f->conversation, "assignee");
	struct address a = { 0 };

	write_member(w, "status", desk_text(f->n, f->conversation, "status"));
	if (json_type(assignee) == JSON_OBJECT) {
		desk_person(f->n, assignee, &a);
		write_member(
		    w, "assignee", a.name.p != NULL ? a.name : a.email);
	}
	desk_names(
	    f->n, w, "tags", desk_get(f->conversation, "tags"), "name|id");
	native_data_raw(
	    w, "customFields", desk_get(f->conversation, "custom_fields"));
}

static void
write_call(struct front *f, struct writer *w)
{
	struct json about = desk_get(f->item, "metadata");
	struct json answered = desk_get(about, "have_been_answered");

	native_data_raw(w, "duration", desk_get(about, "duration"));
	if (json_type(answered) == JSON_NONE)
		return;
	write_key(w, "disposition");
	write_z(w, desk_true(answered) ? "answered" : "no answer");
}

static int
message_data(struct front *f, struct err *e)
{
	static const char *const kept[] = { "external_id", "thread_ref",
		"headers", "intercom_url", "twitter_url", "chat_visitor_url",
		"is_retweet", NULL };
	struct writer *w = native_data(f->n);
	struct json about = desk_get(f->item, "metadata");

	write_member(w, "via", f->letters);
	if (f->m->type[0] == 'c')
		write_call(f, w);
	write_recipients(f, w);
	write_member(w, "error", desk_text(f->n, f->item, "error_type"));
	write_conversation(f, w);
	for (size_t i = 0; kept[i] != NULL; i++)
		native_data_raw(w, kept[i], desk_get(about, kept[i]));
	return native_data_end(f->n, e);
}

static bool
is_ours(struct normalize *n, struct json item)
{
	struct json inbound = desk_get(item, "is_inbound");

	return json_type(inbound) == JSON_FALSE ||
	       desk_is(native_value(n, inbound), "false|no|0");
}

static void
read_people(struct front *f)
{
	struct json_iter it = json_each(desk_get(f->item, "recipients"));
	struct json inbound = desk_get(f->item, "is_inbound"), who;
	struct address from = { 0 };
	bool ours = is_ours(f->n, f->item);

	if (json_type(inbound) != JSON_NONE)
		f->m->direction = ours ? "outbound" : "inbound";
	while (json_next(&it, NULL, &who)) {
		struct str role = desk_text(f->n, who, "role");

		if (desk_is(role, "from"))
			from = recipient(f, who);
		else if (desk_is(role, "to"))
			message_add_address(f->m, &f->m->to, recipient(f, who));
		else if (desk_is(role, "cc"))
			message_add_address(f->m, &f->m->cc, recipient(f, who));
	}
	who = desk_get(f->conversation, "recipient");
	if (ours)
		front_teammate(f, desk_get(f->item, "author"), &f->m->from);
	if (ours && f->m->to.n == 0 && json_type(who) == JSON_OBJECT)
		message_add_address(f->m, &f->m->to, recipient(f, who));
	if (f->m->from.name.p == NULL && f->m->from.uri.p == NULL)
		f->m->from = from;
	/* The address of ours that it went out by. */
	else if (from.email.p != NULL && f->m->from.email.p == NULL)
		f->m->from.email = from.email;
	if (!ours && f->m->from.name.p == NULL && f->m->from.email.p == NULL &&
	    f->m->from.tel.p == NULL && json_type(who) == JSON_OBJECT)
		f->m->from = recipient(f, who);
}

static int
read_text(struct front *f, struct err *e)
{
	struct str text = desk_text(f->n, f->item, "text");
	bool letter = desk_letters(f->m);

	if (text.p != NULL)
		return desk_body(f->n, text, false, letter, e);
	return desk_body(
	    f->n, desk_text(f->n, f->item, "body|blurb"), true, letter, e);
}

/* The only id of what was taken to be sent. */
static struct str
uid_of(struct front *f, struct json item, const char *before)
{
	struct str uid = desk_text(f->n, item, "message_uid");

	return uid.p == NULL ? STR_NONE
			     : ARENA_JOIN(&f->m->arena, str_of(before), uid);
}

static enum stage_result
message(struct front *f, struct err *e)
{
	struct str uid = uid_of(f, f->item, "uid/");
	struct str replied =
	    front_link(f, desk_get(desk_get(f->item, "_links"), "related"),
		"message_replied_to");

	f->m->sent = desk_time(f->n, f->item, "created_at");
	if (f->m->sent == TIME_NONE)
		return native_reject(
		    e, "no message of Front: it has no created_at");
	f->m->message_id = f->m->native_id = desk_text(f->n, f->item, "id");
	/* Sent by the API: nobody's. */
	if (is_ours(f->n, f->item) && uid.p != NULL &&
	    json_type(desk_get(f->item, "author")) != JSON_OBJECT)
		f->m->native_id = uid;
	if (f->m->native_id.p == NULL)
		f->m->native_id = json_raw(f->item);
	if (replied.p != NULL)
		message_add_str(f->m, &f->m->in_reply_to, replied);
	if (desk_is(f->letters, "call|phone|voice"))
		f->m->type = "call";
	f->m->subject = desk_text(f->n, f->item, "subject");
	if (f->m->subject.p == NULL)
		f->m->subject = desk_text(f->n, f->conversation, "subject");
	read_people(f);
	if (desk_true(desk_get(f->item, "is_draft")) ||
	    desk_get(f->item, "draft_mode").doc != NULL)
		message_keyword(f->m, "draft");
	if (desk_is(desk_text(f->n, f->conversation, "status"), "spam"))
		message_keyword(f->m, "junk");
	desk_attach(f->n, desk_get(f->item, "attachments"));
	if (read_text(f, e) < 0 || message_data(f, e) < 0)
		return STAGE_REJECT;
	return desk_emit(f->n, "front", e);
}

/* What the staff says among itself. */
static enum stage_result
comment(struct front *f, struct err *e)
{
	struct writer *w;

	f->m->sent = desk_time(f->n, f->item, "posted_at|created_at");
	if (f->m->sent == TIME_NONE)
		return native_reject(
		    e, "no comment of Front: it has no posted_at");
	f->m->message_id = f->m->native_id = desk_text(f->n, f->item, "id");
	if (f->m->native_id.p == NULL)
		f->m->native_id = json_raw(f->item);
	f->m->direction = "internal";
	message_keyword(f->m, "private");
	front_teammate(f, desk_get(f->item, "author"), &f->m->from);
	f->m->subject = desk_text(f->n, f->conversation, "subject");
	desk_attach(f->n, desk_get(f->item, "attachments"));
	w = native_data(f->n);
	write_member(w, "subtype", STR("comment"));
	write_conversation(f, w);
	if (desk_body(f->n, desk_text(f->n, f->item, "body|text"), true, false,
		e) < 0 ||
	    native_data_end(f->n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(f->n, "front", e);
}

static enum stage_result
one(struct normalize *n, struct json item, struct json conversation,
    struct err *e)
{
	struct front f;

	front_begin(&f, n, item, conversation);
	return front_kind(item) == FRONT_COMMENT ? comment(&f, e)
						 : message(&f, e);
}

/* The messages or comments of a conversation; how many there are, or -1. */
static int64_t
parts(struct normalize *n, struct json list, const char *name,
    struct json conversation, struct err *e)
{
	struct json_iter it;
	struct json part;
	int64_t count = 0;

	if (json_type(list) == JSON_OBJECT)
		list = desk_get(list, "_results");
	it = json_each(list);
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &part)) {
		enum stage_result rc = one(n, part, conversation, e);

		count++;
		if (native_part(n, rc, name, (size_t)count, part, e) !=
		    STAGE_OK)
			return -1;
	}
	return count;
}

/* A conversation without its messages: that it is there, and how it stands. */
static enum stage_result
bare_conversation(struct normalize *n, struct json item, struct err *e)
{
	struct json who = desk_get(item, "recipient");
	struct writer *w;
	struct front f;

	front_begin(&f, n, item, item);
	f.m->type = "event";
	f.m->sent = desk_time(n, item, "created_at|updated_at|waiting_since");
	if (f.m->sent == TIME_NONE)
		return native_reject(e,
		    "a conversation of Front without messages and created_at");
	f.m->native_id = f.m->thread_id = desk_text(n, item, "id");
	if (f.m->native_id.p == NULL)
		f.m->native_id = native_content(n, item);
	f.m->subject = desk_text(n, item, "subject");
	if (json_type(who) == JSON_OBJECT)
		f.m->from = recipient(&f, who);
	w = native_data(n);
	write_member(w, "subtype", STR("conversation"));
	write_conversation(&f, w);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "front", e);
}

static enum stage_result
conversation(struct normalize *n, struct json item, struct json list,
    struct json comments, struct err *e)
{
	struct json last = desk_get(item, "last_message");
	int64_t messages = parts(n, list, "messages", item, e);
	int64_t notes =
	    messages < 0 ? -1 : parts(n, comments, "comments", item, e);

	if (notes < 0)
		return STAGE_FATAL;
	if (messages == 0 && desk_get(last, "created_at").doc != NULL)
		return one(n, last, item, e);
	return messages + notes > 0 ? STAGE_OK : bare_conversation(n, item, e);
}

/* Events tell of messages and comments, of what failed, and of all else that
 * was done. */

static enum stage_result
event(struct normalize *n, struct json item, struct err *e)
{
	struct json conversation = desk_get(item, "conversation");
	struct json source = native_at(item, "source/data");
	struct json target = native_at(item, "target/data");
	enum front_kind kind = front_kind(target);
	struct str type = desk_text(n, item, "type"), about[2];
	struct writer *w;
	struct front f;
	bool failed, receipt;

	failed = desk_is(type, "sending_error|message_bounce_error");
	if (!failed && ((kind == FRONT_MESSAGE &&
			    desk_get(target, "created_at").doc != NULL) ||
			   (kind == FRONT_COMMENT &&
			       desk_get(target, "posted_at").doc != NULL)))
		return one(n, target, conversation, e);
	front_begin(&f, n, item, conversation);
	f.m->type = "event";
	f.m->sent = desk_time(n, item, "emitted_at|created_at");
	if (f.m->sent == TIME_NONE)
		return native_reject(
		    e, "no event of Front: it has no emitted_at");
	f.m->native_id = f.m->message_id = desk_text(n, item, "id");
	if (f.m->native_id.p == NULL)
		f.m->native_id = native_content(n, item);
	f.m->direction = "internal";
	f.m->subject = desk_text(n, conversation, "subject");
	if (json_type(source) == JSON_OBJECT)
		front_teammate(&f, source, &f.m->from);
	about[0] = desk_ref(n, "front", desk_text(n, target, "id"));
	about[1] = desk_ref(n, "front", uid_of(&f, target, "uid:"));
	receipt = failed && about[0].p != NULL;
	type = desk_text(n, item, "type");
	w = native_data(n);
	if (receipt) {
		write_member(w, "act", STR("receipt"));
		write_member(w, "status", STR("failed"));
		write_member_strs(
		    w, "about", about, about[1].p == NULL ? 1 : 2);
		write_member(
		    w, "reason", desk_text(n, target, "error_type|error"));
	}
	write_member(w, "subtype", type);
	write_member(w, "target", desk_text(n, target, "name|username|id"));
	/* Whose status would stand in the place of the receipt's. */
	if (!receipt)
		write_conversation(&f, w);
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "front", e);
}

/* What webhooks of an application wrap. */
static struct json
unwrapped(struct json item)
{
	struct json inner = desk_get(item, "payload");

	return json_type(inner) == JSON_OBJECT &&
		       desk_get(item, "id").doc == NULL
		   ? inner
		   : item;
}

enum stage_result
front_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct json item = unwrapped(native);
	struct json around = desk_get(item, "conversation");
	struct json list = desk_get(item, "messages");
	struct json notes = desk_get(item, "comments");

	normalize_begin(n);
	/* {"conversation":{...},"messages":[...]} */
	if (json_type(around) == JSON_OBJECT &&
	    desk_get(item, "id").doc == NULL)
		return conversation(n, around, list, notes, e);
	if (json_type(around) != JSON_OBJECT)
		around = native_beside(n, "conversation");
	switch (front_kind(item)) {
	case FRONT_MESSAGE:
	case FRONT_COMMENT:
		return one(n, item, around, e);
	case FRONT_EVENT:
		return event(n, item, e);
	case FRONT_CONVERSATION:
		return conversation(n, item, list, notes, e);
	case FRONT_ROW:
		return front_row(n, item, e);
	default:
		return native_reject(e,
		    "neither a message, comment, conversation nor event of "
		    "Front");
	}
}
