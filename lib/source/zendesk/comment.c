/*
 * Comments: what people wrote, noted and said on the telephone.
 */
#include "source/zendesk/zendesk.h"

#include <stdlib.h>

/* Between a ticket and the comment that opened it. */
#define OPENS_WITHIN (120 * TIME_SECOND)

static const char *const when_names[] = { "created_at", "created", NULL };
static const char *const bodies[] = { "plain_body", "body", NULL };

static struct str
first_of(struct normalize *n, enum ticket_spelling how, struct json v,
    const char *const *names)
{
	struct str s = STR_NONE;

	for (; s.p == NULL && *names != NULL; names++)
		s = native_value(n, ticket_get(how, v, *names));
	return s;
}

static int
time_of(
    struct normalize *n, enum ticket_spelling how, struct json v, int64_t *out)
{
	return native_time_utc(n, first_of(n, how, v, when_names), out);
}

/* Equal but for what is between the words. */
static bool
says_same(struct str a, struct str b)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < a.n && (unsigned char)a.p[i] <= ' ')
			i++;
		while (j < b.n && (unsigned char)b.p[j] <= ' ')
			j++;
		if (i == a.n || j == b.n)
			return i == a.n && j == b.n;
		if (a.p[i++] != b.p[j++])
			return false;
	}
}

/*
 * Its words are the ticket's, and of its time: somebody may say the same again.
 * A ticket without words of its own was opened by what was said when it was
 * made.
 */
bool
zendesk_opens(enum ticket_spelling how, struct json ticket, struct json comment,
    struct normalize *n)
{
	struct str words =
	    native_value(n, ticket_get(how, ticket, "description"));
	struct str id = native_value(n, ticket_get(how, comment, "ticket_id"));
	struct str own = native_value(n, ticket_get(how, ticket, "id"));
	int64_t made, said;

	if (json_type(ticket) != JSON_OBJECT ||
	    (id.p != NULL && own.p != NULL && !str_eq(id, own)))
		return false;
	if (time_of(n, how, ticket, &made) < 0)
		return false;
	/* An event of an audit has the audit's time. */
	if (time_of(n, how, comment, &said) < 0)
		said = made;
	if (words.p == NULL)
		return said == made;
	if (llabs(said - made) > OPENS_WITHIN)
		return false;
	for (size_t i = 0; bodies[i] != NULL; i++)
		if (says_same(words,
			native_value(n, ticket_get(how, comment, bodies[i]))))
			return true;
	return false;
}

/* What people read: plain text, else the HTML, else what was typed. */
static int
read_text(struct zendesk *z, struct json comment, struct err *e)
{
	struct str plain = zendesk_str(z, comment, "plain_body");
	struct str html = zendesk_str(z, comment, "html_body");
	struct str body = zendesk_str(z, comment, "body");
	struct str text = plain.p != NULL ? plain : body;

	if (text.p == NULL && html.p != NULL &&
	    native_html(z->n, html, &text, e) < 0)
		return -1;
	z->n->message.text = ticket_text(z->n, text);
	return 0;
}

static struct str
rel_of(struct zendesk *z, struct json v)
{
	return zendesk_str(
	    z, zendesk_get(z, zendesk_get(z, v, "via"), "source"), "rel");
}

static bool
is_call(struct zendesk *z, struct json comment)
{
	static const char *const types[] = { "VoiceComment", "TpeVoiceComment",
		"voice_comment", NULL };

	return str_is_one_of(zendesk_str(z, comment, "type"), types) ||
	       zendesk_true(z, comment, "voice_comment");
}

static struct str
disposition(struct str rel, struct str answered, struct str seconds)
{
	if (str_find(rel, STR("voicemail")) >= 0)
		return STR("voicemail");
	if (answered.p != NULL)
		return STR("answered");
	return seconds.p != NULL && !str_is(seconds, "0") ? STR("answered")
							  : STR("no answer");
}

/* Who called whom stands in its data; the comment's author is who answered. */
static void
read_call(struct zendesk *z, struct json comment, const struct ticket *t)
{
	static const char *const from_names[] = { "from", "from_line",
		"formatted_from", NULL };
	static const char *const to_names[] = { "to", "to_line", "formatted_to",
		NULL };
	struct json data = zendesk_get(z, comment, "data");
	struct str rel = rel_of(z, comment);
	bool out = str_find(rel, STR("outbound")) >= 0 ||
		   str_is(zendesk_str(z, data, "direction"), "outbound");
	struct message *m = &z->n->message;
	struct address from = { 0 }, to = { 0 };
	struct address who = ticket_address(z->n, "zendesk", &t->customer);
	struct address *customer = out ? &to : &from;
	struct str text = zendesk_str(z, data, "transcription_text");

	message_phone(m, &from, zendesk_any(z, data, from_names));
	message_phone(m, &to, zendesk_any(z, data, to_names));
	customer->name = who.name;
	if (customer->uri.p == NULL)
		customer->uri = who.uri;
	if (out)
		from =
		    from.tel.p == NULL && from.uri.p == NULL ? m->from : from;
	m->from = from;
	m->to = (struct address_list){ 0 };
	if (to.tel.p != NULL || to.uri.p != NULL || to.name.p != NULL)
		message_add_address(m, &m->to, to);
	m->channel = "voice";
	m->direction = out ? "outbound" : "inbound";
	if (text.p != NULL)
		m->text = ticket_text(z->n, text);
	(void)zendesk_time(z, zendesk_get(z, data, "started_at"), &m->sent);
	(void)zendesk_time(
	    z, zendesk_get(z, data, "call_started_at"), &m->sent);
}

static void
write_call(struct zendesk *z, struct json comment, struct writer *w)
{
	static const char *const lengths[] = { "call_duration", "duration",
		"recording_duration", NULL };
	struct json data = zendesk_get(z, comment, "data");
	struct str seconds = zendesk_any(z, data, lengths);
	struct str agent = zendesk_str(z, data, "answered_by_id");
	int64_t n;

	if (seconds.p != NULL && str_to_int(seconds, &n) == 0)
		write_member_int(w, "duration", n);
	write_member(
	    w, "disposition", disposition(rel_of(z, comment), agent, seconds));
	write_member(w, "answeredBy", native_uri(z->n, "zendesk", agent));
	native_data_raw(w, "recording", zendesk_get(z, data, "recording_url"));
	native_data_raw(w, "location", zendesk_get(z, data, "location"));
	native_data_raw(w, "callId", zendesk_get(z, data, "call_id"));
}

/* The mail's own id, by which its copy elsewhere is known. */
static void
read_mail_id(struct zendesk *z, struct json comment, struct message *m)
{
	struct json system =
	    zendesk_get(z, zendesk_get(z, comment, "metadata"), "system");
	struct str id = zendesk_str(z, system, "message_id");

	if (!str_is(str_of(m->channel), "email") || id.n == 0)
		return;
	if (str_starts(id, STR("<")) && str_ends(id, STR(">")))
		id = str_sub(id, 1, id.n - 2);
	if (str_chr(id, '@') > 0)
		m->message_id = id;
}

/* Lines of Zendesk's own in a comment's place: two tickets became one. */
static bool
is_merge(struct zendesk *z, struct json comment)
{
	return str_is(rel_of(z, comment), "merge") ||
	       str_is(zendesk_via(z, comment), "merge");
}

static bool
is_rule(struct str via)
{
	static const char *const rules[] = { "rule", "trigger", "automation",
		"8", "system", NULL };

	return str_is_one_of(via, rules);
}

static int
write_comment(struct zendesk *z, struct json comment, struct str via,
    bool opens, bool call, struct err *e)
{
	struct writer *w = native_data(z->n);
	struct json ticket = z->ticket;

	if (is_merge(z, comment))
		write_member(w, "subtype", STR("merge"));
	write_member(w, "via", via.p != NULL ? via : zendesk_via(z, ticket));
	if (call)
		write_call(z, comment, w);
	if (opens) {
		native_data_raw(w, "status", zendesk_get(z, ticket, "status"));
		native_data_raw(
		    w, "priority", zendesk_get(z, ticket, "priority"));
		native_data_raw(
		    w, "ticketType", zendesk_get(z, ticket, "type"));
		native_data_raw(w, "tags", zendesk_get(z, ticket, "tags"));
		native_data_raw(
		    w, "assignee", zendesk_get(z, ticket, "assignee_id"));
		native_data_raw(w, "group", zendesk_get(z, ticket, "group_id"));
		native_data_raw(w, "organization",
		    zendesk_get(z, ticket, "organization_id"));
	}
	return native_data_end(z->n, e);
}

static struct ticket_part
part_of(struct zendesk *z, struct json comment)
{
	static const char *const authors[] = { "author_id", "user_id", NULL };
	struct ticket_part part = { .kind = "comment" };
	struct json author = zendesk_get(z, comment, "author");

	part.id = zendesk_str(z, comment, "id");
	part.opens =
	    z->opening || zendesk_opens(z->how, z->ticket, comment, z->n);
	part.note = zendesk_false(z, comment, "public") ||
		    zendesk_false(z, comment, "is_public");
	part.author =
	    zendesk_person(z, zendesk_any(z, comment, authors), author);
	return part;
}

enum stage_result
zendesk_comment(
    struct zendesk *z, struct json comment, struct json when, struct err *e)
{
	bool call = is_call(z, comment), merge = is_merge(z, comment);
	struct ticket_part part;
	struct message *m;
	struct ticket t;
	struct str via;

	m = zendesk_begin(z,
	    call    ? "call"
	    : merge ? "event"
		    : "message",
	    comment, &t);
	if (time_of(z->n, z->how, comment, &m->sent) < 0 &&
	    zendesk_time(z, when, &m->sent) < 0)
		return native_reject(
		    e, "a comment of Zendesk without the time of it");
	part = part_of(z, comment);
	via = zendesk_via(z, comment);
	part.note &= !call;
	if (str_is(str_of(t.channel), "voice") && !call)
		t.channel = "ticket";
	if (merge)
		part.author.role = TICKET_SYSTEM;
	ticket_fill(z->n, &t, &part);
	if (part.id.p == NULL && !part.opens)
		m->native_id = json_raw(comment);
	if (part.author.role == TICKET_CUSTOMER && m->from.name.p == NULL)
		m->from.name = str_eq(part.author.id, t.customer.id)
				   ? t.customer.address.name
				   : m->from.name;
	if (str_eq(part.author.id, t.customer.id))
		m->from = ticket_address(z->n, "zendesk", &t.customer);
	if (read_text(z, comment, e) < 0)
		return STAGE_REJECT;
	if (call)
		read_call(z, comment, &t);
	read_mail_id(z, comment, m);
	ticket_attach(z->n, z->how, zendesk_get(z, comment, "attachments"));
	if (is_rule(via))
		message_keyword(m, "automatic");
	if (str_eq_nocase(zendesk_str(z, z->ticket, "status"), STR("deleted")))
		message_keyword(m, "deleted");
	return write_comment(z, comment, via, part.opens, call, e) < 0
		   ? STAGE_REJECT
		   : native_emit(z->n, e);
}

/* What of a list is none costs itself. */
enum stage_result
zendesk_comments(struct zendesk *z, struct json list, struct err *e)
{
	struct json_iter it = json_each(list);
	struct json one;
	size_t number = 0;

	while (json_type(list) == JSON_LIST && json_next(&it, NULL, &one)) {
		enum stage_result got =
		    json_type(one) == JSON_OBJECT
			? zendesk_comment(z, one, JSON_ABSENT, e)
			: native_reject(e, "no comment of Zendesk");

		got = native_part(z->n, got, "comments", ++number, one, e);
		if (got != STAGE_OK)
			return got;
	}
	return STAGE_OK;
}
