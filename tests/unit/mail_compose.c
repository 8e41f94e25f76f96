#include "core/time.h"
#include "mail/compose.h"
#include "tap.h"

static struct mail
plain_mail(void)
{
	return (struct mail){
		.from = STR("support@example.com"),
		.to = STR("anna@example.org"),
		.subject = STR("Re: hoop"),
		.body = STR("Hello"),
		.message_id = STR("k1@example.com"),
		.date = 0,
	};
}

static struct str
compose(const struct mail *m, struct buf *out)
{
	struct err e;

	buf_reset(out);
	return mail_compose(m, out, &e) < 0 ? STR("error") : buf_str(out);
}

static bool
has(struct buf *out, const char *text)
{
	bool found = str_find(buf_str(out), str_of(text)) >= 0;

	if (!found)
		printf("# %.*s\n", STR_ARG(buf_str(out)));
	return found;
}

static bool
lacks(struct buf *out, const char *text)
{
	return str_find(buf_str(out), str_of(text)) < 0;
}

static bool
lines_fit(struct str s, size_t max)
{
	while (s.p != NULL)
		if (str_line(&s).n > max)
			return false;
	return true;
}

static void
test_plain(struct buf *out)
{
	struct mail m = plain_mail();

	is_str(compose(&m, out),
	    "Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"
	    "From: support@example.com\r\n"
	    "To: anna@example.org\r\n"
	    "Subject: Re: hoop\r\n"
	    "Message-ID: <k1@example.com>\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n"
	    "\r\n"
	    "Hello\r\n",
	    "a plain mail");
	m.automatic = true;
	compose(&m, out);
	ok(has(out, "\r\nAuto-Submitted: auto-replied\r\n"), "RFC 3834");
}

static void
test_names(struct buf *out)
{
	struct mail m = plain_mail();

	m.to_name = STR("Anna O'Hara");
	compose(&m, out);
	ok(has(out, "To: Anna O'Hara <anna@example.org>\r\n"), "atoms");
	m.to_name = STR("Hara, Anna \"A\"");
	compose(&m, out);
	ok(has(out, "To: \"Hara, Anna \\\"A\\\"\" <anna@example.org>\r\n"),
	    "quoted");
	m.to_name = STR("Jürgen");
	compose(&m, out);
	ok(has(out, "To: =?utf-8?q?J=C3=BCrgen?= <anna@example.org>\r\n"),
	    "encoded");
	m.to_name =
	    STR("Hara, Anna, of the shop that has the longest name of all, "
		"and of all the others");
	compose(&m, out);
	ok(lacks(out, "\"") && has(out, "To: =?utf-8?q?Hara=2C_Anna") &&
		lines_fit(buf_str(out), MAIL_LINE),
	    "encoded, where quotes would make a long line");
	m.to_name = STR("=?utf-8?q?x?=");
	compose(&m, out);
	ok(lacks(out, "To: =?utf-8?q?x?= "), "no encoded word from outside");
}

static void
test_subject(struct buf *out)
{
	struct mail m = plain_mail();

	m.subject = STR("Re: Γειά σου κόσμε, πού είναι η παραγγελία μου; "
			"Την περιμένω εδώ και μέρες και δεν έρχεται");
	compose(&m, out);
	ok(has(out, "Subject: =?utf-8?b?"), "base64 where it is shorter");
	ok(lines_fit(buf_str(out), MAIL_LINE), "folded");
	m.subject = STR("one two three four five six seven eight nine ten "
			"eleven twelve thirteen fourteen fifteen");
	compose(&m, out);
	ok(has(out, "twelve\r\n thirteen"), "folded at a space");
	m.subject = STR("a\r\nBcc: x@y.example");
	is_str(compose(&m, out), "error", "a line break in the subject");
}

/* What goes on with a character that never ends is cut where one ends at the
 * latest. */
static void
test_no_utf8(struct buf *out)
{
	static char bytes[1000];
	struct mail m = plain_mail();

	memset(bytes, 0x80, sizeof(bytes));
	m.subject = m.to_name = str_make(bytes, sizeof(bytes));
	compose(&m, out);
	ok(lines_fit(buf_str(out), MAIL_LINE), "a header of no UTF-8");
	memset(bytes + 100, 'a', sizeof(bytes) - 100);
	m = plain_mail();
	m.body = str_make(bytes, sizeof(bytes));
	compose(&m, out);
	ok(has(out, "quoted-printable") && lines_fit(buf_str(out), MAIL_LINE),
	    "a body of no UTF-8");
}

static void
test_body(struct buf *out)
{
	struct mail m = plain_mail();

	m.body = STR("Grüße, 1 = 1\n.\nFrom me \nend  ");
	compose(&m, out);
	ok(has(out, "quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe, 1 =3D 1\r\n"
		    "=2E\r\n=46rom me=20\r\nend =20\r\n"),
	    "quoted-printable");
	m.body = STR("ναι ναι ναι ναι");
	compose(&m, out);
	ok(has(out, "base64\r\n\r\nzr3Osc65IM69zrHOuSDOvc6xzrkgzr3Osc65DQo="),
	    "base64, with CRLF within");
	m.body =
	    STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"ü");
	compose(&m, out);
	ok(lines_fit(buf_str(out), MAIL_LINE), "soft line breaks");
	ok(has(out, "a=\r\na") && has(out, "=C3=BC"), "characters stay whole");
}

static void
test_ids(struct buf *out)
{
	struct str refs[40];
	char text[40][16];
	struct mail m = plain_mail();

	for (int i = 0; i < 40; i++) {
		snprintf(text[i], sizeof(text[i]), "r%d@x.example", i);
		refs[i] = str_of(text[i]);
	}
	m.references = refs;
	m.reference_count = 40;
	m.in_reply_to = refs + 39;
	m.in_reply_to_count = 1;
	compose(&m, out);
	ok(has(out, "In-Reply-To: <r39@x.example>\r\n"), "in reply to");
	ok(has(out, "References: <r0@x.example> <r21@x.example>"),
	    "the first and the last references");
	ok(lines_fit(buf_str(out), MAIL_LINE), "folded");
	refs[39] = STR("bad id>\r\nBcc: x@y");
	compose(&m, out);
	ok(lacks(out, "Bcc") && lacks(out, "In-Reply-To"), "no id, no header");
	m.message_id = STR("no at sign");
	is_str(compose(&m, out), "error", "our own id must be one");
}

static void
test_addresses(void)
{
	ok(mail_address_ok(STR("a.b+c@example.org")), "an address");
	ok(!mail_address_ok(STR("a b@example.org")), "a space");
	ok(!mail_address_ok(STR("a@b>\r\nDATA")), "a way out");
	ok(!mail_address_ok(STR("a@b@c")), "two at signs");
	ok(!mail_address_ok(STR("a,b@c.example")), "a list");
	ok(!mail_address_ok(STR("ünï@c.example")), "not ASCII");
	ok(!mail_address_ok(STR("@c.example")), "nobody");
	ok(!mail_address_ok(STR("a@")), "nowhere");
}

static void
test_files(struct buf *out)
{
	const struct mail_file files[] = {
		{ STR("a.pdf"), STR("application/pdf"), STR("hello\n") },
		{ STR("\xc3\xa4 \"1\".txt"), STR("Message/RFC822"), STR("") },
	};
	struct mail m = plain_mail();
	struct str s;

	m.files = files;
	m.file_count = 2;
	s = compose(&m, out);
	ok(str_find(s, STR("Content-Type: multipart/mixed;")) > 0,
	    "attachments: parts");
	ok(str_find(s, STR("Content-Type: application/pdf\r\n"
			   "Content-Transfer-Encoding: base64\r\n"
			   "Content-Disposition: attachment;\r\n"
			   " filename=\"a.pdf\"\r\n\r\naGVsbG8K\r\n--=_")) > 0,
	    "attachments: the bytes");
	ok(str_find(s, STR("Content-Type: application/octet-stream\r\n"
			   "Content-Transfer-Encoding: base64\r\n"
			   "Content-Disposition: attachment;\r\n"
			   " filename*=utf-8''%C3%A4%20%221%22.txt\r\n")) > 0,
	    "attachments: a name beyond ASCII, a type that base64 cannot be");
}

int
main(void)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	test_plain(&out);
	test_names(&out);
	test_subject(&out);
	test_no_utf8(&out);
	test_body(&out);
	test_ids(&out);
	test_addresses();
	test_files(&out);
	buf_release(&out);
	return done();
}
