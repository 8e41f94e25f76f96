/*
 * A raw mail into a message record.  Fields are read once, top to bottom;
 * what is missing stays missing.
 */
#include <stdlib.h>

#include "core/alloc.h"
#include "core/text/ascii.h"
#include "core/hash.h"
#include "mail/address.h"
#include "mail/encodedword.h"
#include "record/id.h"
#include "record/native.h"
#include "source/mail/automatic.h"
#include "source/mail/labels.h"
#include "source/mail/mail.h"
#include "source/mail/marks.h"
#include "source/mail/mbox.h"
#include "source/mail/people.h"
#include "source/mail/received.h"
#include "source/mail/report/receipt.h"
#include "source/mail/report/report.h"
#include "source/mail/text.h"
#include "source/mail/times.h"
#include "text/unicode.h"

enum {
	AUTH_RESULTS = 64, /* fields that are kept */
	OWN_ADDRESSES = 64, /* fields looked at for the account */
	RECEIVED = 32, /* fields that are kept, of mail that says to be ours */
	IDS = 1000, /* references that are kept */
};

enum field_name {
	F_AUTH,
	F_CONTENT_TYPE,
	F_DATE,
	F_DELIVERED,
	F_FROM,
	F_GMAIL_LABELS,
	F_GMAIL_THREAD,
	F_IN_REPLY_TO,
	F_LIST_ID,
	F_MESSAGE_ID,
	F_ORIGINAL_FROM,
	F_ORIGINAL_TO,
	F_RECEIVED,
	F_REFERENCES,
	F_RETURN_PATH,
	F_SUBJECT,
	F_TO,
	F_COUNT
};

/* Values of the fields that matter, as they stand. */
struct fields {
	struct str first[F_COUNT]; /* of each name, from the top */
	const struct workspace *config;
	bool our_list;
	struct str in_reply_to[8], references[8];
	struct str delivered[OWN_ADDRESSES];
	struct {
		struct str value;
		unsigned hop;
	} auth[AUTH_RESULTS];
	struct str received[RECEIVED];
	size_t in_reply_tos, referencess, delivereds, auths, receiveds;
	unsigned hops; /* Received fields so far */
	unsigned automatic, known, marked;
};

/* What is kept between mails: buffers, and the parser. */
struct kept {
	struct mime *mime;
	struct mail_text text;
	struct buf data, event;
	struct fields fields;
	struct inner_mail inner;
	int64_t misdated; /* the Date that is not believed */
	int64_t flags_at; /* when other flags were seen than it had at first */
	struct json native; /* of the mail in hand */
};

static enum field_name
field_name(struct str name)
{
	static const struct str names[F_COUNT] = {
		[F_AUTH] = { "Authentication-Results", 22 },
		[F_CONTENT_TYPE] = { "Content-Type", 12 },
		[F_DATE] = { "Date", 4 },
		[F_DELIVERED] = { "Delivered-To", 12 },
		[F_FROM] = { "From", 4 },
		[F_GMAIL_LABELS] = { "X-Gmail-Labels", 14 },
		[F_GMAIL_THREAD] = { "X-GM-THRID", 10 },
		[F_IN_REPLY_TO] = { "In-Reply-To", 11 },
		[F_LIST_ID] = { "List-Id", 7 },
		[F_MESSAGE_ID] = { "Message-ID", 10 },
		[F_ORIGINAL_FROM] = { "X-Original-From", 15 },
		[F_ORIGINAL_TO] = { "X-Original-To", 13 },
		[F_RECEIVED] = { "Received", 8 },
		[F_REFERENCES] = { "References", 10 },
		[F_RETURN_PATH] = { "Return-Path", 11 },
		[F_SUBJECT] = { "Subject", 7 },
		[F_TO] = { "To", 2 },
	};
	enum field_name i = 0;

	while (i < F_COUNT &&
	       (names[i].n != name.n || !str_eq_nocase(names[i], name)))
		i++;
	return i;
}

static void
add(struct str *list, size_t *n, size_t max, struct str value)
{
	if (*n < max)
		list[(*n)++] = value;
}

static void
take_field(struct fields *f, struct str name, struct str value)
{
	enum field_name which = field_name(name);
	unsigned says;

	f->known += which != F_COUNT;
	if (which != F_COUNT && f->first[which].p == NULL)
		f->first[which] = value;
	switch (which) {
	case F_AUTH:
		if (f->auths < AUTH_RESULTS) {
			f->auth[f->auths].value = value;
			f->auth[f->auths++].hop = f->hops;
		}
		break;
	case F_ORIGINAL_TO:
	case F_DELIVERED:
		add(f->delivered, &f->delivereds, OWN_ADDRESSES, value);
		break;
	case F_IN_REPLY_TO:
		add(f->in_reply_to, &f->in_reply_tos, 8, value);
		break;
	case F_REFERENCES:
		add(f->references, &f->referencess, 8, value);
		break;
	case F_RECEIVED:
		f->hops++;
		add(f->received, &f->receiveds, RECEIVED, value);
		break;
	default:
		break;
	}
	/* From is judged by its address, once that is known. */
	if (which == F_FROM)
		return;
	says = automatic_field(name, value);
	if ((says & AUTOMATIC_LIST) != 0 && !f->our_list)
		f->our_list = automatic_our_list(f->config, name, value);
	f->automatic |= says;
	f->marked |= mark_field(name, value);
}

static void
take_fields(
    struct fields *f, const struct mime *mime, const struct workspace *c)
{
	struct str name, value;

	memset(f, 0, sizeof(*f));
	f->config = c;
	for (size_t i = 0; i < mime_field_count(mime); i++) {
		mime_field(mime, i, &name, &value);
		take_field(f, name, value);
	}
}

/* An id without the white space that folding left in it. */
static struct str
squeezed(struct arena *a, struct str s)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > ' ')
			to[n++] = s.p[i];
	return str_make(to, n);
}

/* The next <id> of a field; *rest goes behind it.  One that was never closed
 * ends where the next begins. */
static struct str
next_bracketed(struct str *rest)
{
	ptrdiff_t open = str_chr(*rest, '<'), close, next;
	struct str id;

	if (open < 0)
		return STR_NONE;
	id = str_sub(*rest, (size_t)open + 1, rest->n);
	while (id.n > 0 && id.p[0] == '<')
		id = str_sub(id, 1, id.n);
	close = str_chr(id, '>');
	next = str_chr(id, '<');
	if (next > 0 && (close < 0 || next < close)) {
		*rest = str_sub(id, (size_t)next, id.n);
		return str_sub(id, 0, (size_t)next);
	}
	if (close < 0) {
		*rest = str_sub(*rest, rest->n, 0);
		return id;
	}
	*rest = str_sub(id, (size_t)close + 1, id.n);
	return str_sub(id, 0, (size_t)close);
}

/* All ids of a field.  Old programs write prose around them, or leave the
 * brackets out. */
static void
add_ids(struct message *m, struct str_list *list, struct str value)
{
	struct str rest, id;
	size_t before = list->n;

	if (str_starts(str_trim(value), STR("=?")))
		value = words_decode(value, &m->arena);
	rest = value;

	while (list->n < IDS && (id = next_bracketed(&rest)).p != NULL) {
		id = squeezed(&m->arena, id);
		if (id.n > 0)
			message_add_str(m, list, id);
	}
	rest = list->n > before ? STR_NONE : value;
	while (rest.p != NULL && list->n < IDS) {
		size_t n = 0;

		while (n < rest.n && !ascii_is_in(rest.p[n], " \t,;"))
			n++;
		id = str_sub(rest, 0, n);
		rest = n < rest.n ? str_sub(rest, n + 1, rest.n) : STR_NONE;
		if (str_chr(id, '@') > 0)
			message_add_str(m, list, squeezed(&m->arena, id));
	}
}

static void
take_ids(struct message *m, const struct fields *f, struct json native)
{
	struct str rest = f->first[F_MESSAGE_ID], id = next_bracketed(&rest);

	if (id.p == NULL)
		id = str_trim(f->first[F_MESSAGE_ID]);
	id = squeezed(&m->arena, id);
	if (id.n > 0)
		m->message_id = id;
	for (size_t i = 0; i < f->in_reply_tos; i++)
		add_ids(m, &m->in_reply_to, f->in_reply_to[i]);
	for (size_t i = 0; i < f->referencess; i++)
		add_ids(m, &m->references, f->references[i]);
	m->thread_id = f->first[F_GMAIL_THREAD];
	if (m->thread_id.p == NULL)
		m->thread_id = json_str(json_get(native, "thread"), &m->arena);
}

static void
take_times(struct normalize *n, struct message *m, const struct fields *f,
    struct str envelope)
{
	struct kept *k = *n->kept;
	struct json file = json_get(json_get(n->root, "source"), "file");
	struct mail_clues clues = { f->first[F_DATE], f->first[F_RECEIVED],
		envelope, json_str(file, &m->arena), TIME_NONE, n->now };
	struct mail_times times;
	struct str internal =
	    json_str(json_get(k->native, "internalDate"), &m->arena);
	struct str flags = json_str(json_get(k->native, "flagsAt"), &m->arena);

	if (internal.p != NULL)
		(void)time_parse(internal, &clues.internal);
	if (flags.p == NULL || time_parse(flags, &k->flags_at) != 0)
		k->flags_at = TIME_NONE;

	mail_times(&clues, &times);
	m->sent = times.sent;
	m->received = times.received;
	k->misdated = times.misdated;
}

static bool
is_address(struct str s)
{
	ptrdiff_t at = str_rchr(s, '@');

	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_control(s.p[i]))
			return false;
	return at > 0 && (size_t)at + 1 < s.n;
}

/* What has no domain, or controls in it, is no address: it is a name at
 * best. */
static void
mend_addresses(struct address_list *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct address a = list->v[i];

		if (!is_address(a.email)) {
			if (a.name.p == NULL)
				a.name = a.email;
			a.email = STR_NONE;
		}
		if (a.name.p != NULL || a.email.p != NULL)
			list->v[n++] = a;
	}
	list->n = n;
}

/* The addresses of all fields of that name. */
static void
addresses(struct kept *k, struct message *m, struct str field,
    struct address_list *out)
{
	struct str name, value;

	for (size_t i = 0; i < mime_field_count(k->mime); i++) {
		mime_field(k->mime, i, &name, &value);
		if (name.n == field.n && str_eq_nocase(name, field))
			mailaddr_read(value, &m->arena, out);
	}
	mend_addresses(out);
}

/* As it stands but for the folding: most of it is text that the sender chose,
 * and encoded words in that are no words of the server. */
static struct str
unfolded(struct str s, struct arena *a)
{
	char *to = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r' && s.p[i] != '\n')
			to[n++] = s.p[i];
	return str_trim(str_make(to, n));
}

static void
write_auth(struct writer *w, struct message *m, const struct fields *f)
{
	if (f->auths == 0)
		return;
	write_key(w, "authenticationResults");
	write_list(w);
	for (size_t i = 0; i < f->auths; i++) {
		write_object(w);
		write_member(w, "value", unfolded(f->auth[i].value, &m->arena));
		write_member_int(w, "hop", f->auth[i].hop);
		write_object_end(w);
	}
	write_list_end(w);
}

/* How mail that says to be from us came here: anybody can write our address. */
static void
write_received(
    struct writer *w, const struct message *m, const struct fields *f)
{
	struct received r;

	if (f->receiveds == 0 ||
	    str_is(str_of(message_direction(m)), "inbound"))
		return;
	write_key(w, "received");
	write_list(w);
	for (size_t i = 0; i < f->receiveds; i++) {
		received_read(f->received[i], &r);
		write_object(w);
		write_member(w, "from", r.from);
		write_member(w, "address", r.address);
		write_member(w, "by", r.by);
		write_member(w, "with", r.with);
		write_object_end(w);
	}
	write_list_end(w);
}

/* What stands in angle brackets, or all of it. */
static struct str
unbracketed(struct str value)
{
	struct str rest = value, inner = next_bracketed(&rest);

	return inner.p == NULL ? value : str_trim(inner);
}

/* What the one of ours wrote who passed it on. */
static void
write_passed(struct writer *w, const struct people *p)
{
	if (!p->forwarded)
		return;
	write_member(w, "note", p->passed.note);
	write_key(w, "forwarded");
	write_bool(w, true);
}

static void
take_data(
    struct kept *k, struct message *m, struct fields *f, const struct people *p)
{
	struct address_list others = { 0 };
	struct writer w;

	if (p->from.n > 1)
		others = (struct address_list){ p->from.v + 1, p->from.n - 1,
			p->from.n - 1 };
	buf_reset(&k->data);
	write_init(&w, &k->data);
	write_object(&w);
	write_auth(&w, m, f);
	write_received(&w, m, f);
	message_write_addresses(m, &w, "replyTo",
	    p->forwarded ? &p->passed.reply_to : &p->reply_to);
	if (f->first[F_RETURN_PATH].p != NULL)
		write_member(
		    &w, "returnPath", unbracketed(f->first[F_RETURN_PATH]));
	if (f->first[F_LIST_ID].p != NULL)
		write_member(&w, "listId", unbracketed(f->first[F_LIST_ID]));
	message_write_addresses(m, &w, "originalFrom", &p->original);
	message_write_addresses(m, &w, "otherFrom", &others);
	write_member_time(&w, "misdated", k->misdated);
	write_member_time(&w, "updatedAt", k->flags_at);
	f->marked |= labels_write(&w, f->first[F_GMAIL_LABELS],
	    json_get(k->native, "labels"), &m->arena);
	mail_report(&w, k->mime, &k->text.scratch, &m->arena);
	mail_receipt(&w, k->mime, (f->automatic & AUTOMATIC_BOUNCE) != 0,
	    buf_str(&k->text.body), &k->text.scratch, &m->arena);
	buf_reset(&k->event);
	mail_invitation(&w, k->mime, &k->text.scratch, &m->arena, &k->event);
	write_passed(&w, p);
	write_object_end(&w);
	if (k->data.n > 2)
		m->data = buf_str(&k->data);
}

static void
take_people(
    struct kept *k, struct message *m, struct fields *f, struct people *p)
{
	bool no_from;

	memset(p, 0, sizeof(*p));
	addresses(k, m, STR("From"), &p->from);
	no_from = p->from.n == 0;
	if (no_from)
		addresses(k, m, STR("Sender"), &p->from);
	if (p->from.n > 0) {
		m->from = p->header_from = p->from.v[0];
		/* Servers vouch for a From: nobody does for its stand-in. */
		if (no_from)
			m->sender = m->from;
		f->automatic |= automatic_field(STR("From"),
		    m->from.email.p != NULL ? m->from.email : m->from.name);
		f->automatic = automatic_all(f->automatic);
	}
	addresses(k, m, STR("To"), &m->to);
	addresses(k, m, STR("Cc"), &m->cc);
	addresses(k, m, STR("Reply-To"), &p->reply_to);
	people_drop_robots(p, &m->arena);
	addresses(k, m, STR("X-Original-Sender"), &p->original_sender);
	if (f->first[F_ORIGINAL_FROM].p != NULL) {
		mailaddr_read(
		    f->first[F_ORIGINAL_FROM], &m->arena, &p->original);
		mend_addresses(&p->original);
	}
}

static bool
is_foreign_list(const struct fields *f)
{
	return (f->automatic & AUTOMATIC_LIST) != 0 && !f->our_list;
}

/* A vacation answer stays one, whoever carried it. */
static bool
is_machines_answer(const struct mime *mime)
{
	struct str name, value;

	for (size_t i = 0; i < mime_field_count(mime); i++) {
		mime_field(mime, i, &name, &value);
		if (str_eq_nocase(name, STR("Auto-Submitted")) &&
		    str_starts_nocase(str_trim(value), STR("auto-replied")))
			return true;
	}
	return false;
}

static void
take_author(struct kept *k, struct message *m, const struct workspace *c,
    const struct people *p)
{
	struct fields *f = &k->fields;
	struct author_clues clues = people_clues(p, c, m, is_foreign_list(f));

	clues.automatic = (f->automatic & AUTOMATIC_ANSWER) != 0;

	if ((f->automatic & AUTOMATIC_BOUNCE) == 0 &&
	    people_take_author(p, &clues, m) && !is_machines_answer(k->mime))
		f->automatic =
		    (f->automatic & AUTOMATIC_ANSWER) == 0
			? f->automatic
			: (f->automatic ^ AUTOMATIC_ANSWER) | AUTOMATIC_NOREPLY;
}

static struct str
first_ours(const struct workspace *c, const struct address_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i].email.p != NULL &&
		    (workspace_our_email(c, list->v[i].email) ||
			(c->lists.n > 0 &&
			    workspace_our_list(c, list->v[i].email))))
			return list->v[i].email;
	return STR_NONE;
}

/* Which mailbox of ours it is about, where the workspace names what is ours. */
static void
take_account(
    struct message *m, const struct workspace *c, const struct fields *f)
{
	struct address_list from = { &m->from, 1, 1 }, delivered = { 0 };
	struct str ours;

	if (c->emails.n + c->domains.n + c->lists.n == 0)
		return;
	ours = first_ours(c, &from);
	if (ours.p == NULL)
		ours = first_ours(c, &m->to);
	if (ours.p == NULL)
		ours = first_ours(c, &m->cc);
	for (size_t i = 0; ours.p == NULL && i < f->delivereds; i++) {
		mailaddr_read(f->delivered[i], &m->arena, &delivered);
		ours = first_ours(c, &delivered);
	}
	if (ours.p != NULL)
		m->account = workspace_account(c, ours, &m->arena);
}

static int
take_body(
    struct normalize *n, struct message *m, struct people *p, struct err *e)
{
	struct kept *k = *n->kept;
	struct fields *f = &k->fields;
	struct author_clues clues =
	    people_clues(p, n->workspace, m, is_foreign_list(f));
	int rc = mail_text_gather(
	    &k->text, k->mime, json_get(k->native, "parts"), m, e);

	if (rc < 0)
		return -1;
	p->forwarded =
	    (f->automatic & (AUTOMATIC_BOUNCE | AUTOMATIC_ANSWER)) == 0 &&
	    passed_on_find(&k->inner, n->clock, &clues, k->mime,
		buf_str(&k->text.body), m, &p->passed);
	take_data(k, m, f, p);
	/* An invitation that nobody wrote anything to. */
	if (k->event.n > 0 && str_trim(buf_str(&k->text.body)).n == 0) {
		buf_reset(&k->text.body);
		buf_add_str(&k->text.body, buf_str(&k->event));
		rc = 1;
	}
	if (rc > 0 || p->forwarded)
		people_take_text(p, buf_str(&k->text.body), m);
	people_take_times(p, m);
	return 0;
}

/*
 * What the id is made from: the Message-ID; without one what else tells two
 * mails apart, which is the same in every export.
 */
static void
take_native_id(struct kept *k, struct message *m, const struct people *p)
{
	const struct fields *f = &k->fields;
	struct address from = p->header_from;
	struct str parts[4] = { f->first[F_DATE], f->first[F_SUBJECT],
		buf_str(&k->text.body), STR_NONE };
	struct str id = m->message_id;

	if (id.p == NULL) {
		char *hash = arena_alloc(&m->arena, ID_SIZE);

		parts[2] = str_trim(parts[2]);
		if (m->attachments.n > 0)
			parts[3] = m->attachments.v[0].blob_id;
		id_make(hash, 'h', parts, 4);
		id = str_of(hash);
	}
	m->native_id = record_mail_native_id(
	    id, from.email.p != NULL ? from.email : from.name, &m->arena);
	m->id_without_account = true;
}

/* Newsletters of ours.  What a colleague writes through a list of ours has the
 * list's way out, but it is for one. */
static bool
is_bulk(const struct fields *f, const struct message *m)
{
	return strcmp(message_direction(m), "outbound") == 0 &&
	       ((f->automatic & AUTOMATIC_ONE_CLICK) != 0 ||
		   ((f->automatic & AUTOMATIC_UNSUBSCRIBE) != 0 &&
		       (f->automatic & AUTOMATIC_LIST) == 0));
}

/* What was sent stays so, whatever becomes of our copy of it. */
static unsigned
marks_of_flags(const struct kept *k, struct message *m)
{
	unsigned marked = labels_flags(m, json_get(k->native, "imapFlags"));
	bool ours = k->flags_at != TIME_NONE &&
		    strcmp(message_direction(m), "outbound") == 0;

	return ours ? marked & MARK_DRAFT : marked;
}

static void
take_keywords(
    struct normalize *n, struct message *m, struct fields *f, struct str flags)
{
	const struct kept *k = *n->kept;
	struct json file = json_get(json_get(n->root, "source"), "file");
	int64_t apple;

	if (json_int(json_get(k->native, "appleFlags"), &apple) == 0)
		f->marked |= mark_apple(apple);
	f->marked |= marks_of_flags(k, m);
	f->marked |= mark_flags(flags) |
		     mark_folder(json_str(file, &m->arena), &m->arena);
	if (f->automatic & AUTOMATIC_ANSWER)
		message_keyword(m, "automatic");
	if (f->automatic & AUTOMATIC_NOREPLY)
		message_keyword(m, "noreply");
	if (f->automatic & AUTOMATIC_BOUNCE)
		message_keyword(m, "bounce");
	if (is_foreign_list(f))
		message_keyword(m, "list");
	if (is_bulk(f, m))
		message_keyword(m, "bulk");
	if (f->marked & MARK_JUNK)
		message_keyword(m, "junk");
	if (f->marked & MARK_DELETED)
		message_keyword(m, "deleted");
	if (f->marked & MARK_DRAFT)
		message_keyword(m, "draft");
	if (mime_is_cut(k->mime))
		message_keyword(m, "truncated");
}

static struct kept *
kept_of(struct normalize *n)
{
	struct kept *k = *n->kept;

	if (k != NULL)
		return k;
	*n->kept = k = xcalloc(1, sizeof(*k));
	k->mime = mime_new();
	mail_text_init(&k->text);
	buf_init(&k->data, (size_t)1 << 30);
	buf_init(&k->event, (size_t)1 << 30);
	return k;
}

/* What reads as bytes with newlines: a file of another system or editor, or
 * with empty lines before its header. */
static struct str
plain_raw(struct message *m, struct str raw)
{
	struct buf b;
	char *p;

	if (str_starts(raw, STR("\xff\xfe")) ||
	    str_starts(raw, STR("\xfe\xff"))) {
		buf_init(&b, 2 * raw.n + 1024);
		if (charset_decode(raw, STR("utf-16"), &b) == 0 && !b.over)
			raw = arena_dup(&m->arena, buf_str(&b));
		buf_release(&b);
	}
	while (raw.n > 0 && ascii_is_in(raw.p[0], "\r\n"))
		raw = str_sub(raw, 1, raw.n);
	if (raw.n == 0 || memchr(raw.p, '\n', raw.n) != NULL ||
	    memchr(raw.p, '\r', raw.n) == NULL)
		return raw;
	raw = arena_dup(&m->arena, raw);
	p = (char *)raw.p;
	for (size_t i = 0; i < raw.n; i++)
		if (p[i] == '\r')
			p[i] = '\n';
	return raw;
}

enum stage_result
mail_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct message *m = normalize_begin(n);
	struct kept *k = kept_of(n);
	struct fields *f = &k->fields;
	struct str raw, envelope, flags;
	struct people people;

	if (native_bytes(native, &m->arena, &raw, e) < 0)
		return STAGE_REJECT;
	raw = plain_raw(m, raw);
	k->native = native;
	envelope = json_str(json_get(native, "envelope"), &m->arena);
	flags = json_str(json_get(native, "maildirFlags"), &m->arena);
	if (mime_parse(k->mime, raw, &m->arena, e) < 0)
		return STAGE_REJECT;
	take_fields(f, k->mime, n->workspace);
	if (f->known == 0) {
		err_set(e, "not a mail: none of the fields that mail has");
		return STAGE_REJECT;
	}
	m->type = "message";
	m->channel = "email";
	if (f->first[F_SUBJECT].p != NULL)
		m->subject = words_decode(f->first[F_SUBJECT], &m->arena);
	take_ids(m, f, native);
	take_times(n, m, f, envelope);
	take_people(k, m, f, &people);
	if (take_body(n, m, &people, e) < 0)
		return STAGE_REJECT;
	take_native_id(k, m, &people);
	take_author(k, m, n->workspace, &people);
	take_account(m, n->workspace, f);
	take_keywords(n, m, f, flags);
	return message_emit(m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

void
mail_release(void *kept)
{
	struct kept *k = kept;

	inner_mail_release(&k->inner);
	mime_free(k->mime);
	mail_text_release(&k->text);
	buf_release(&k->data);
	buf_release(&k->event);
	free(k);
}
