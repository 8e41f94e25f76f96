/*
 * Writing a normalized record: one place that knows the order of the members,
 * how the id is made, and who is ours.
 */
#include "source/message.h"

#include "core/text/ascii.h"
#include "core/text/utf8.h"
#include "json/write.h"
#include "record/fields.h"
#include "record/id.h"
#include "text/phone.h"

void
message_init(struct message *m)
{
	struct arena arena = m->arena;

	arena_reset(&arena);
	*m = (struct message){
		.sent = TIME_NONE,
		.received = TIME_NONE,
		.workspace = m->workspace,
		.sink = m->sink,
		.us = m->us,
		.arena = arena,
	};
}

void
message_release(struct message *m)
{
	arena_release(&m->arena);
}

bool
message_keyword(struct message *m, const char *keyword)
{
	size_t max = sizeof(m->keywords) / sizeof(m->keywords[0]) - 1;

	for (size_t i = 0; i < max; i++) {
		if (m->keywords[i] == NULL) {
			m->keywords[i] = keyword;
			return true;
		}
		if (strcmp(m->keywords[i], keyword) == 0)
			return false;
	}
	return false;
}

void
message_add_address(
    struct message *m, struct address_list *list, struct address a)
{
	vec_add_in(&m->arena, list, a);
}

void
message_add_str(struct message *m, struct str_list *list, struct str s)
{
	vec_add_in(&m->arena, list, s);
}

void
message_add_attachment(struct message *m, struct attachment a)
{
	vec_add_in(&m->arena, &m->attachments, a);
}

/* "tel:" and what is written, with blanks for control characters; nothing where
 * there is nothing else. */
static struct str
tel_uri(struct message *m, struct str raw)
{
	char *clean = arena_alloc(&m->arena, raw.n + 1);

	for (size_t i = 0; i < raw.n; i++)
		clean[i] = ascii_is_control(raw.p[i]) ? ' ' : raw.p[i];
	raw = str_trim(str_make(clean, raw.n));
	if (str_starts_nocase(raw, STR("tel:")))
		raw = str_trim(str_sub(raw, 4, raw.n));
	return raw.n == 0 ? STR_NONE : ARENA_JOIN(&m->arena, STR("tel:"), raw);
}

void
message_phone(struct message *m, struct address *a, struct str raw)
{
	char e164[PHONE_SIZE];

	raw = str_trim(raw);
	if (raw.n == 0)
		return;
	if (phone_e164(raw, m->workspace->region, e164))
		a->tel = arena_dup(&m->arena, str_of(e164));
	else
		a->uri = tel_uri(m, raw);
}

static bool
is_ours(const struct workspace *c, const struct address *a)
{
	return (a->email.p != NULL && workspace_our_email(c, a->email)) ||
	       (a->tel.p != NULL && workspace_our_tel(c, a->tel)) ||
	       (a->uri.p != NULL && workspace_our_uri(c, a->uri));
}

/* Who writes to a list of ours writes to us. */
static size_t
count_ours(const struct workspace *c, const struct address_list *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += is_ours(c, &list->v[i]) ||
		     (c->lists.n > 0 && list->v[i].email.p != NULL &&
			 workspace_our_list(c, list->v[i].email));
	return n;
}

/* From us to all of us is internal, from us to anybody else outbound. */
const char *
message_direction(const struct message *m)
{
	const struct workspace *c = m->workspace;
	size_t recipients = m->to.n + m->cc.n;

	if (!is_ours(c, &m->from))
		return "inbound";
	if (recipients > 0 &&
	    count_ours(c, &m->to) + count_ours(c, &m->cc) == recipients)
		return "internal";
	return "outbound";
}

static void
write_address(struct writer *w, const struct address *a)
{
	write_object(w);
	write_member(w, "name", a->name);
	write_member(w, "email", a->email);
	write_member(w, "tel", a->tel);
	write_member(w, "uri", a->uri);
	write_object_end(w);
}

static bool
address_empty(const struct address *a)
{
	return a->name.p == NULL && a->email.p == NULL && a->tel.p == NULL &&
	       a->uri.p == NULL;
}

/* A name is one line: what goes on in another is no part of a header.  What
 * stands where an address should and is none is what they are called. */
static void
straighten(struct message *m, struct address *a)
{
	struct str no = STR_NONE;

	if (a->uri.p != NULL && !fields_is_uri(a->uri)) {
		no = a->uri;
		a->uri = STR_NONE;
	}
	if (a->email.p != NULL && !fields_is_email(a->email)) {
		no = a->email;
		a->email = STR_NONE;
	}
	if (a->name.p == NULL)
		a->name = no;
	a->name = utf8_one_line(a->name, &m->arena);
}

void
message_write_addresses(struct message *m, struct writer *w, const char *name,
    const struct address_list *list)
{
	if (list->n == 0)
		return;
	write_key(w, name);
	write_list(w);
	for (size_t i = 0; i < list->n; i++) {
		straighten(m, &list->v[i]);
		write_address(w, &list->v[i]);
	}
	write_list_end(w);
}

static void
write_attachments(struct writer *w, const struct message *m)
{
	if (m->attachments.n == 0)
		return;
	write_key(w, "attachments");
	write_list(w);
	for (size_t i = 0; i < m->attachments.n; i++) {
		const struct attachment *a = &m->attachments.v[i];

		write_object(w);
		write_member(w, "name", a->name);
		write_member(w, "type", a->type);
		if (a->size >= 0)
			write_member_int(w, "size", a->size);
		write_member(w, "blobId", a->blob_id);
		write_object_end(w);
	}
	write_list_end(w);
}

static void
write_keywords(struct writer *w, const struct message *m)
{
	if (m->keywords[0] == NULL)
		return;
	write_key(w, "keywords");
	write_list(w);
	for (size_t i = 0; m->keywords[i] != NULL; i++)
		write_z(w, m->keywords[i]);
	write_list_end(w);
}

/* Is one of us among who wrote and was written to? */
static void
tell_us(const struct message *m, const char *direction)
{
	struct str type = str_of(m->type);

	if (m->us == NULL ||
	    (!str_is(type, "message") && !str_is(type, "call")))
		return;
	us_see_parties(
	    m->us, &(struct us_parties){ .channel = str_of(m->channel),
		       .outbound = strcmp(direction, "outbound") == 0,
		       .from = m->from,
		       .sender = m->sender,
		       .to = m->to,
		       .cc = m->cc });
}

static void
write_head(struct writer *w, const struct message *m)
{
	const char *direction =
	    m->direction != NULL ? m->direction : message_direction(m);
	char id[ID_SIZE];

	if (m->id.p == NULL)
		record_id(id,
		    str_of(m->id_scope != NULL ? m->id_scope : m->channel),
		    m->id_without_account ? STR_NONE : m->account,
		    m->native_id);
	write_member(w, "id", m->id.p == NULL ? str_of(id) : m->id);
	write_member(w, "type", str_of(m->type));
	write_member(w, "channel", str_of(m->channel));
	write_member(w, "account", m->account);
	write_member(w, "direction", str_of(direction));
	tell_us(m, direction);
	write_member_time(w, "sentAt", m->sent);
	write_member_time(w, "receivedAt", m->received);
}

int
message_emit(struct message *m, struct err *e)
{
	struct writer w;

	straighten(m, &m->from);
	straighten(m, &m->sender);
	write_init(&w, sink_out(m->sink));
	write_object(&w);
	write_head(&w, m);
	if (!address_empty(&m->from)) {
		write_key(&w, "from");
		write_address(&w, &m->from);
	}
	if (!address_empty(&m->sender)) {
		write_key(&w, "sender");
		write_address(&w, &m->sender);
	}
	message_write_addresses(m, &w, "to", &m->to);
	message_write_addresses(m, &w, "cc", &m->cc);
	write_member(&w, "subject", m->subject);
	write_member(&w, "text", m->text);
	write_member(&w, "quoted", m->quoted);
	write_member(&w, "signature", m->signature);
	write_member(&w, "messageId", m->message_id);
	write_member_strs(&w, "inReplyTo", m->in_reply_to.v, m->in_reply_to.n);
	write_member_strs(&w, "references", m->references.v, m->references.n);
	write_member(&w, "threadId", m->thread_id);
	write_attachments(&w, m);
	write_keywords(&w, m);
	write_member_raw(&w, "data", m->data);
	write_member_raw(&w, "source", m->source);
	write_member_raw(&w, "native", m->native);
	write_object_end(&w);
	return sink_commit(m->sink, e);
}
