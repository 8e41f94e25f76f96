/*
 * What a mail says, and the files in it.
 */
#include "core/hash.h"
#include "source/msg/codepage.h"
#include "source/msg/lzfu.h"
#include "source/msg/message.h"
#include "source/msg/rtf.h"

/* Where an attachment's bytes are, MS-OXCMSG 2.2.2.9. */
enum {
	BY_REFERENCE = 2,
	BY_REFERENCE_ONLY = 4,
	A_MESSAGE = 5,
	A_STORAGE = 6,
	ON_THE_WEB = 7
};

struct content {
	struct msg *g;
	const struct mapi *m;
	struct str text, html; /* UTF-8; absent */
	struct str raw_html; /* in a charset that it says itself, if at all */
};

/* A line of its own in no text: what is between is encoded, or is another
 * mail, whose number is another. */
static void
make_boundary(const struct content *c, char boundary[ID_SIZE])
{
	char count[STR_COUNT];
	struct str parts[] = { mapi_line(c->m, MAPI_MESSAGE_ID),
		mapi_line(c->m, MAPI_SUBJECT), c->text,
		str_count(count, '\0', c->g->boundaries++) };

	id_make(boundary, 'm', parts, sizeof(parts) / sizeof(*parts));
}

static struct str
kept(const struct content *c, struct buf *b)
{
	struct str s = arena_dup(c->m->file->arena, buf_str(b));

	buf_release(b);
	return s;
}

static void
take_html(struct content *c)
{
	struct str s = mapi_bytes(c->m, MAPI_HTML);
	struct buf b;
	int64_t page;

	if (s.p == NULL) {
		c->html = mapi_text(c->m, MAPI_HTML);
		return;
	}
	while (s.n > 0 && s.p[s.n - 1] == '\0')
		s.n--;
	if (!mapi_number(c->m, MAPI_HTML_PAGE, &page) || page <= 0 ||
	    page > 1 << 16) {
		c->raw_html = s;
		return;
	}
	buf_init(&b, 4 * s.n + 1024);
	codepage_decode(s, (unsigned)page, &b);
	c->html = kept(c, &b);
}

/* The HTML that is wrapped into it; its text only where there is no other. */
static void
take_rtf(struct content *c)
{
	struct str s = mapi_bytes(c->m, MAPI_RTF);
	struct buf rtf, out;
	enum rtf_kind kind;
	struct err e;

	if (s.n == 0)
		return;
	buf_init(&rtf, c->g->out->max);
	buf_init(&out, c->g->out->max);
	if (lzfu_decode(s, &rtf, &e) < 0) {
		if (c->text.n == 0)
			mapi_fail(c->m->file, e.msg);
		buf_release(&rtf);
		buf_release(&out);
		return;
	}
	kind = rtf_read(buf_str(&rtf), &out);
	buf_release(&rtf);
	if (out.over)
		mapi_fail(c->m->file, "an RTF that is longer than an item may "
				      "be; --max-item sets the bound");
	s = kept(c, &out);
	if (kind == RTF_HTML)
		c->html = s;
	else if (kind == RTF_TEXT && c->text.n == 0)
		c->text = s;
}

static void
put_html(const struct content *c)
{
	struct mail_file f = {
		.type = STR("text/html"), .bytes = c->raw_html, .shown = true
	};

	if (c->html.p != NULL)
		mail_put_part(c->g->out, "text/html", c->html);
	else
		mail_put_file(c->g->out, &f);
}

static void
put_words(const struct content *c)
{
	struct buf *out = c->g->out;
	bool html = c->html.n > 0 || c->raw_html.n > 0;
	char boundary[ID_SIZE];

	if (!html) {
		mail_put_part(
		    out, "text/plain", c->text.p == NULL ? STR("") : c->text);
		return;
	}
	if (str_trim(c->text).n == 0) {
		put_html(c);
		return;
	}
	make_boundary(c, boundary);
	buf_printf(out,
	    "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"=_%s\"\r\n\r\n--=_%s\r\n",
	    boundary, boundary);
	mail_put_part(out, "text/plain", c->text);
	buf_printf(out, "--=_%s\r\n", boundary);
	put_html(c);
	buf_printf(out, "--=_%s--\r\n", boundary);
}

/* "text/plain", as a type may stand in a field; absent else. */
static struct str
type_of(const struct mapi *a)
{
	struct str s = mapi_line(a, MAPI_TYPE);
	size_t slashes = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f ||
		    strchr("()<>@,;:\\\"[]?=", s.p[i]) != NULL)
			return STR_NONE;
		slashes += s.p[i] == '/';
	}
	return slashes == 1 && s.n < 200 ? s : STR_NONE;
}

/* An id as it may stand in brackets; absent else. */
static struct str
id_of(const struct mapi *a)
{
	struct str s = mapi_line(a, MAPI_CONTENT_ID);

	if (s.n > 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		s = str_sub(s, 1, s.n - 2);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] >= 0x7f || s.p[i] == '<' ||
		    s.p[i] == '>')
			return STR_NONE;
	return s.n > 900 ? STR_NONE : s;
}

/* Does the HTML show it? */
static bool
is_shown(const struct content *c, struct str id)
{
	struct str html = c->html.p != NULL ? c->html : c->raw_html;
	ptrdiff_t at;

	if (id.n == 0)
		return false;
	while ((at = str_find(html, id)) >= 0) {
		if (str_ends_nocase(str_sub(html, 0, (size_t)at), STR("cid:")))
			return true;
		html = str_sub(html, (size_t)at + 1, html.n);
	}
	return false;
}

/* Of an object of another program the largest stream, which is the object or
 * a picture of it. */
static struct str
object_bytes(const struct mapi *a)
{
	struct cfb *c = &a->file->cfb;
	int at, storage = mapi_object(a, MAPI_DATA);
	struct str s, best = STR("");
	struct err e;

	for (size_t i = 0; storage != CFB_NONE &&
			   (at = cfb_child(c, storage, STR(""), i)) != CFB_NONE;
	     i++)
		if (!cfb_is_storage(c, at) && cfb_read(c, at, &s, &e) == 0 &&
		    s.n > best.n)
			best = s;
	return best;
}

/* What lies elsewhere: the part says where, as mail programs do that take
 * files out of mails. */
static void
put_elsewhere(
    const struct content *c, const struct mapi *a, const struct mail_file *f)
{
	struct str path = mapi_line(a, MAPI_LONG_PATH);

	if (path.n == 0)
		path = mapi_line(a, MAPI_PATH);
	mail_put_text(c->g->out, "X-Mozilla-External-Attachment-URL",
	    path.n == 0 ? STR("unknown") : path);
	mail_put_file(c->g->out, f);
}

static void
put_inner_mail(
    const struct content *c, const struct mapi *a, const struct mail_file *f)
{
	int storage = mapi_object(a, MAPI_DATA);
	struct mapi inner;

	if (storage == CFB_NONE || c->g->depth == MSG_DEPTH) {
		mapi_fail(a->file, storage == CFB_NONE
				       ? "a mail in the mail is missing"
				       : "mails in mails are deeper than 8");
		return;
	}
	buf_add_z(c->g->out, "Content-Type: message/rfc822\r\n"
			     "Content-Transfer-Encoding: 8bit\r\n");
	mail_put_disposition(c->g->out, f);
	buf_add_z(c->g->out, "\r\n");
	mapi_open(&inner, a->file, storage, MAPI_EMBEDDED, a->page);
	c->g->depth++;
	msg_put(c->g, &inner);
	c->g->depth--;
}

static void
put_attachment(const struct content *c, int storage)
{
	struct mail_file f = { 0 };
	struct mapi a;
	int64_t method;

	mapi_open(&a, c->m->file, storage, MAPI_PART, c->m->page);
	if (!mapi_number(&a, MAPI_METHOD, &method))
		method = 1;
	f.name = mapi_line(&a, MAPI_FILE);
	if (f.name.p == NULL)
		f.name = mapi_line(&a, MAPI_SHORT_FILE);
	if (f.name.p == NULL)
		f.name = mapi_line(&a, MAPI_NAME);
	f.type = type_of(&a);
	f.id = id_of(&a);
	f.shown = is_shown(c, f.id);
	if (method == A_MESSAGE) {
		put_inner_mail(c, &a, &f);
		return;
	}
	f.bytes = mapi_bytes(&a, MAPI_DATA);
	if (f.bytes.p == NULL && method == A_STORAGE)
		f.bytes = object_bytes(&a);
	if (f.bytes.p == NULL &&
	    ((method >= BY_REFERENCE && method <= BY_REFERENCE_ONLY) ||
		method == ON_THE_WEB))
		put_elsewhere(c, &a, &f);
	else
		mail_put_file(c->g->out, &f);
}

static int
attachment(const struct content *c, size_t i)
{
	return cfb_child(
	    &c->m->file->cfb, c->m->storage, STR("__attach_version1.0_#"), i);
}

static void
put_all(const struct content *c)
{
	const char *report = msg_report_type(c->m);
	struct buf *out = c->g->out;
	char boundary[ID_SIZE];
	int at;

	if (report == NULL && attachment(c, 0) == CFB_NONE) {
		put_words(c);
		return;
	}
	make_boundary(c, boundary);
	buf_printf(out, "Content-Type: multipart/%s%s;\r\n",
	    report == NULL ? "mixed" : "report; report-type=",
	    report == NULL ? "" : report);
	buf_printf(
	    out, " boundary=\"=_%s\"\r\n\r\n--=_%s\r\n", boundary, boundary);
	put_words(c);
	if (report != NULL) {
		buf_printf(out, "--=_%s\r\n", boundary);
		msg_put_report(out, c->m);
	}
	for (size_t i = 0; (at = attachment(c, i)) != CFB_NONE && !out->over &&
			   !c->m->file->bad;
	     i++) {
		buf_printf(out, "--=_%s\r\n", boundary);
		put_attachment(c, at);
	}
	buf_printf(out, "--=_%s--\r\n", boundary);
}

/* A mail that was signed is kept as one file that is all of its content, with
 * the fields of it (MS-OXOSMIME, 2.1.3); absent else. */
static struct str
signed_whole(const struct content *c)
{
	struct mapi a;
	struct str s;

	if (!str_starts_nocase(
		mapi_line(c->m, MAPI_CLASS), STR("IPM.Note.SMIME")) ||
	    attachment(c, 0) == CFB_NONE || attachment(c, 1) != CFB_NONE)
		return STR_NONE;
	mapi_open(&a, c->m->file, attachment(c, 0), MAPI_PART, c->m->page);
	s = mapi_bytes(&a, MAPI_DATA);
	return str_starts_nocase(s, STR("Content-Type:")) ? s : STR_NONE;
}

void
msg_put(struct msg *g, const struct mapi *m)
{
	struct content c = { .g = g, .m = m };
	struct str whole = signed_whole(&c);

	msg_put_header(g, m);
	buf_add_z(g->out, "MIME-Version: 1.0\r\n");
	if (whole.p != NULL) {
		buf_add_str(g->out, whole);
		buf_add_z(g->out, "\r\n");
		return;
	}
	c.text = mapi_text(m, MAPI_TEXT);
	if (c.text.n == 0 && msg_report_type(m) != NULL)
		c.text = mapi_text(m, MAPI_REPORT_TEXT);
	take_html(&c);
	if (c.html.n == 0 && c.raw_html.n == 0)
		take_rtf(&c);
	put_all(&c);
}
