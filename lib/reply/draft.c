#include "reply/draft.h"

#include "core/time.h"
#include "json/write.h"
#include "record/id.h"
#include "text/unicode.h"

void
party_read(struct json v, struct arena *a, struct party *out)
{
	*out = (struct party){
		.name = json_str(json_get(v, "name"), a),
		.email = json_str(json_get(v, "email"), a),
		.tel = json_str(json_get(v, "tel"), a),
		.uri = json_str(json_get(v, "uri"), a),
	};
	/* As SMTP takes it (RFC 5890). */
	out->email = idna_address(out->email, a);
}

struct str
party_address(const struct party *p, const struct channel *c)
{
	switch (c == NULL ? TO_URI : c->to) {
	case TO_EMAIL:
		return p->email;
	case TO_TEL:
		return p->tel;
	case TO_TEL_OR_URI:
		return p->tel.n > 0 ? p->tel : p->uri;
	case TO_MESSAGE:
		return STR_NONE;
	default:
		return p->uri;
	}
}

struct str
party_any(const struct party *p)
{
	return p->uri.n > 0 ? p->uri : p->tel.n > 0 ? p->tel : p->email;
}

/* Who it goes to, as one text: what loops and doubles are counted by. */
static struct str
recipient(const struct draft *d)
{
	struct str to = party_address(&d->to, d->row);

	if (d->row != NULL && d->row->to == TO_MESSAGE)
		return d->in_reply_to_count > 0 ? d->in_reply_to[0] : STR_NONE;
	if (to.n > 0 || d->service.n == 0)
		return to;
	to = party_any(&d->to);
	return to.n > 0 ? to : d->thread_id;
}

void
draft_id(char out[ID_SIZE], struct str channel, struct str account,
    struct str message_id, struct str from, struct str key)
{
	struct arena a = { 0 };
	struct str parts[] = { STR("draft"), channel, account, key };

	if (channel_replies_by_mail(channel_named(channel)) && message_id.n > 0)
		record_id(out, channel, STR_NONE,
		    record_mail_native_id(message_id, from, &a));
	else
		id_make(out, 'm', parts, sizeof(parts) / sizeof(*parts));
	arena_release(&a);
}

bool
draft_is(const struct record *r)
{
	return record_has_keyword(r, "draft");
}

static size_t
read_ids(struct json v, struct arena *a, struct str out[DRAFT_IDS])
{
	size_t n = 0, count = json_count(v), skip;
	struct json_iter it = json_each(v);
	struct json item;

	if (json_type(v) == JSON_STRING) {
		out[0] = json_str(v, a);
		return 1;
	}
	if (json_type(v) != JSON_LIST)
		return 0;
	/* Of too many the last ones count, and the first. */
	skip = count > DRAFT_IDS ? count - DRAFT_IDS : 0;
	for (size_t i = 0; json_next(&it, NULL, &item); i++)
		if ((i == 0 || i > skip) && json_type(item) == JSON_STRING)
			out[n++] = json_str(item, a);
	return n;
}

/*
 * A member that stands in the record and in `reply`: the latter's value, and
 * a fault where they differ.
 */
static struct json
both(struct record *r, struct json reply, const char *member,
    const char *in_reply, const char *fault, struct draft *d)
{
	struct json mine = record_get(r, member);
	struct json wanted = json_get(reply, in_reply);
	struct arena *a = record_arena(r);

	if (json_type(wanted) == JSON_NONE)
		return mine;
	if (json_type(mine) == JSON_NONE || d->fault != NULL)
		return wanted;
	if (json_type(mine) == JSON_STRING
		? !str_eq(json_str(mine, a), json_str(wanted, a))
		: !str_eq(json_raw(mine), json_raw(wanted)))
		d->fault = fault;
	return wanted;
}

static struct str
folded(struct str s, struct arena *a)
{
	char *p;

	if (s.p == NULL)
		return s;
	p = arena_cstr(a, s);
	for (size_t i = 0; i < s.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + 32);
	return str_make(p, s.n);
}

void
draft_hash(char out[ID_SIZE], struct str text)
{
	struct str parts[] = { STR("drafted"), text };

	id_make(out, 't', parts, 2);
}

/* Markdown without marks, in the arena; absent, and a fault, where it cannot
 * be. */
static struct str
plain_of(struct str body, struct draft *d, struct arena *a)
{
	struct buf out;
	struct str s;
	struct err e;

	buf_init(&out, 4 * MARKDOWN_MAX);
	if (markdown_render(body, MARKUP_TEXT, &out, &e) < 0) {
		if (d->fault == NULL)
			d->fault = arena_cstr(a, str_of(e.msg));
		s = STR_NONE;
	} else {
		s = arena_dup(a, buf_str(&out));
	}
	buf_release(&out);
	return s;
}

/*
 * Which of text and reply.body counts: whichever is not what was drafted.
 */
static void
read_body(struct record *r, struct json reply, struct draft *d)
{
	struct arena *a = record_arena(r);
	struct str text = record_str(r, "text"), plain;
	struct str drafted = json_str(json_get(reply, "drafted"), a);
	char old_text[ID_SIZE], old_body[ID_SIZE];

	d->body = json_str(json_get(reply, "body"), a);
	d->text = text;
	if (d->body.p == NULL) {
		d->body = text;
		return;
	}
	d->markdown = json_is(json_get(reply, "format"), "markdown");
	plain = d->markdown ? plain_of(d->body, d, a) : d->body;
	d->text = plain;
	if (text.p == NULL || plain.p == NULL || str_eq(text, plain))
		return;
	draft_hash(old_text, text);
	draft_hash(old_body, plain);
	if (str_is(drafted, old_text))
		return;
	if (str_is(drafted, old_body)) {
		d->text = d->body = text;
		d->markdown = false;
	} else if (d->fault == NULL) {
		d->fault = "text and reply.body differ, and both were edited "
			   "or it is not known which: make them say the same, "
			   "or take one out";
	}
}

int
draft_render(
    const struct draft *d, enum markup m, struct buf *out, struct err *e)
{
	if (d->markdown)
		return markdown_render(d->body, m, out, e);
	markup_escape(d->body, m, out);
	return out->over ? err_set(e, "the body is too long") : 0;
}

static void
show_reply(struct record *r, const struct draft *d, struct str attachments)
{
	struct json_iter it = json_each(record_get(r, "reply"));
	struct json key, v;
	struct writer *w = record_put(r, "reply");

	write_object(w);
	while (json_next(&it, &key, &v))
		if (!json_is(key, "body") && !json_is(key, "format") &&
		    !json_is(key, "idempotencyKey") &&
		    !(attachments.n > 0 && json_is(key, "attachments"))) {
			write_key_str(w, json_str(key, record_arena(r)));
			write_raw(w, json_raw(v));
		}
	write_member(w, "body", d->body);
	write_member(w, "format", d->markdown ? STR("markdown") : STR("text"));
	write_member(w, "idempotencyKey", d->key);
	if (attachments.n > 0)
		write_member_raw(w, "attachments", attachments);
	write_object_end(w);
	record_put_end(r);
}

/* Whichever of cc and reply.cc the draft has. */
static void
show_cc(struct record *r, const struct draft *d)
{
	struct writer *w;

	if (d->cc_count == 0)
		return;
	w = record_put(r, "cc");
	write_list(w);
	for (size_t i = 0; i < d->cc_count && i < DRAFT_CC; i++) {
		write_object(w);
		write_member(w, "name", d->cc[i].name);
		write_member(w, "email", d->cc[i].email);
		write_object_end(w);
	}
	write_list_end(w);
	record_put_end(r);
}

int
draft_show(struct record *r, const struct draft *d, enum markup m,
    struct str attachments, struct buf *out, struct err *e)
{
	struct buf rendered;
	int rc;

	buf_init(&rendered, 8 * MARKDOWN_MAX);
	rc = draft_render(d, m, &rendered, e);
	if (rc == 0) {
		show_reply(r, d, attachments);
		show_cc(r, d);
		record_put_str(r, "text", d->text);
		record_put_str(r, "rendered", buf_str(&rendered));
		rc = record_write(r, out, e);
	}
	buf_release(&rendered);
	return rc;
}

/* The addresses of cc, as one text. */
static struct str
cc_text(const struct draft *d, struct arena *a)
{
	struct buf out;
	struct str s = STR_NONE;

	if (d->cc_count == 0)
		return s;
	buf_init(&out, SIZE_MAX / 4);
	for (size_t i = 0; i < d->cc_count && i < DRAFT_CC; i++)
		buf_printf(&out, "%.*s\n", STR_ARG(d->cc[i].email));
	s = arena_dup(a, buf_str(&out));
	buf_release(&out);
	return folded(s, a);
}

/* Names, types and hashes of all attachments, as one text. */
static struct str
files_text(const struct draft *d, struct arena *a)
{
	struct buf out;
	struct str s = STR_NONE;

	if (d->file_count == 0)
		return s;
	buf_init(&out, SIZE_MAX / 4);
	for (size_t i = 0; i < d->file_count; i++) {
		const struct draft_file *f = &d->files[i];

		buf_printf(&out, "%zu %.*s %zu %.*s %.*s\n", f->name.n,
		    STR_ARG(f->name), f->type.n, STR_ARG(f->type),
		    STR_ARG(f->sha256));
	}
	s = arena_dup(a, buf_str(&out));
	buf_release(&out);
	return s;
}

/* Keys and ids of a draft that brings none: the same text, the same key. */
void
draft_complete(struct draft *d, struct arena *a)
{
	struct str files = files_text(d, a), cc = cc_text(d, a);
	struct str parts[] = { STR("draft"), d->channel, d->recipient,
		d->subject, d->body, d->conversation, d->answers, files, cc };
	struct str content[] = { STR("content"), d->channel, d->recipient,
		d->subject, d->text, d->markdown ? d->body : STR_NONE,
		d->template_raw, files, cc };
	size_t n = sizeof(parts) / sizeof(*parts);
	char key[ID_SIZE];
	ptrdiff_t at;

	id_make(d->content, 't', content, sizeof(content) / sizeof(*content));
	if (d->key.n == 0 || d->key_made) {
		d->key_made = true;
		/* What has neither keeps the key that it had before there
		 * were any. */
		id_make(key, 'k', parts,
		    cc.n > 0      ? n
		    : files.n > 0 ? n - 1
				  : n - 2);
		d->key = arena_dup(a, str_of(key));
	}
	at = str_rchr(d->from.email, '@');
	d->message_id_made |= d->message_id.n == 0;
	if (d->message_id_made && channel_replies_by_mail(d->row) && at >= 0)
		d->message_id = ARENA_JOIN(a, d->key,
		    str_sub(d->from.email, (size_t)at, d->from.email.n));
}

/* The template that the service approved and that goes out in the text's
 * place, or none. */
static struct json
approved_template(struct json reply, const struct channel *c)
{
	struct json v = JSON_ABSENT;

	if (c != NULL && c->template_member != NULL)
		v = json_get(reply, c->template_member);
	return json_type(json_get(v, "name")) == JSON_STRING ? v : JSON_ABSENT;
}

static void
read_files(struct json list, struct draft *d, struct arena *a)
{
	struct json_iter it = json_each(list);
	struct json v;

	if (json_type(list) != JSON_NONE && json_type(list) != JSON_LIST &&
	    json_type(list) != JSON_NULL && d->fault == NULL)
		d->fault = "attachments are a list of {name, type, file}";
	if (json_type(list) != JSON_LIST)
		return;
	while (json_next(&it, NULL, &v)) {
		struct draft_file *f = &d->files[d->file_count];
		ptrdiff_t slash;

		if (d->file_count == DRAFT_FILES) {
			if (d->fault == NULL)
				d->fault = "more than 50 attachments";
			return;
		}
		*f = (struct draft_file){
			.name = json_str(json_get(v, "name"), a),
			.type = json_str(json_get(v, "type"), a),
			.file = json_str(json_get(v, "file"), a),
			.blob_id = json_str(json_get(v, "blobId"), a),
			.sha256 = json_str(json_get(v, "sha256"), a),
		};
		if (f->name.n == 0)
			f->name = f->file;
		slash = str_rchr(f->name, '/');
		f->name = str_sub(f->name, (size_t)(slash + 1), f->name.n);
		d->file_count++;
	}
}

static void
read_rules(struct record *r, struct json reply, struct draft *d)
{
	struct json route = record_get(r, "route");
	struct arena *a = record_arena(r);

	d->automatic = json_true(json_get(reply, "automatic")) ||
		       record_has_keyword(r, "automatic");
	d->high_stakes = json_true(json_get(route, "human")) ||
			 json_is(json_get(route, "stakes"), "high");
	d->queue = json_str(json_get(route, "queue"), a);
	d->to_bulk = record_has_keyword(r, "bounce") ||
		     record_has_keyword(r, "list") ||
		     record_has_keyword(r, "noreply");
	d->marketing = json_is(json_get(reply, "purpose"), "marketing");
	d->approved_template =
	    json_type(approved_template(reply, d->row)) == JSON_OBJECT;
	if (d->approved_template)
		d->template_raw = json_raw(approved_template(reply, d->row));
	if (time_parse(
		json_str(json_get(reply, "answersAt"), a), &d->answers_at) < 0)
		d->answers_at = TIME_NONE;
	d->zone = json_str(json_get(record_get(r, "context"), "zone"), a);
	d->quarantined = json_type(record_get(r, "quarantine")) != JSON_NONE;
	d->consent = json_get(record_get(r, "context"), "consent");
}

static void
read_approval(struct json reply, struct draft *d, struct arena *a)
{
	struct json approval = json_get(reply, "approval");

	d->approval.by = str_trim(json_str(json_get(approval, "by"), a));
	d->approval.at = json_str(json_get(approval, "at"), a);
	d->approval.of = json_str(json_get(approval, "of"), a);
	d->approved_by = str_trim(json_str(json_get(reply, "approvedBy"), a));
	if (d->approval.by.n > 0)
		d->approved_by = d->approval.by;
	d->by_machine = json_is(json_get(reply, "draftedBy"), "machine");
}

void
draft_read(struct record *r, struct draft *d)
{
	struct arena *a = record_arena(r);
	struct json reply = record_get(r, "reply"), to, cc, v;
	struct json_iter it;

	*d = (struct draft){ .id = record_str(r, "id") };
	d->channel = json_str(both(r, reply, "channel", "channel",
				  "channel and reply.channel differ", d),
	    a);
	d->row = channel_named(d->channel);
	d->subject = json_str(both(r, reply, "subject", "subject",
				  "subject and reply.subject differ", d),
	    a);
	read_body(r, reply, d);
	to = both(r, reply, "to", "to", "to and reply.to differ", d);
	d->to_count = json_type(to) == JSON_LIST ? json_count(to) : 0;
	cc = both(r, reply, "cc", "cc", "cc and reply.cc differ", d);
	d->cc_count = json_type(cc) == JSON_LIST ? json_count(cc) : 0;
	it = json_each(cc);
	for (size_t i = 0; i < DRAFT_CC && json_next(&it, NULL, &v); i++)
		party_read(v, a, &d->cc[i]);
	party_read(json_at(to, 0), a, &d->to);
	party_read(record_get(r, "from"), a, &d->from);
	d->account = record_str(r, "account");
	d->conversation = record_str(r, "conversation");
	d->person = record_str(r, "person");
	d->thread_id = record_str(r, "threadId");
	d->message_id = record_str(r, "messageId");
	d->template_name = json_str(json_get(reply, "template"), a);
	d->service = json_str(json_get(reply, "service"), a);
	d->fill = json_str(json_get(reply, "fill"), a);
	read_approval(reply, d, a);
	d->answers = json_str(json_get(reply, "answers"), a);
	d->seen = json_str(json_get(reply, "seen"), a);
	if (time_parse(json_str(json_get(reply, "again"), a), &d->again) < 0)
		d->again = TIME_NONE;
	d->bounced = json_get(reply, "bounced");
	d->offers = json_get(reply, "offers");
	d->key = json_str(json_get(reply, "idempotencyKey"), a);
	d->in_reply_to_count =
	    read_ids(record_get(r, "inReplyTo"), a, d->in_reply_to);
	d->reference_count =
	    read_ids(record_get(r, "references"), a, d->references);
	d->recipient = folded(recipient(d), a);
	read_rules(r, reply, d);
	read_files(both(r, reply, "attachments", "attachments",
		       "attachments and reply.attachments differ", d),
	    d, a);
	draft_complete(d, a);
}
