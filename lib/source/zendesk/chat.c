/*
 * Zendesk Chat: a chat with its history, a message that was left while nobody
 * was there, and rows of chats.
 */
#include "source/zendesk/zendesk.h"

struct chat {
	struct str id;
	struct json visitor;
};

static struct ticket_person
visitor_of(struct zendesk *z, const struct chat *c)
{
	struct ticket_person p = zendesk_person(z, STR_NONE, c->visitor);

	p.role = TICKET_CUSTOMER;
	return p;
}

static struct message *
begin(
    struct zendesk *z, const struct chat *c, const char *type, struct ticket *t)
{
	struct message *m = ticket_begin(z->n, type);

	*t = (struct ticket){ .service = "zendesk",
		.created = TIME_NONE,
		.channel = "chat",
		.id = c->id,
		.customer = visitor_of(z, c) };
	return m;
}

/* "visitor:...", "agent:1234", "agent:system", "1234" */
static struct ticket_person
author_of(
    const struct ticket *t, struct str nick, struct str sender, struct str name)
{
	struct ticket_person p = { .id = nick };
	struct str id = nick, kind = str_split(&id, ':');

	if (str_is(kind, "visitor") || str_eq_nocase(sender, STR("visitor")) ||
	    str_eq_nocase(sender, STR("EndUser")))
		return t->customer;
	if (str_is(id, "system") || str_is(id, "trigger") ||
	    str_eq_nocase(sender, STR("trigger"))) {
		p = (struct ticket_person){ .role = TICKET_BOT };
	} else {
		if (id.n > 0)
			p.id = id;
		p.role =
		    str_is(kind, "agent") || str_eq_nocase(sender, STR("agent"))
			? TICKET_AGENT
			: TICKET_UNKNOWN;
	}
	p.address.name = name;
	return p;
}

static int
write_event(struct zendesk *z, struct json event, struct str type, bool speech,
    struct err *e)
{
	struct writer *w = native_data(z->n);

	if (!speech)
		write_member(w, "subtype", type);
	native_data_raw(w, "reason", zendesk_get(z, event, "reason"));
	native_data_raw(
	    w, "department", zendesk_get(z, event, "department_name"));
	native_data_raw(
	    w, "ticket", zendesk_get(z, z->item, "zendesk_ticket_id"));
	return native_data_end(z->n, e);
}

static bool
is_rating(struct str type)
{
	static const char *const types[] = { "chat.rating", "ChatRating",
		NULL };

	return str_is_one_of(type, types);
}

static enum stage_result
rate(struct zendesk *z, const struct chat *c, struct str score,
    struct str comment, int64_t at, struct err *e)
{
	struct ticket_rating r = { .of = 1, .at = at, .comment = comment };
	struct ticket t;

	if (!str_is(score, "good") && !str_is(score, "bad")) {
		sink_sum(z->n->sink, "ratings not given", 1);
		return STAGE_OK;
	}
	(void)begin(z, c, "event", &t);
	r.score = str_is(score, "good");
	r.word = score;
	return ticket_rate(z->n, &t, &r, e);
}

/* One line of the history. */
static enum stage_result
line(struct zendesk *z, const struct chat *c, struct json event, size_t i,
    struct err *e)
{
	static const char *const words[] = { "msg", "message", "body",
		"options", NULL };
	static const char *const speech[] = { "chat.msg", "ChatMessage",
		"chat.triggered", "chat.file.upload", "ChatFileAttachment",
		NULL };
	static const char *const nicks[] = { "nick", "agent_id", "actor_id",
		"sender_id", NULL };
	static const char *const ids[] = { "msg_id", "message_id", NULL };
	static const char *const times[] = { "timestamp", "created_at", NULL };
	static const char *const names[] = { "name", "display_name", NULL };
	struct ticket_part part = { .kind = "chat" };
	struct str type = zendesk_str(z, event, "type");
	struct str sender = zendesk_str(z, event, "sender_type");
	bool says;
	struct message *m;
	struct ticket t;

	m = begin(z, c, "message", &t);
	if (native_time_utc(z->n, zendesk_any(z, event, times), &m->sent) < 0)
		return native_reject(
		    e, "a line of a chat without the time of it");
	if (is_rating(type))
		return rate(z, c, zendesk_str(z, event, "new_rating"), STR_NONE,
		    m->sent, e);
	m->text = ticket_text(z->n, zendesk_any(z, event, words));
	says = str_is_one_of(type, speech) &&
	       (m->text.p != NULL || str_find(type, STR("ile")) >= 0);
	if (!says)
		m->type = "event";
	part.id = zendesk_any(z, event, ids);
	if (part.id.p == NULL)
		part.id =
		    arena_printf(&m->arena, "%.*s/%zu", STR_ARG(c->id), i);
	part.author = author_of(&t, zendesk_any(z, event, nicks), sender,
	    zendesk_any(z, event, names));
	if (str_is(type, "chat.triggered"))
		part.author.role = TICKET_BOT;
	if (!says)
		part.author.role = TICKET_SYSTEM;
	ticket_fill(z->n, &t, &part);
	if (json_type(zendesk_get(z, event, "attachment")) == JSON_OBJECT)
		message_add_attachment(m,
		    (struct attachment){
			.name = zendesk_str(
			    z, zendesk_get(z, event, "attachment"), "name"),
			.type = zendesk_str(z,
			    zendesk_get(z, event, "attachment"), "mime_type"),
			.size = -1 });
	if (zendesk_str(z, event, "filename").p != NULL)
		message_add_attachment(
		    m, (struct attachment){
			   .name = zendesk_str(z, event, "filename"),
			   .type = zendesk_str(z, event, "mime_type"),
			   .size = -1 });
	return write_event(z, event, type, says, e) < 0 ? STAGE_REJECT
							: native_emit(z->n, e);
}

/* {"type":"offline_msg","message":"..."} */
static enum stage_result
left_message(struct zendesk *z, const struct chat *c, struct err *e)
{
	struct ticket_part part = {
		.kind = "chat", .id = c->id, .opens = false
	};
	struct message *m;
	struct ticket t;

	m = begin(z, c, "message", &t);
	if (zendesk_time(z, zendesk_get(z, z->item, "timestamp"), &m->sent) < 0)
		return native_reject(
		    e, "a message left in a chat without the time of it");
	part.author = t.customer;
	ticket_fill(z->n, &t, &part);
	m->text = ticket_text(z->n, zendesk_str(z, z->item, "message"));
	return write_event(z, z->item, STR_NONE, true, e) < 0
		   ? STAGE_REJECT
		   : native_emit(z->n, e);
}

static bool
has_rating(struct zendesk *z, struct json history)
{
	struct json_iter it = json_each(history);
	struct json one;

	while (json_next(&it, NULL, &one))
		if (is_rating(zendesk_str(z, one, "type")))
			return true;
	return false;
}

enum stage_result
zendesk_chat(struct zendesk *z, struct err *e)
{
	struct json history = zendesk_get(z, z->item, "history"), one;
	struct json_iter it = json_each(history);
	struct chat c = { .visitor = zendesk_get(z, z->item, "visitor") };
	enum stage_result got = STAGE_OK;
	int64_t at = TIME_NONE;

	(void)normalize_begin(z->n);
	c.id = zendesk_str(z, z->item, "id");
	if (json_type(zendesk_get(z, z->item, "message")) == JSON_STRING)
		got = left_message(z, &c, e);
	for (size_t i = 0;
	     json_type(history) == JSON_LIST && json_next(&it, NULL, &one);
	     i++) {
		got = line(z, &c, one, i, e);
		got = native_part(z->n, got, "history", i + 1, one, e);
		if (got != STAGE_OK)
			return got;
	}
	if (got != STAGE_OK || has_rating(z, history) ||
	    json_type(zendesk_get(z, z->item, "rating")) != JSON_STRING)
		return got;
	(void)zendesk_time(z, zendesk_get(z, z->item, "timestamp"), &at);
	return rate(z, &c, zendesk_str(z, z->item, "rating"),
	    zendesk_str(z, z->item, "comment"), at, e);
}

/* A row: chat_id, created_at, actor_id, type, message ... */
enum stage_result
zendesk_chat_event(struct zendesk *z, struct err *e)
{
	struct chat c = { .visitor = JSON_ABSENT };
	int64_t index = 0;
	struct str i;

	(void)normalize_begin(z->n);
	c.id = zendesk_str(z, z->item, "chat_id");
	i = zendesk_str(z, z->item, "chat_index");
	if (i.p != NULL)
		(void)str_to_int(i, &index);
	return line(z, &c, z->item, (size_t)index, e);
}
