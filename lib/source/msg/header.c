/*
 * The header that a mail came with, and what it lacks (one that was sent has
 * none, nor one that never left an Exchange) from the properties.
 */
#include "core/text/ascii.h"
#include "core/time.h"
#include "core/vec.h"
#include "mail/date.h"
#include "source/mail/mail.h"
#include "source/msg/message.h"

/* Fields that are written where the header has none of that name. */
enum field {
	F_FROM,
	F_SENDER,
	F_TO,
	F_CC,
	F_BCC,
	F_SUBJECT,
	F_DATE,
	F_MESSAGE_ID,
	F_IN_REPLY_TO,
	F_REFERENCES,
	F_IMPORTANCE,
	F_AUTOMATIC,
	F_LIST_HELP,
	F_LIST_SUBSCRIBE,
	F_LIST_UNSUBSCRIBE,
	FIELDS,
};
static const char *const names[FIELDS] = { "From", "Sender", "To", "Cc", "Bcc",
	"Subject", "Date", "Message-ID", "In-Reply-To", "References",
	"Importance", "Auto-Submitted", "List-Help", "List-Subscribe",
	"List-Unsubscribe" };

struct parties VEC(struct mail_party);

/* What is known of it: which fields were written. */
struct header {
	struct msg *g;
	const struct mapi *m;
	bool has[FIELDS];
};

/* What says how the content was written, which is written anew. */
static bool
is_of_mime(struct str name)
{
	return str_starts_nocase(name, STR("Content-")) ||
	       str_eq_nocase(name, STR("MIME-Version"));
}

static void
note_field(struct header *h, struct str name)
{
	for (int i = 0; i < FIELDS; i++)
		if (str_eq_nocase(name, str_of(names[i])))
			h->has[i] = true;
}

static void
put_line(struct buf *out, struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		buf_add_char(out,
		    line.p[i] == '\0' || line.p[i] == '\r' ? ' ' : line.p[i]);
	buf_add_z(out, "\r\n");
}

/* As the mail came.  Outlook may write a line above it that is no field. */
static void
put_transport(struct header *h)
{
	struct str rest = mapi_text(h->m, MAPI_TRANSPORT_HEADER);
	bool goes_on = false, begun = false;

	while (rest.p != NULL) {
		struct str line = str_line(&rest);
		size_t n = mail_field_name(line);

		if (str_trim(line).n == 0) {
			if (begun)
				return;
			continue;
		}
		if (!ascii_is_blank(line.p[0])) {
			goes_on = n > 0 && !is_of_mime(str_sub(line, 0, n));
			begun |= n > 0;
			if (goes_on)
				note_field(h, str_sub(line, 0, n));
		}
		if (goes_on)
			put_line(h->g->out, line);
	}
}

static struct mail_party
party(struct str name, struct str address)
{
	if (name.n > 0 && str_eq_nocase(name, address))
		name = STR_NONE;
	/* Outlook shows those that it does not know in quotation marks. */
	if (name.n >= 2 && name.p[0] == '\'' && name.p[name.n - 1] == '\'')
		name = str_sub(name, 1, name.n - 2);
	if (str_eq_nocase(name, address))
		name = STR_NONE;
	return (struct mail_party){ name, address };
}

/* An address of mail; an Exchange's own ("/O=...") is none to others. */
static struct str
address(const struct mapi *m, enum mapi_property smtp, enum mapi_property other)
{
	struct str s = mapi_line(m, smtp);

	if (mail_address_utf8_ok(s))
		return s;
	s = mapi_line(m, other);
	return mail_address_utf8_ok(s) ? s : STR_NONE;
}

static void
put_authors(struct header *h)
{
	struct buf *out = h->g->out;
	struct mail_party from = party(mapi_line(h->m, MAPI_FROM_NAME),
	    address(h->m, MAPI_FROM_SMTP, MAPI_FROM_ADDRESS));
	struct mail_party sender = party(mapi_line(h->m, MAPI_SENDER_NAME),
	    address(h->m, MAPI_SENDER_SMTP, MAPI_SENDER_ADDRESS));

	if (from.address.n == 0 && (from.name.n == 0 || sender.name.n == 0 ||
				       str_eq_nocase(from.name, sender.name)))
		from = sender;
	if (h->has[F_FROM] || (from.address.n == 0 && from.name.n == 0))
		return;
	mail_put_parties(out, "From", &from, 1);
	if (!h->has[F_SENDER] && sender.address.n > 0 &&
	    !str_eq_nocase(from.address, sender.address))
		mail_put_parties(out, "Sender", &sender, 1);
}

/* "Uma Lund; Ivo Ek": names, where nothing says more. */
static void
take_shown(const struct mapi *m, enum mapi_property id, struct parties *list)
{
	struct str rest = mapi_line(m, id);

	while (rest.p != NULL) {
		struct str name = str_trim(str_split(&rest, ';'));
		struct mail_party p = { name, STR_NONE };

		if (mail_address_utf8_ok(name))
			p = (struct mail_party){ STR_NONE, name };
		if (name.n > 0)
			vec_add_in(m->file->arena, list, p);
	}
}

static void
take_recipients(const struct mapi *m, struct parties lists[3])
{
	const struct cfb *c = &m->file->cfb;
	int at;

	for (size_t i = 0; i < MSG_RECIPIENTS &&
			   (at = cfb_child(c, m->storage,
				STR("__recip_version1.0_#"), i)) != CFB_NONE;
	     i++) {
		struct mapi r;
		struct mail_party p;
		int64_t kind;

		mapi_open(&r, m->file, at, MAPI_PART, m->page);
		p = party(mapi_line(&r, MAPI_NAME),
		    address(&r, MAPI_SMTP_ADDRESS, MAPI_ADDRESS));
		if (!mapi_number(&r, MAPI_RECIPIENT_KIND, &kind))
			kind = 1;
		/* 0 is who sent it; the upper bits say who has it already. */
		kind &= 0xf;
		if (kind >= 1 && kind <= 3 && p.name.n + p.address.n > 0)
			vec_add_in(m->file->arena, &lists[kind - 1], p);
	}
}

static void
put_recipients(struct header *h)
{
	static const enum field fields[] = { F_TO, F_CC, F_BCC };
	static const enum mapi_property shown[] = { MAPI_SHOWN_TO,
		MAPI_SHOWN_CC, MAPI_SHOWN_BCC };
	struct parties lists[3] = { 0 };

	take_recipients(h->m, lists);
	for (int i = 0; i < 3; i++) {
		if (h->has[fields[i]])
			continue;
		if (lists[i].n == 0)
			take_shown(h->m, shown[i], &lists[i]);
		mail_put_parties(
		    h->g->out, names[fields[i]], lists[i].v, lists[i].n);
	}
}

/* Words that stand as they are, each on a line of its own where there are
 * several: ids are longer than what may be folded. */
static void
put_ids(struct header *h, enum field field, enum mapi_property id)
{
	struct str s = mapi_line(h->m, id);
	bool first = true;

	if (h->has[field] || s.n == 0)
		return;
	h->has[field] = true;
	buf_printf(h->g->out, "%s:", names[field]);
	while (s.p != NULL) {
		struct str word = str_split(&s, ' ');

		if (word.n == 0)
			continue;
		buf_add_z(h->g->out, first ? " " : "\r\n ");
		buf_add_str(h->g->out, word);
		first = false;
	}
	buf_add_z(h->g->out, "\r\n");
}

static void
put_text(struct header *h, enum field field, struct str text)
{
	if (!h->has[field] && text.n > 0)
		mail_put_text(h->g->out, names[field], text);
}

static void
put_date(struct header *h)
{
	int64_t t = mapi_time(h->m, MAPI_SUBMITTED);

	if (t == TIME_NONE)
		t = mapi_time(h->m, MAPI_DELIVERED);
	if (h->has[F_DATE] || t == TIME_NONE)
		return;
	buf_add_z(h->g->out, "Date: ");
	mailtime_write(t, h->g->out);
	buf_add_z(h->g->out, "\r\n");
}

static void
put_importance(struct header *h)
{
	int64_t n;

	if (mapi_number(h->m, MAPI_IMPORTANCE, &n) && (n == 0 || n == 2))
		put_text(h, F_IMPORTANCE, n == 0 ? STR("low") : STR("high"));
}

/* What Outlook answered by itself has a class of its own. */
static bool
is_automatic(const struct mapi *m)
{
	return str_starts_nocase(
	    mapi_line(m, MAPI_CLASS), STR("IPM.Note.Rules."));
}

void
msg_put_header(struct msg *g, const struct mapi *m)
{
	struct header h = { .g = g, .m = m };
	struct str subject;

	put_transport(&h);
	put_authors(&h);
	put_recipients(&h);
	subject = mapi_line(m, MAPI_SUBJECT);
	put_text(&h, F_SUBJECT,
	    subject.n > 0 ? subject : mapi_line(m, MAPI_NORMAL_SUBJECT));
	put_date(&h);
	put_ids(&h, F_MESSAGE_ID, MAPI_MESSAGE_ID);
	put_ids(&h, F_IN_REPLY_TO, MAPI_IN_REPLY_TO);
	if (msg_report_type(m) != NULL)
		put_ids(&h, F_IN_REPLY_TO, MAPI_ORIGINAL_ID);
	put_ids(&h, F_REFERENCES, MAPI_REFERENCES);
	put_importance(&h);
	put_text(&h, F_LIST_HELP, mapi_line(m, MAPI_LIST_HELP));
	put_text(&h, F_LIST_SUBSCRIBE, mapi_line(m, MAPI_LIST_SUBSCRIBE));
	put_text(&h, F_LIST_UNSUBSCRIBE, mapi_line(m, MAPI_LIST_UNSUBSCRIBE));
	if (is_automatic(m))
		put_text(&h, F_AUTOMATIC, STR("auto-replied"));
}
