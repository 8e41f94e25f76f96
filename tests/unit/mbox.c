#include "source/mail/mbox.h"

#include <string.h>

#include "core/time.h"
#include "tap.h"

#define FROM "From anna@example.org Thu Mar  5 10:00:00 2026\n"

/* Cuts text, fed in pieces of `step` bytes, and joins the mails with "|". */
static struct str
cut(struct str text, size_t step, size_t max)
{
	static char out[4096];
	size_t n = 0;
	struct mbox m;
	struct mbox_item item;
	struct str rest = text;

	mbox_init(&m, text, max);
	for (;;) {
		while (mbox_next(&m, &item) == 1)
			n += (size_t)snprintf(out + n, sizeof(out) - n,
			    "%s%" PRIu64 ":%.*s|", item.over ? "over " : "",
			    item.at, item.over ? 4 : (int)item.bytes.n,
			    item.bytes.p);
		if (m.end)
			break;
		if (rest.n == 0) {
			mbox_finish(&m);
			continue;
		}
		mbox_feed(&m, str_sub(rest, 0, step));
		rest = str_sub(rest, step, rest.n);
	}
	mbox_release(&m);
	return str_make(out, n);
}

/* The same whatever pieces the file comes in. */
static void
cuts(struct str text, const char *want, const char *what)
{
	static const size_t steps[] = { 1, 2, 7, 64, 1 << 20 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		is_str(cut(text, steps[i], 1 << 20), want, what);
}

static void
from_lines(void)
{
	static const char *const good[] = {
		"From anna@example.org Thu Mar  5 10:00:00 2026",
		"From anna@example.org Thu Mar  5 10:00:00 2026\r",
		"From - Thu Mar  5 10:00:00 2026",
		"From 1551@xxx Thu Mar 05 10:00:00 +0000 2026",
		"From MAILER-DAEMON Thu, 5 Mar 2026 11:00:00 +0100",
		"From anna at example.org  Thu Mar  5 10:00:00 2026",
		"From \"a b\"@example.org Thu Mar  5 10:00 2026",
	};
	static const char *const bad[] = {
		"From here on we go by train",
		"From Monday on we are closed",
		"From Mon to Fri at 10:00 we are there",
		"From: anna@example.org Thu Mar  5 10:00:00 2026",
		"from anna@example.org Thu Mar  5 10:00:00 2026",
		"From anna@example.org",
		"From anna@example.org Thu Mar 35 10:00:00 2026",
		"",
	};
	struct str sender;
	int64_t t, want = 0;

	time_parse(STR("2026-03-05T10:00:00Z"), &want);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ok(mbox_from_line(str_of(good[i]), &sender, &t), good[i]);
		is_int(t, want, "its time");
	}
	is_str(sender, "\"a b\"@example.org", "its sender");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!mbox_from_line(str_of(bad[i]), NULL, NULL), bad[i]);
}

static void
plain(void)
{
	cuts(STR(FROM "A: 1\n\none\n\n" FROM "A: 2\n\ntwo\n"),
	    "0:A: 1\n\none\n\n|58:A: 2\n\ntwo\n|", "two mails");
	cuts(STR(FROM "A: 1\n\none\nFrom here on\n\nFrom there\n" FROM "x\n"),
	    "0:A: 1\n\none\nFrom here on\n\nFrom there\n" FROM "x\n|",
	    "From in bodies, and no empty line before");
	cuts(STR("From a Thu Mar  5 10:00:00 2026\r\nA: 1\r\n\r\none\r\n\r\n"
		 "From a Thu Mar  5 10:00:00 2026\r\nA: 2\r\n"),
	    "0:A: 1\r\n\r\none\r\n\r\n|48:A: 2\r\n|", "CRLF");
	cuts(STR(FROM "\n" FROM "A: 2\n"), "0:\n|48:A: 2\n|", "an empty mail");
	cuts(STR(FROM "A: 1\n\nno newline"), "0:A: 1\n\nno newline|",
	    "an end without newline");
}

static void
quoting(void)
{
	cuts(STR(FROM "A: 1\n\n>From me\n"), "0:A: 1\n\n>From me\n|",
	    "mboxo stays as it is");
	cuts(STR(FROM "A: 1\n\n>From me\n>>From you\n> >From x\n>From\n"),
	    "0:A: 1\n\nFrom me\n>From you\n> >From x\n>From\n|",
	    "mboxrd is undone");
	cuts(STR(FROM "A: 1\n\n>>>From a\n>>From b\n"),
	    "0:A: 1\n\n>>From a\n>From b\n|", "levels of it");
	cuts(STR(FROM "A: 1\n\n> hello\n>>From a\n"),
	    "0:A: 1\n\n> hello\n>>From a\n|", "a quotation is none");
}

static void
counted(void)
{
	cuts(STR(FROM "Content-Length: 53\n\nx\n\n" FROM "yyy\n\n" FROM
		      "Content-Length: 2\n\nz\n"),
	    "0:Content-Length: 53\n\nx\n\n" FROM "yyy|122:"
	    "Content-Length: 2\n\nz\n|",
	    "a count that spans a From_ line");
}

static void
counted_right(void)
{
	/* The first mail holds a From_ line that nobody quoted. */
	const char *body = "x\n\n" FROM "y\n";
	char text[512], want[512];
	int n = (int)strlen(body);

	snprintf(text, sizeof(text),
	    FROM "Content-Length: %d\n\n%s\n" FROM "Content-Length: 2\n\nz\n",
	    n, body);
	snprintf(want, sizeof(want),
	    "0:Content-Length: %d\n\n%s|%zu:Content-Length: 2\n\nz\n|", n, body,
	    strlen(text) - 47 - 21);
	cuts(str_of(text), want, "mboxcl2");
}

static void
wrong_count(void)
{
	cuts(STR(FROM "Content-Length: 2\n\nx\n\n" FROM
		      "Content-Length: 900\n\ny\n\n" FROM "A: 3\n\nz\n"),
	    "0:Content-Length: 2\n\nx\n|69:Content-Length: 900\n\ny\n\n|"
	    "140:A: 3\n\nz\n|",
	    "a wrong count falls back to the From_ line");
}

static void
ceiling(void)
{
	static char text[3 << 20];
	size_t n = 0;
	struct str got;

	n += (size_t)snprintf(text, sizeof(text), FROM "A: 1\n\n");
	memset(text + n, 'x', 2 << 20);
	n += 2 << 20;
	n += (size_t)snprintf(
	    text + n, sizeof(text) - n, "\n\n" FROM "A: 2\n\ntwo\n");
	got = cut(str_make(text, n), 64 << 10, 64 << 10);
	ok(str_starts(got, STR("over 0:A: 1|")), "a mail past the ceiling");
	ok(str_ends(got, STR(":A: 2\n\ntwo\n|")), "the next is whole");
	got = cut(str_make(text, n), 256 << 10, 64 << 10);
	ok(str_starts(got, STR("over 0:A: 1|")), "the same in blocks");
}

/* What stands before the first From_ line, and between the others. */
static void
starts(void)
{
	cuts(STR("\n\n" FROM "A: 1\n\nx\n"), "2:A: 1\n\nx\n|",
	    "empty lines before");
	cuts(STR("\xef\xbb\xbf" FROM "A: 1\n\nx\n"), "3:A: 1\n\nx\n|",
	    "a mark of UTF-8");
	cuts(STR(FROM "Aa: 1\n\nx\n" FROM "Bb: 2\n\ny\n"),
	    "0:Aa: 1\n\nx\n|56:Bb: 2\n\ny\n|", "no empty line between");
	cuts(STR(FROM "Aa: 1\n\nx\n" FROM "is what he wrote\n"),
	    "0:Aa: 1\n\nx\n" FROM "is what he wrote\n|", "a body's line");
	is_int((int64_t)mbox_start(STR("\nFrom here on")), (int64_t)SIZE_MAX,
	    "no mailbox");
}

/* How many mails a text is cut into, fed in pieces of `step` bytes. */
static int
count(struct str text, size_t step)
{
	struct mbox m;
	struct mbox_item item;
	int n = 0;

	mbox_init(&m, str_sub(text, 0, 64 << 10), 64 << 20);
	for (;;) {
		while (mbox_next(&m, &item) == 1)
			n++;
		if (m.end)
			break;
		if (text.n == 0)
			mbox_finish(&m);
		mbox_feed(&m, str_sub(text, 0, step));
		text = str_sub(text, step, text.n);
	}
	mbox_release(&m);
	return n;
}

/* What begins as a mail in an open part of one: minutes where each such line
 * has all before or behind it looked through. */
static void
many_within(void)
{
	struct buf b;

	buf_init(&b, 64 << 20);
	buf_add_str(&b,
	    STR(FROM "Content-Type: multipart/mixed; boundary=bb\n\n--bb\n"));
	for (int part = 0; part < 25; part++) {
		for (int i = 0; i < 4000; i++)
			buf_add_str(&b, STR("\n" FROM));
		buf_add_str(&b, STR("\n--bb\n"));
	}
	buf_add_str(&b, STR("\n--bb--\n\n" FROM "A: 2\n\ntwo\n"));
	is_int(count(buf_str(&b), 64 << 10), 2, "5 MB of them in open parts");
	buf_release(&b);
}

/* Minutes where fields are looked for behind each piece again. */
static void
many_fields(void)
{
	struct buf b;

	buf_init(&b, 64 << 20);
	buf_add_str(&b, STR(FROM "A: 1\n\none\n\nFrom \n"));
	for (int i = 0; i < 1 << 19; i++)
		buf_add_str(&b, STR("X: y\n"));
	buf_add_str(&b, STR("From: a\nTo: b\nDate: c\n\nx\n"));
	is_int(count(buf_str(&b), 4 << 10), 1,
	    "the fields of mail are too far behind");
	buf_release(&b);
	cuts(STR(FROM "A: 1\n\none\n\nFrom \nX: y\nFrom: a\nTo: b\n"
		      "Date: c\n\nx\n"),
	    "0:A: 1\n\none\n\n|58:X: y\nFrom: a\nTo: b\nDate: c\n\nx\n|",
	    "near enough");
}

int
main(void)
{
	from_lines();
	plain();
	quoting();
	counted();
	counted_right();
	wrong_count();
	ceiling();
	starts();
	many_within();
	many_fields();
	return done();
}
