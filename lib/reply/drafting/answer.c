#include "reply/drafting/answer.h"

#include "core/hash.h"
#include "core/text/utf8.h"
#include "json/write.h"
#include "reply/draft.h"
#include "reply/drafting/offers.h"
#include "reply/drafting/recipients.h"
#include "text/subject.h"

/* What a draft is made of, on its way. */
struct making {
	const struct answer *d;
	struct record *r; /* the request */
	struct arena *a;
	struct json route; /* JSON_ABSENT where there is none */
	struct str channel, account, subject, key, template;
	struct str service; /* whose transport takes it; or absent */
	const struct channel *row; /* the channel's, or NULL */
	struct str message_id;
	struct str body, text; /* text: without marks */
	struct party from, to;
	bool same_channel, automatic, markdown;
	struct recipients also; /* who stood in the request's To and Cc */
	bool copied; /* they read the answer, too */
	char id[ID_SIZE];
};

/* An address of the person on another channel, as recall knows them. */
static struct party
known_address(struct making *m)
{
	struct json_iter it =
	    json_each(json_get(record_get(m->r, "context"), "ids"));
	struct str scheme =
	    m->row == NULL ? m->channel : channel_scheme(m->row);
	struct json v;

	while (json_next(&it, NULL, &v)) {
		struct str key = json_str(v, m->a);
		struct str value =
		    str_sub(key, (size_t)(str_chr(key, ':') + 1), key.n);
		struct party p = { 0 };

		if (str_starts(key, STR("email:")))
			p.email = value;
		else if (str_starts(key, STR("tel:")))
			p.tel = value;
		else if (value.n < key.n &&
			 str_eq(str_sub(key, 0, key.n - value.n - 1), scheme))
			p.uri = key;
		if (party_address(&p, m->row).n > 0)
			return p;
	}
	return (struct party){ 0 };
}

static struct party
recipient(struct making *m)
{
	struct party p = { 0 };

	if (channel_replies_by_mail(m->row) && m->same_channel) {
		p = recipients_reply_to(m->r, m->d->workspace);
		if (p.email.n > 0)
			return p;
	}
	party_read(record_get(m->r, "from"), m->a, &p);
	p.name = utf8_one_line(p.name, m->a);
	if (party_address(&p, m->row).n > 0 ||
	    (m->service.n > 0 && party_any(&p).n > 0))
		return p;
	return known_address(m);
}

/* Our address: where the request went, else the transport's. */
static struct party
sender(struct making *m, const struct transport *t)
{
	static const char *const lists[] = { "to", "cc" };
	struct party p = { 0 };
	struct json v;

	if (channel_replies_by_mail(m->row) && str_chr(m->account, '@') > 0)
		p.email = m->account;
	if (!channel_replies_by_mail(m->row) &&
	    str_starts(m->account, STR("+")))
		p.tel = m->account;
	for (size_t i = 0; m->same_channel && p.email.n == 0 && i < 2; i++) {
		struct json_iter it = json_each(record_get(m->r, lists[i]));

		while (p.email.n == 0 && json_next(&it, NULL, &v)) {
			struct str email = json_str(json_get(v, "email"), m->a);

			if (channel_replies_by_mail(m->row) && email.n > 0 &&
			    workspace_our_email(m->d->workspace, email))
				p.email = email;
		}
	}
	if (t != NULL && t->from.n > 0 && p.email.n == 0 && p.tel.n == 0) {
		if (str_chr(t->from, '@') > 0)
			p.email = t->from;
		else if (t->from.p[0] == '+')
			p.tel = t->from;
		else
			p.uri = t->from;
	}
	if (t != NULL && (p.email.n > 0 || p.tel.n > 0 || p.uri.n > 0))
		p.name = t->from_name;
	return p;
}

static void
identify(struct making *m)
{
	struct str to = party_address(&m->to, m->row);
	struct str which = m->d->reminder == 0
			       ? m->d->again
			       : arena_printf(m->a, "%u", m->d->reminder);
	struct str parts[] = { STR("reply"), m->channel, to, m->d->conversation,
		record_str(m->r, "id"), m->template, which };
	size_t n = sizeof(parts) / sizeof(*parts);
	char key[ID_SIZE];
	ptrdiff_t at = str_rchr(m->from.email, '@');

	/* What came back goes out again under another key, and a second
	 * reminder under one of its own. */
	id_make(key, 'k', parts, which.n > 0 ? n : n - 1);
	m->key = arena_dup(m->a, str_of(key));
	if (channel_replies_by_mail(m->row) && at >= 0)
		m->message_id = ARENA_JOIN(m->a, str_of(key),
		    str_sub(m->from.email, (size_t)at, m->from.email.n));
	draft_id(m->id, m->channel, m->account, m->message_id, m->from.email,
	    m->key);
}

/* The template's, else the request's as an answer to it; one mark of an
 * answer is enough. */
static void
set_subject(struct making *m)
{
	struct str own = utf8_one_line(str_trim(buf_str(m->d->subject)), m->a);
	struct str bare;
	int marks;

	if (own.n == 0 && channel_replies_by_mail(m->row)) {
		own =
		    utf8_one_line(str_trim(record_str(m->r, "subject")), m->a);
		bare = subject_bare(own, m->a, &marks);
		marks = 2;
	} else {
		bare = subject_bare(own, m->a, &marks);
	}
	m->subject =
	    marks < 2 ? own : str_trim(ARENA_JOIN(m->a, STR("Re: "), bare));
}

static int
set_body(struct making *m, struct err *e)
{
	struct buf plain;
	int rc = 0;

	m->markdown = template_markdown(m->d->template);
	m->body = str_trim_right(buf_str(m->d->body));
	m->text = m->body;
	if (!m->markdown)
		return 0;
	buf_init(&plain, 4 * MARKDOWN_MAX);
	rc = markdown_render(m->body, MARKUP_TEXT, &plain, e);
	m->text = arena_dup(m->a, buf_str(&plain));
	buf_release(&plain);
	return rc;
}

static int
prepare(struct making *m, struct err *e)
{
	const struct answer *d = m->d;
	struct str own = record_str(m->r, "channel");
	const struct transport *t;

	m->channel = answer_channel(m->r, m->route);
	m->row = channel_named(m->channel);
	m->same_channel = str_eq(m->channel, own);
	if (m->same_channel) {
		m->account = record_str(m->r, "account");
		m->service = json_str(
		    json_get(record_get(m->r, "source"), "format"), m->a);
	}
	t = transports_find(d->transports, m->channel, m->account, m->service);
	if (t == NULL || !str_eq(t->service, m->service))
		m->service = STR_NONE;
	m->template = str_of(template_name(d->template));
	m->automatic = template_automatic(d->template);
	m->to = recipient(m);
	m->from = sender(m, t);
	recipients_also(m->r, d->workspace, &m->to, d->wrote, &m->also);
	m->copied = channel_replies_by_mail(m->row) && m->same_channel &&
		    !m->automatic && !template_marketing(d->template);
	buf_reset(d->subject);
	buf_reset(d->body);
	if (template_render(
		d->template, record_root(m->r), d->subject, d->body, e) < 0)
		return -1;
	set_subject(m);
	identify(m);
	return set_body(m, e);
}

static void
write_party(struct writer *w, const struct party *p)
{
	write_object(w);
	write_member(w, "name", p->name);
	write_member(w, "email", p->email);
	write_member(w, "tel", p->tel);
	write_member(w, "uri", p->uri);
	write_object_end(w);
}

static void
write_to(struct writer *w, struct making *m)
{
	write_key(w, "to");
	write_list(w);
	if (party_address(&m->to, m->row).n > 0 ||
	    (m->service.n > 0 && party_any(&m->to).n > 0))
		write_party(w, &m->to);
	write_list_end(w);
}

static void
write_parties(
    struct writer *w, const char *name, const struct party *v, size_t n)
{
	if (n == 0)
		return;
	write_key(w, name);
	write_list(w);
	for (size_t i = 0; i < n; i++)
		write_party(w, &v[i]);
	write_list_end(w);
}

/* How many of the others read along. */
static size_t
copies(const struct making *m)
{
	if (!m->copied)
		return 0;
	return m->also.n < DRAFT_CC ? m->also.n : DRAFT_CC;
}

/* The request's own ids, for the thread to go on (RFC 5322 3.6.4). */
static void
write_thread(struct writer *w, struct making *m)
{
	struct str id = record_str(m->r, "messageId");
	struct json before = record_get(m->r, "references"), v;
	struct json_iter it;

	write_member(w, "messageId", m->message_id);
	if (!m->same_channel)
		return;
	if (json_count(before) == 0 &&
	    json_count(record_get(m->r, "inReplyTo")) == 1)
		before = record_get(m->r, "inReplyTo");
	if (id.n > 0) {
		write_key(w, "inReplyTo");
		write_list(w);
		write_str(w, id);
		write_list_end(w);
		write_key(w, "references");
		write_list(w);
		it = json_each(before);
		while (json_next(&it, NULL, &v))
			if (json_type(v) == JSON_STRING && !json_is_str(v, id))
				write_raw(w, json_raw(v));
		write_str(w, id);
		write_list_end(w);
	}
	write_member(w, "threadId", record_str(m->r, "threadId"));
}

/* What is known of the person, and what they said since. */
static void
write_consent(struct writer *w, struct making *m, struct json known)
{
	struct consents all = { 0 };

	consents_read(known, m->a, &all);
	if (m->d->consents != NULL)
		consents_add(&all, m->d->consents);
	if (all.n > 0) {
		write_key(w, "consent");
		consents_write(&all, w);
	}
	consents_release(&all);
}

/* What the preflight needs to know of the person. */
static void
write_context(struct writer *w, struct making *m)
{
	struct json context = record_get(m->r, "context");
	struct json consent = json_get(context, "consent");
	struct str zone = json_str(json_get(context, "zone"), m->a);

	if (m->d->consents == NULL && zone.n == 0 &&
	    json_type(consent) == JSON_NONE)
		return;
	write_key(w, "context");
	write_object(w);
	write_consent(w, m, consent);
	if (zone.n > 0)
		write_member(w, "zone", zone);
	write_object_end(w);
}

/* Of those that it would go to. */
static void
write_bounced(struct writer *w, struct making *m)
{
	bool any = false;

	for (size_t i = 0; i <= copies(m); i++) {
		const struct party *p = i == 0 ? &m->to : &m->also.v[i - 1];
		struct str address =
		    i == 0 ? party_address(p, m->row) : p->email;
		const struct bounce *b =
		    bounced_find(m->d->bounced, address, m->a);

		if (b == NULL)
			continue;
		if (!any) {
			write_key(w, "bounced");
			write_list(w);
		}
		any = true;
		bounce_write(w, address, b);
	}
	if (!any)
		return;
	write_list_end(w);
	offers_write(w, m->r, m->d->bounced, m->a);
}

/* What it answers, or reminds of, and when they last wrote there. */
static void
write_what(struct writer *w, struct making *m)
{
	struct str id = record_str(m->r, "id");
	bool reminder = m->d->reminder > 0;

	write_member(w, reminder ? "reminds" : "answers", id);
	if (reminder)
		write_member_int(w, "reminder", m->d->reminder);
	if (m->d->seen.n > 0 && (reminder || !str_eq(m->d->seen, id)))
		write_member(w, "seen", m->d->seen);
	write_member_time(w, "answersAt",
	    m->same_channel && !reminder ? record_time(m->r)
					 : m->d->wrote_there);
}

static void
write_reply(struct writer *w, struct making *m)
{
	char drafted[ID_SIZE];

	write_key(w, "reply");
	write_object(w);
	write_member(w, "channel", m->channel);
	write_to(w, m);
	write_parties(w, "cc", m->also.v, copies(m));
	if (m->also.n > copies(m))
		write_parties(
		    w, "leftOut", m->also.v + copies(m), m->also.n - copies(m));
	if (m->subject.n > 0)
		write_member(w, "subject", m->subject);
	write_member(w, "body", m->body);
	write_member(w, "format", m->markdown ? STR("markdown") : STR("text"));
	draft_hash(drafted, m->text);
	write_member(w, "drafted", str_of(drafted));
	write_member(w, "service", m->service);
	write_member(w, "template", m->template);
	write_member(w, "fill", template_fill(m->d->template));
	if (template_marketing(m->d->template))
		write_member(w, "purpose", STR("marketing"));
	if (m->automatic) {
		write_key(w, "automatic");
		write_bool(w, true);
	}
	write_what(w, m);
	write_bounced(w, m);
	if (m->d->again.n > 0)
		write_member_time(w, "again", m->d->again_at);
	write_member(w, "idempotencyKey", m->key);
	write_object_end(w);
}

static void
write_draft(struct writer *w, struct making *m)
{
	write_object(w);
	write_member(w, "id", str_of(m->id));
	write_member(w, "type", STR("message"));
	write_member(w, "channel", m->channel);
	write_member(w, "account", m->account);
	write_member(w, "direction", STR("outbound"));
	if (m->from.email.n > 0 || m->from.tel.n > 0 || m->from.uri.n > 0) {
		write_key(w, "from");
		write_party(w, &m->from);
	}
	write_to(w, m);
	write_parties(w, "cc", m->also.v, copies(m));
	if (m->subject.n > 0)
		write_member(w, "subject", m->subject);
	write_member(w, "text", m->text);
	write_thread(w, m);
	write_key(w, "keywords");
	write_list(w);
	if (m->automatic)
		write_z(w, "automatic");
	write_z(w, "draft");
	write_list_end(w);
	write_member(w, "person", record_str(m->r, "person"));
	write_member(w, "conversation", m->d->conversation);
	write_context(w, m);
	if (json_type(m->route) == JSON_OBJECT)
		write_member_raw(w, "route", json_raw(m->route));
	write_reply(w, m);
	write_object_end(w);
}

/* The channel to answer on, by the route. */
struct str
answer_channel(struct record *request, struct json route)
{
	struct str s =
	    json_str(json_get(route, "replyOn"), record_arena(request));

	return s.n > 0 ? s : record_str(request, "channel");
}

int
answer_write(const struct answer *x, struct buf *out, struct err *e)
{
	struct making m = { .d = x,
		.r = x->request,
		.a = record_arena(x->request),
		.route = x->route };
	struct writer w;

	if (prepare(&m, e) < 0)
		return -1;
	write_init(&w, out);
	write_draft(&w, &m);
	return 0;
}
