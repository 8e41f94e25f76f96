#include "source/mail/author/passedon.h"

#include "mail/address.h"
#include "mail/date.h"
#include "source/mail/author/forwarddate.h"
#include "text/forward.h"
#include "text/trim.h"

enum { DEEPEST = 4 }; /* mails passed on by one of ours after the other */

static bool
by_customer(const struct author_clues *c, const struct address *who)
{
	return (who->email.n > 0 &&
		   !workspace_our_email(c->config, who->email)) ||
	       (who->email.n == 0 && who->name.n + who->tel.n > 0);
}

static struct str
note_of(struct str text, struct arena *a)
{
	struct trimmed t;

	text_trim(text, false, a, &t);
	return t.text.n > 0 ? t.text : STR_NONE;
}

/*
 * Who wrote what a program of ours or a form service wrote down, where that was
 * passed on.
 */
static void
find_author(const struct author_clues *c, struct str subject, struct str body,
    struct arena *a, struct passed_on *out)
{
	struct author_clues inner = { .config = c->config,
		.from = out->from,
		.to = c->to,
		.reply_to = out->reply_to,
		.subject = subject };
	struct address who;

	if (out->from.email.n > 0 &&
	    author_find(&inner, body, a, &who) != AUTHOR_FROM &&
	    who.email.n + who.tel.n > 0)
		out->from = who;
}

/* What of the body stands above this slice of it; all where it is a copy. */
static struct str
above(struct str body, struct str slice)
{
	return slice.p >= body.p && slice.p <= body.p + body.n
		   ? str_sub(body, 0, (size_t)(slice.p - body.p))
		   : body;
}

/* Takes the mail under the header, whose author is known. */
static void
take_text(struct local_clock *r, const struct forward *f, struct str note,
    struct arena *a, struct passed_on *out)
{
	out->body = f->body;
	out->header = f->header;
	out->note = note_of(note, a);
	if (f->date.p == NULL ||
	    forwarddate_parse(r, f->date, a, &out->sent) < 0)
		out->sent = TIME_NONE;
}

/* In the text; what colleagues passed on to each other is looked into, and
 * else may be what a program of ours had written down. */
static bool
in_text(struct local_clock *r, const struct author_clues *c, struct str body,
    struct arena *a, struct passed_on *out)
{
	struct str rest = body, subject = c->subject;
	struct forward f, first = { 0 };
	bool said = author_says_forward(c, a);

	for (int i = 0; i < DEEPEST && text_forward(rest, said, a, &f); i++) {
		out->from = author_passed_on(f.from, a);
		rest = f.body;
		if (i == 0)
			first = f;
		if (!by_customer(c, &out->from))
			continue;
		find_author(
		    c, f.subject.n > 0 ? f.subject : subject, f.body, a, out);
		take_text(
		    r, &f, i == 0 ? f.note : above(body, f.header), a, out);
		return true;
	}
	if (first.from.n == 0)
		return false;
	out->from = author_passed_on(first.from, a);
	find_author(c, first.subject.n > 0 ? first.subject : subject,
	    first.body, a, out);
	if (!by_customer(c, &out->from))
		return false;
	take_text(r, &first, first.note, a, out);
	return true;
}

static void
read_fields(const struct mime *inner, struct arena *a, struct passed_on *out)
{
	struct address_list from = { 0 };
	struct str name, value;

	for (size_t i = 0; i < mime_field_count(inner); i++) {
		mime_field(inner, i, &name, &value);
		if (str_eq_nocase(name, STR("From")))
			mailaddr_read(value, a, &from);
		else if (str_eq_nocase(name, STR("Reply-To")))
			mailaddr_read(value, a, &out->reply_to);
		else if (str_eq_nocase(name, STR("Date")) &&
			 mailtime_parse(value, &out->sent) < 0)
			out->sent = TIME_NONE;
	}
	if (from.n > 0)
		out->from = from.v[0];
}

/* An attached mail; its bytes live in the arena, as what is read of it does. */
static bool
is_customers(struct inner_mail *kept, const struct author_clues *c,
    const struct mime_part *part, struct message *m, struct passed_on *out)
{
	struct str raw = mime_content(part, &kept->text.scratch);
	struct err e;

	*out = (struct passed_on){ .sent = TIME_NONE };
	raw = arena_dup(&m->arena, raw);
	if (raw.n == 0 || mime_parse(kept->mime, raw, &m->arena, &e) < 0)
		return false;
	read_fields(kept->mime, &m->arena, out);
	return by_customer(c, &out->from) &&
	       mail_text_gather(&kept->text, kept->mime, JSON_ABSENT, m, &e) >=
		   0;
}

/* Some programs do not say what it is, but how it is called. */
static bool
is_mail(const struct mime_part *p)
{
	return str_is(p->type, "message/rfc822") ||
	       (str_is(p->type, "application/octet-stream") &&
		   str_ends_nocase(p->name, STR(".eml")));
}

/* The first of the attached mails that is a customer's. */
static bool
as_attachment(struct inner_mail *kept, const struct author_clues *c,
    const struct mime *mime, struct str body, struct message *m,
    struct passed_on *out)
{
	for (size_t i = 0; i < mime_part_count(mime); i++) {
		const struct mime_part *p = mime_part(mime, i);

		if (!is_mail(p))
			continue;
		/* Most mails have none, and need no second parser. */
		if (kept->mime == NULL) {
			kept->mime = mime_new();
			mail_text_init(&kept->text);
		}
		if (!is_customers(kept, c, p, m, out))
			continue;
		out->body = buf_str(&kept->text.body);
		out->note = note_of(body, &m->arena);
		return true;
	}
	return false;
}

bool
passed_on_find(struct inner_mail *kept, struct local_clock *clock,
    const struct author_clues *c, const struct mime *mime, struct str body,
    struct message *m, struct passed_on *out)
{
	*out = (struct passed_on){ .sent = TIME_NONE };
	if (c->from.email.n == 0 || c->list ||
	    !workspace_our_email(c->config, c->from.email) ||
	    !author_to_us(c) || !author_may_forward(c, &m->arena))
		return false;
	if (as_attachment(kept, c, mime, body, m, out))
		return true;
	*out = (struct passed_on){ .sent = TIME_NONE };
	return in_text(clock, c, body, &m->arena, out);
}

void
inner_mail_release(struct inner_mail *kept)
{
	if (kept->mime == NULL)
		return;
	mime_free(kept->mime);
	mail_text_release(&kept->text);
	memset(kept, 0, sizeof(*kept));
}
