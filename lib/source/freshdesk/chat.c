/*
 * Freshchat (Freshdesk Messaging): messages of a conversation, in the API's
 * lists and in what its hooks bring.
 */
#include "source/freshdesk/freshdesk.h"

/* Text of all parts, a line each; pictures and files are attachments. */
static void
read_parts(struct freshdesk *f, struct json parts)
{
	static const char *const files[] = { "image", "file", "video", "audio",
		NULL };
	struct json_iter it = json_each(parts);
	struct message *m = &f->n->message;
	struct json part;

	while (json_type(parts) == JSON_LIST && json_next(&it, NULL, &part)) {
		struct str s =
		    freshdesk_str(f, freshdesk_get(f, part, "text"), "content");

		if (s.p != NULL)
			m->text =
			    m->text.p == NULL
				? s
				: ARENA_JOIN(&m->arena, m->text, STR("\n"), s);
		for (size_t i = 0; files[i] != NULL; i++) {
			struct json file = freshdesk_get(f, part, files[i]);
			struct attachment a = { .size = -1 };

			if (json_type(file) != JSON_OBJECT)
				continue;
			a.name = freshdesk_str(f, file, "name");
			a.type = freshdesk_str(f, file, "content_type");
			if (a.name.p == NULL)
				a.name = str_of(files[i]);
			message_add_attachment(m, a);
		}
	}
	m->text = ticket_text(f->n, m->text);
}

/* "user", "agent", "system", "bot" */
static enum ticket_role
role_of(struct str actor)
{
	return str_eq_nocase(actor, STR("user"))     ? TICKET_CUSTOMER
	       : str_eq_nocase(actor, STR("agent"))  ? TICKET_AGENT
	       : str_eq_nocase(actor, STR("bot"))    ? TICKET_BOT
	       : str_eq_nocase(actor, STR("system")) ? TICKET_SYSTEM
						     : TICKET_UNKNOWN;
}

static void
known(struct freshdesk *f, struct ticket_person *p)
{
	static const char *const lists[] = { "users", "agents", NULL };

	for (size_t i = 0; lists[i] != NULL && p->id.p != NULL; i++) {
		struct json list = freshdesk_get(f, f->around, lists[i]);

		if (json_type(list) == JSON_LIST)
			freshdesk_person(f, ticket_by_id(f->n, list, p->id), p);
	}
}

enum stage_result
freshdesk_message(struct freshdesk *f, struct json from, struct err *e)
{
	static const char *const times[] = { "created_time", "created_at",
		NULL };
	struct ticket t = {
		.service = "freshdesk", .channel = "chat", .created = TIME_NONE
	};
	struct ticket_part part = { .kind = "message" };
	struct message *m = ticket_begin(f->n, "message");
	struct json actor = freshdesk_get(f, f->around, "actor");
	struct writer *w;

	if (freshdesk_time(f, from, times, &m->sent) < 0)
		return native_reject(
		    e, "a message of Freshchat without the time of it");
	t.id = freshdesk_str(f, from, "conversation_id");
	if (t.id.p == NULL)
		t.id = freshdesk_str(f, f->around, "conversation_id");
	t.customer.id = freshdesk_str(f, from, "user_id");
	known(f, &t.customer);
	part.id = freshdesk_str(f, from, "id");
	part.author.id = freshdesk_str(f, from, "actor_id");
	part.author.role = role_of(freshdesk_str(f, from, "actor_type"));
	known(f, &part.author);
	if (str_eq(freshdesk_str(f, actor, "actor_id"), part.author.id))
		freshdesk_person(f, actor, &part.author);
	part.note = str_is(freshdesk_str(f, from, "message_type"), "private");
	if (str_is(freshdesk_str(f, from, "message_type"), "system"))
		part.author.role = TICKET_SYSTEM;
	if (part.author.role == TICKET_SYSTEM)
		m->type = "event";
	ticket_fill(f->n, &t, &part);
	if (part.id.p == NULL)
		m->native_id = json_raw(from);
	read_parts(f, freshdesk_get(f, from, "message_parts"));
	w = native_data(f->n);
	if (m->type[0] == 'e')
		write_member(w, "subtype", STR("system"));
	native_data_raw(w, "channel", freshdesk_get(f, from, "channel_id"));
	return native_data_end(f->n, e) < 0 ? STAGE_REJECT
					    : native_emit(f->n, e);
}

enum stage_result
freshdesk_chat(struct freshdesk *f, struct err *e)
{
	struct json list = freshdesk_get(f, f->item, "messages"), one;
	struct json_iter it = json_each(list);
	size_t number = 0;

	f->around = f->item;
	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		enum stage_result got =
		    json_type(one) == JSON_OBJECT
			? freshdesk_message(f, one, e)
			: native_reject(e, "no message of Freshchat");

		got = native_part(f->n, got, "messages", ++number, one, e);
		if (got != STAGE_OK)
			return got;
	}
	return STAGE_OK;
}
