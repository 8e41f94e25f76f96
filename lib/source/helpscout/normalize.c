/*
 * The meaning of Help Scout's threads: what it calls a thread is one message,
 * note or line of a conversation.
 */
#include "source/helpscout/helpscout.h"

struct view {
	struct normalize *n;
	struct message *m;
	struct json item, conversation;
	struct str kind; /* of the thread: "customer", "note" */
};

static struct str
text(struct view *v, struct json from, const char *names)
{
	return desk_text(v->n, from, names);
}

/* Customers and users count apart; `type` says which it is. */
static struct address
person(struct view *v, struct json who, const char *unless)
{
	struct str type = text(v, who, "type");
	struct str id = text(v, who, "id");
	struct address a = { 0 };
	int64_t number;

	if (json_type(who) != JSON_OBJECT)
		return a;
	desk_person(v->n, who, &a);
	/* 0 and 1 are nobody. */
	if (str_to_int(id, &number) == 0 && number > 1)
		a.uri = ARENA_JOIN(&v->m->arena, STR("helpscout:"),
		    desk_is(type, "customer") ? STR("customer")
		    : type.p == NULL          ? str_of(unless)
					      : STR("user"),
		    id);
	return a;
}

static struct json
customer(struct view *v)
{
	struct json who = desk_get(v->item, "customer");

	if (json_type(who) != JSON_OBJECT)
		who = desk_get(v->conversation, "primary_customer|customer");
	return who;
}

static bool
is_empty(const struct address *a)
{
	return a->name.p == NULL && a->email.p == NULL && a->tel.p == NULL &&
	       a->uri.p == NULL;
}

/* Addresses, written or as objects. */
static void
add_all(struct view *v, struct address_list *to, struct json list)
{
	struct json_iter it = json_each(list);
	struct json one;

	if (json_type(list) != JSON_LIST)
		return;
	while (json_next(&it, NULL, &one)) {
		struct address a = { 0 };

		if (json_type(one) == JSON_OBJECT)
			a = person(v, one, "customer");
		else
			native_email(v->n, &a, native_value(v->n, one));
		if (!is_empty(&a))
			message_add_address(v->m, to, a);
	}
}

/* The mailbox's own id is in the conversation alone. */
static struct str
mailbox(struct view *v)
{
	struct str id = text(v, v->conversation, "mailbox_id");

	if (id.p == NULL)
		id = text(v, desk_get(v->conversation, "mailbox"), "id");
	return id;
}

/* ".../v2/conversations/123/threads/" of a page of threads. */
static struct str
thread_of_page(struct view *v)
{
	struct json link = native_at(v->conversation, "_links/self/href");
	struct str url = native_value(v->n, link);
	ptrdiff_t at = str_find(url, STR("/conversations/"));

	if (at < 0)
		return STR_NONE;
	url = str_sub(url, (size_t)at + 15, url.n);
	return str_split(&url, '/');
}

static struct view
begin(struct normalize *n, struct json item, struct json conversation)
{
	struct view v = { n, normalize_begin(n), item, conversation, STR_NONE };
	struct str way;

	v.kind = text(&v, item, "type");
	v.m->type = "message";
	way = text(&v, conversation, "type");
	v.m->channel =
	    desk_is(way, "chat") || desk_is(v.kind, "chat|beaconchat") ? "chat"
	    : desk_is(way, "phone")                                    ? "voice"
				    : "email";
	v.m->account = mailbox(&v);
	v.m->thread_id = text(&v, item, "conversation_id");
	if (v.m->thread_id.p == NULL)
		v.m->thread_id = text(&v, conversation, "id");
	if (v.m->thread_id.p == NULL)
		v.m->thread_id = thread_of_page(&v);
	v.m->subject = text(&v, conversation, "subject");
	return v;
}

static void
write_conversation(struct view *v, struct writer *w)
{
	struct address a =
	    person(v, desk_get(v->conversation, "assignee|owner"), "user");

	write_member(w, "number", text(v, v->conversation, "number"));
	write_member(w, "status", text(v, v->conversation, "status"));
	write_member(w, "assignee", a.name.p != NULL ? a.name : a.email);
	desk_names(
	    v->n, w, "tags", desk_get(v->conversation, "tags"), "tag|name");
	native_data_raw(
	    w, "customFields", desk_get(v->conversation, "custom_fields"));
}

static int
write_data(struct view *v, struct err *e)
{
	struct json action = desk_get(v->item, "action");
	struct json source = desk_get(v->item, "source");
	struct address_list unseen = { 0 };
	struct writer *w = native_data(v->n);

	if (v->m->type[0] == 'e') {
		struct str s = text(v, action, "type");

		if (s.p == NULL)
			s = text(v, v->item, "action_type");
		write_member(w, "subtype", s.p == NULL ? STR("lineitem") : s);
	}
	write_member(w, "via", text(v, source, "type"));
	add_all(v, &unseen, desk_get(v->item, "bcc"));
	message_write_addresses(&v->n->message, w, "bcc", &unseen);
	write_conversation(v, w);
	return native_data_end(v->n, e);
}

/* Who wrote it: by its kind, and for chats by who made it. */
static void
read_direction(struct view *v)
{
	struct json by = desk_get(v->item, "created_by");
	struct str type = text(v, by, "type");
	struct str via = text(v, desk_get(v->item, "source"), "via");
	bool theirs =
	    desk_is(v->kind, "customer") ||
	    (!desk_is(v->kind, "message|note") &&
		(desk_is(type, "customer") ||
		    (type.p == NULL && desk_is(via, "customer")) ||
		    desk_true(desk_get(v->item, "created_by_customer"))));

	if (desk_is(v->kind, "note")) {
		v->m->direction = "internal";
		message_keyword(v->m, "private");
	} else {
		v->m->direction = theirs ? "inbound" : "outbound";
	}
	v->m->from = person(v, by, theirs ? "customer" : "user");
	if (theirs && is_empty(&v->m->from))
		v->m->from = person(v, customer(v), "customer");
	if (desk_is(type, "system_user")) {
		message_keyword(v->m, "automatic");
		message_keyword(v->m, "bot");
	}
	if (desk_is(v->kind, "note"))
		return;
	add_all(v, &v->m->to, desk_get(v->item, "to"));
	add_all(v, &v->m->cc, desk_get(v->item, "cc"));
	if (!theirs && v->m->to.n == 0) {
		struct address a = person(v, customer(v), "customer");

		if (!is_empty(&a))
			message_add_address(v->m, &v->m->to, a);
	}
}

static void
read_state(struct view *v)
{
	struct str state = text(v, v->item, "state");
	struct str action = text(v, desk_get(v->item, "action"), "type");

	if (desk_is(state, "draft|under_review|underreview|scheduled"))
		message_keyword(v->m, "draft");
	if (desk_is(state, "hidden|deleted"))
		message_keyword(v->m, "deleted");
	if (desk_is(text(v, v->conversation, "status"), "spam") ||
	    desk_is(text(v, v->item, "status"), "spam"))
		message_keyword(v->m, "junk");
	if (v->m->type[0] == 'm' &&
	    desk_is(action, "automatic_workflow|workflow"))
		message_keyword(v->m, "automatic");
}

/* Who telephoned, and what was noted of it. */
static int
phone_call(struct view *v, struct str said, struct err *e)
{
	struct writer *w;

	v->m->type = "call";
	v->m->direction = "inbound";
	v->m->from = person(v, customer(v), "customer");
	v->m->to.n = 0;
	if (desk_body(v->n, said, true, false, e) < 0)
		return -1;
	w = native_data(v->n);
	write_member(w, "disposition", STR("answered"));
	write_member(w, "note", v->m->text);
	v->m->text = STR_NONE;
	write_conversation(v, w);
	return native_data_end(v->n, e);
}

static enum stage_result
thread(struct normalize *n, struct json item, struct json conversation,
    struct err *e)
{
	struct view v = begin(n, item, conversation);
	struct json files = native_at(item, "_embedded/attachments");
	struct str said = text(&v, item, "body|text");
	struct str action = text(&v, desk_get(item, "action"), "text");

	v.m->sent = desk_time(n, item, "created_at");
	if (v.m->sent == TIME_NONE)
		return native_reject(
		    e, "no thread of Help Scout: it has no createdAt");
	v.m->native_id = v.m->message_id = text(&v, item, "id");
	if (v.m->native_id.p == NULL)
		v.m->native_id = native_content(n, item);
	if (desk_is(v.kind, "lineitem"))
		v.m->type = "event";
	read_direction(&v);
	read_state(&v);
	if (json_type(files) == JSON_NONE)
		files = desk_get(item, "attachments");
	desk_attach(n, files);
	if (v.m->type[0] == 'e') {
		v.m->direction = "internal";
		v.m->to.n = v.m->cc.n = 0;
		said = said.p == NULL ? action : said;
	}
	if (desk_is(v.kind, "phone")) {
		if (phone_call(&v, said, e) < 0)
			return STAGE_REJECT;
	} else if (desk_body(n, said, true, desk_letters(v.m), e) < 0 ||
		   write_data(&v, e) < 0) {
		return STAGE_REJECT;
	}
	return desk_emit(n, "helpscout", e);
}

static void
write_standing(void *arg, struct writer *w)
{
	write_conversation(arg, w);
}

static enum stage_result
standing(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item, item);
	struct desk_standing s = { .service = "helpscout",
		.kind = "conversation",
		.item = item,
		.sent = desk_time(n, item, "created_at|user_updated_at"),
		.id = text(&v, item, "id"),
		.excerpt = text(&v, item, "preview"),
		.html = true,
		.write = write_standing,
		.arg = &v };

	v.m->from = person(&v, customer(&v), "customer");
	return desk_standing(n, &s, e);
}

/* Of three: great, okay, not good, whose ids are 1, 2, 3. */
static struct str
score(struct view *v, struct json item)
{
	struct str s = text(v, item, "rating|rating_id");

	return desk_is(s, "1|great")                  ? STR("3")
	       : desk_is(s, "2|okay|ok")              ? STR("2")
	       : desk_is(s, "3|not_good|bad|notgood") ? STR("1")
						      : s;
}

static enum stage_result
rating(struct normalize *n, struct json item, struct err *e)
{
	struct view v = begin(n, item, JSON_ABSENT);
	struct json who = desk_get(item, "customer|rating_customer");
	struct str id = text(&v, item, "rating_customer_id");
	struct writer *w;

	v.m->sent =
	    desk_time(n, item, "rating_created_at|created_at|modified_at");
	if (v.m->sent == TIME_NONE)
		return native_reject(e, "a rating without a time");
	v.m->thread_id =
	    text(&v, item, "conversation_id|rating_conversation_id|id");
	v.m->native_id = native_content(n, item);
	v.m->direction = "inbound";
	v.m->from = person(&v, who, "customer");
	if (v.m->from.name.p == NULL)
		v.m->from.name = text(&v, item, "rating_customer_name");
	if (v.m->from.uri.p == NULL && id.p != NULL)
		v.m->from.uri =
		    ARENA_JOIN(&v.m->arena, STR("helpscout:customer"), id);
	w = native_data(n);
	desk_rating(n, w, score(&v, item), "3",
	    text(&v, item, "comments|rating_comments"));
	write_member(w, "aboutMessage", text(&v, item, "thread_id|threadid"));
	write_member(w, "assignee", text(&v, item, "rating_user_name"));
	if (native_data_end(n, e) < 0)
		return STAGE_REJECT;
	return desk_emit(n, "helpscout", e);
}

/* Every thread of a conversation, or of a page of them. */
static enum stage_result
threads(
    struct normalize *n, struct json list, struct json around, struct err *e)
{
	struct json_iter it = json_each(list);
	enum stage_result rc = STAGE_OK;
	struct json one;

	for (size_t i = 1; rc != STAGE_FATAL && json_next(&it, NULL, &one);
	     i++) {
		rc = thread(n, one, around, e);
		rc = native_part(n, rc, "threads", i, one, e);
	}
	return rc;
}

enum stage_result
helpscout_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct json item = desk_get(native, "item"), list;

	normalize_begin(n);
	if (json_type(item) != JSON_OBJECT)
		item = native;
	list = native_at(item, "_embedded/threads");
	if (json_type(list) != JSON_LIST)
		list = desk_get(item, "threads");
	if (json_type(list) == JSON_LIST && json_count(list) > 0)
		return threads(n, list, item, e);
	if (desk_get(item, "rating|rating_id").doc != NULL)
		return rating(n, item, e);
	if (desk_get(item, "number|subject|thread_count|folder_id").doc != NULL)
		return standing(n, item, e);
	if (desk_get(item, "type").doc != NULL)
		return thread(n, item, JSON_ABSENT, e);
	return native_reject(e,
	    "neither a conversation nor a thread nor a rating of Help Scout");
}
