#include "live/imap/client.h"

#include <stdio.h>
#include <string.h>

#include "live/imap/utf7.h"
#include "../script.h"
#include "tap.h"

static struct script server;
static struct imap client;
static struct buf seen;

static int
see_mail(void *arg, const struct imap_mail *m, struct err *e)
{
	(void)arg;
	(void)e;
	buf_printf(&seen, "%" PRIu64 " %" PRIu64, m->uid, m->size);
	for (size_t i = 0; i < m->flags.n; i++)
		buf_printf(&seen, " %.*s", STR_ARG(m->flags.v[i]));
	for (size_t i = 0; i < m->labels.n; i++)
		buf_printf(&seen, " <%.*s>", STR_ARG(m->labels.v[i]));
	if (m->received.p != NULL)
		buf_printf(&seen, " @%.*s", STR_ARG(m->received));
	if (m->thread.p != NULL)
		buf_printf(&seen, " #%.*s", STR_ARG(m->thread));
	if (m->body.p != NULL)
		buf_printf(&seen, " %" PRIu64 "[%.*s]", m->body_size,
		    STR_ARG(m->body));
	buf_add_char(&seen, ';');
	return 0;
}

static int
see_folder(void *arg, const struct imap_folder *f, struct err *e)
{
	(void)arg;
	(void)e;
	buf_printf(&seen, "%.*s %c %u;", STR_ARG(f->name),
	    f->delimiter == 0 ? '-' : f->delimiter, f->attributes);
	return 0;
}

static int
see_gone(void *arg, uint64_t from, uint64_t to, struct err *e)
{
	(void)arg;
	(void)e;
	buf_printf(&seen, "-%" PRIu64 ":%" PRIu64 ";", from, to);
	return 0;
}

static void
begin(const char *says, size_t step, size_t keep)
{
	struct live_stream stream = { script_send, script_recv, &server };

	buf_release(&server.told);
	server = (struct script){ .says = str_of(says), .step = step };
	buf_init(&server.told, 1 << 20);
	imap_release(&client);
	imap_init(&client, &stream, keep);
	client.on_mail = see_mail;
	client.on_folder = see_folder;
	buf_reset(&seen);
}

static const size_t steps[] = { 1, 2, 7, 64, 1 << 20 };
enum { STEPS = sizeof(steps) / sizeof(*steps) };

/* What a fetch of all gives, whatever pieces it comes in. */
static void
fetches(const char *says, enum imap_answer answer, const char *want,
    const char *what)
{
	for (size_t i = 0; i < STEPS; i++) {
		struct err e;

		begin(says, steps[i], 1 << 20);
		(void)imap_fetch(&client, STR("1:*"), 0, &e);
		is_int(imap_fetched(&client, client.tag, &e), answer, what);
		is_str(buf_str(&seen), want, what);
	}
}

static void
test_fetch(void)
{
	fetches("* 1 FETCH (UID 7 RFC822.SIZE 9 FLAGS (\\Seen $Junk) "
		"INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" BODY[] {7}\r\n"
		"a\r\nb)\r\n)\r\nk1 OK done\r\n",
	    IMAP_OK,
	    "7 9 \\Seen $Junk @17-Jul-1996 02:44:25 -0700 7[a\r\nb)\r\n];",
	    "a mail");
	fetches(
	    "* 1 FETCH (BODY[] {52}\r\n"
	    "Subject: x\r\n\r\nk1 OK done\r\n* 9 FETCH (UID 9)\r\n* BYE\r\n"
	    " UID 8)\r\n* 2 FETCH (BODY[] \"q\\\"\\\\\" UID 10)\r\nk1 OK\r\n",
	    IMAP_OK,
	    "8 0 52[Subject: x\r\n\r\nk1 OK done\r\n* 9 FETCH (UID 9)\r\n"
	    "* BYE\r\n];10 0 3[q\"\\];",
	    "lines of a server in a mail are the mail's");
	fetches("* 1 FETCH (UID 1 BODY[] ~{3}\r\nx\r\n)\r\n"
		"* 2 FETCH (UID 2 BODY[] {1+}\r\ny)\r\n"
		"* 3 FETCH (UID 3 BODY[] {0}\r\n)\r\n"
		"* 4 FETCH (UID 4 BODY[] NIL)\r\nk1 OK\r\n",
	    IMAP_OK, "1 0 3[x\r\n];2 0 1[y];3 0 0[];4 0;",
	    "literal8, a literal with a plus, an empty one, NIL");
	fetches("* 1 FETCH (UID 1 X-GM-THRID 1278455344230334865 X-GM-LABELS "
		"(\\Inbox \"a b\" {3}\r\nc)d \"\\\"\") BODY[] {1}\r\nx)\r\n"
		"k1 OK\r\n",
	    IMAP_OK,
	    "1 0 <\\Inbox> <a b> <c)d> <\"> #1278455344230334865 1[x];",
	    "labels of Gmail, one of them a literal");
	fetches("* 1 FETCH (UID 1 ENVELOPE ((\"a\" (NIL NIL)) \"}\" {2}\r\n)() "
		"BODY[HEADER.FIELDS (X Y)]<0> {1}\r\nh MODSEQ (12))\r\n"
		"k1 OK [X {5}] text {5}\r\n",
	    IMAP_OK, "1 0 1[h];",
	    "what was not asked, and text like a literal");
	fetches("* 12 EXISTS\n* 3 EXPUNGE\n* VANISHED (EARLIER) 3:4\n"
		"* OK Still here {9}\n* 1 FETCH (UID 4)\nk1 OK\n",
	    IMAP_OK, "4 0;", "lines without a carriage return, news between");
	is_int((int64_t)client.box.exists, 12, "the number of mails");
	fetches("* 1 FETCH (UID 4\r\n* 2 FETCH UID 5\r\n* FETCH\r\n*\r\n* 1\r\n"
		"* \"x\" {3}\r\nabc\r\n* 5 FETCH (UID {1}\r\n6 FLAGS x)\r\n"
		"k1 OK\r\n",
	    IMAP_OK, "4 0;0 0;", "what is broken gives what reads");
	fetches("* \"x\" {3}\r\nabc\r\n* 5 FETCH (UID 6)\r\nk1 OK\r\n", IMAP_OK,
	    "6 0;", "a literal that ends its line");
	fetches("k1 NO [UNAVAILABLE] later\r\n", IMAP_NO, "", "refused");
	is_str(client.code, "UNAVAILABLE", "with its code");
	fetches("* 1 FETCH (UID 1)\r\n* BYE too long\r\n", IMAP_BROKEN, "1 0;",
	    "BYE in the midst");
	fetches("* 1 FETCH (UID 1 BODY[] {99}\r\nabc", IMAP_BROKEN, "",
	    "an end in the midst of a mail");
	fetches("k9 OK\r\n", IMAP_BROKEN, "", "an answer to nothing");
	fetches("\r\n", IMAP_BROKEN, "", "an empty line");
	fetches("* 1 FETCH (BODY[] {99999999999999999999}\r\n", IMAP_BROKEN, "",
	    "a literal of any size");
}

static void
test_large(void)
{
	struct err e;
	struct buf b;

	begin("* 1 FETCH (UID 1 BODY[] {10}\r\n0123456789 FLAGS (\\Seen))\r\n"
	      "* 2 FETCH (UID 2 BODY[] {2}\r\nab)\r\nk1 OK\r\n",
	    3, 4);
	(void)imap_fetch(&client, STR("1"), 0, &e);
	is_int(imap_fetched(&client, 1, &e), IMAP_OK, "more than is kept");
	is_str(buf_str(&seen), "1 0 \\Seen 10[0123];2 0 2[ab];",
	    "is known by its size");

	buf_init(&b, 4 << 20);
	buf_add_z(&b, "* 1 FETCH (UID 1 BODY[] {1000000}\r\n");
	for (size_t i = 0; i < 1000000; i++)
		buf_add_char(&b, "k1 OK\r\n"[i % 7]);
	buf_add_z(&b, " RFC822.SIZE 5)\r\nk1 OK\r\n");
	begin(buf_cstr(&b), 1 << 20, 1 << 20);
	(void)imap_fetch(&client, STR("1"), 0, &e);
	is_int(imap_fetched(&client, 1, &e), IMAP_OK, "a large mail");
	is_int((int64_t)seen.n, 1000000 + (int64_t)strlen("1 5 1000000[];"),
	    "comes whole, and what is behind it");

	buf_reset(&b);
	for (size_t i = 0; i < 2 << 20; i++)
		buf_add_char(&b, 'x');
	begin(buf_cstr(&b), 1 << 16, 1 << 20);
	is_int(imap_ask_capabilities(&client, &e), IMAP_BROKEN,
	    "a line without an end");
	ok(strstr(e.msg, "line of more than") != NULL, "is said to be one");
	buf_reset(&b);
	buf_add_z(&b, "* 1 FETCH (FLAGS (");
	for (size_t i = 0; i < 5000; i++)
		buf_add_z(&b, " {1}\r\na");
	begin(buf_cstr(&b), 1 << 16, 1 << 20);
	is_int(imap_ask_capabilities(&client, &e), IMAP_BROKEN,
	    "too many literals");
	buf_reset(&b);
	buf_add_z(&b, "* 1 FETCH (X ");
	for (size_t i = 0; i < 100000; i++)
		buf_add_char(&b, '(');
	buf_add_z(&b, "\r\nk1 OK\r\n");
	begin(buf_cstr(&b), 1 << 16, 1 << 20);
	is_int(imap_ask_capabilities(&client, &e), IMAP_OK,
	    "lists in lists in lists");
	buf_release(&b);
}

static void
test_folders(void)
{
	struct err e;

	begin("* CAPABILITY IMAP4rev1 IDLE condstore X-GM-EXT-1\r\nk1 OK\r\n"
	      "* LIST (\\HasNoChildren) \"/\" INBOX\r\n"
	      "* LIST (\\Noselect \\X) \".\" \"a \\\"b\\\"\"\r\n"
	      "* LIST (\\All) NIL {3}\r\na)b\r\n* LIST x\r\n"
	      "* LIST (\\Sent) \"/\" Sent\r\nk2 OK\r\n",
	    3, 1 << 20);
	is_int(imap_ask_capabilities(&client, &e), IMAP_OK, "what it can");
	is_int(client.capabilities, IMAP_IDLE | IMAP_CONDSTORE | IMAP_GMAIL,
	    "as far as it matters");
	is_int(imap_list(&client, STR("*"), &e), IMAP_OK, "folders");
	is_str(buf_str(&seen), "INBOX / 0;a \"b\" . 1;a)b - 2;Sent / 4;",
	    "with what they are");
	is_str(buf_str(&server.told), "k1 CAPABILITY\r\nk2 LIST \"\" \"*\"\r\n",
	    "that is asked for so");

	begin("* OK [UIDVALIDITY 3857529045] ok\r\n* 4 EXISTS\r\n"
	      "* OK [UIDNEXT 4392] next\r\n* OK [HIGHESTMODSEQ 7] m\r\n"
	      "k1 OK [READ-ONLY] done\r\n+ go on\r\nk2 NO none\r\n"
	      "k3 NO [NONEXISTENT] none\r\n",
	    5, 1 << 20);
	client.capabilities = IMAP_CONDSTORE;
	is_int(
	    imap_examine(&client, STR("a \"b\\"), NULL, &e), IMAP_OK, "opened");
	is_int((int64_t)client.box.uid_validity, 3857529045, "its UIDVALIDITY");
	is_int((int64_t)client.box.uid_next, 4392, "its UIDNEXT");
	is_int((int64_t)client.box.modseq, 7, "its HIGHESTMODSEQ");
	is_int((int64_t)client.box.exists, 4, "how many mails");
	is_int(imap_examine(&client, STR("\xc3\xa4"), NULL, &e), IMAP_NO,
	    "a name that is none in ASCII");
	is_int(
	    imap_examine(&client, STR("x"), NULL, &e), IMAP_NO, "none there");
	is_str(str_of(e.msg), "the server says: NO [NONEXISTENT] none",
	    "in its own words");
	is_str(buf_str(&server.told),
	    "k1 EXAMINE \"a \\\"b\\\\\" (CONDSTORE)\r\nk2 EXAMINE {2}\r\n\xc3\xa4 (CONDSTORE)\r\n"
	    "k3 EXAMINE \"x\" (CONDSTORE)\r\n",
	    "names are quoted, or literals");
}

static void
test_resync(void)
{
	const struct imap_known known = { 7, 90060115194045001, 4391 };
	struct err e;

	begin("* CAPABILITY IMAP4rev1 QRESYNC\r\nk1 OK\r\n"
	      "* ENABLED qresync\r\nk2 OK\r\n* OK [UIDVALIDITY 7] ok\r\n"
	      "* VANISHED (EARLIER) 41,43:116,5:3,x,9:y,:\r\n"
	      "* 1 FETCH (UID 117 FLAGS (\\Seen $Junk) MODSEQ (12))\r\n"
	      "* 2 FETCH (UID 118 MODSEQ (13))\r\n"
	      "* OK [HIGHESTMODSEQ 90060115194045007] m\r\nk3 OK\r\n"
	      "* VANISHED 405\r\n* VANISHED\r\n* VANISHED (EARLIER\r\nk4 OK\r\n"
	      "k5 OK\r\n",
	    7, 1 << 20);
	client.on_gone = see_gone;
	(void)imap_ask_capabilities(&client, &e);
	is_int(client.capabilities, IMAP_CONDSTORE | IMAP_QRESYNC,
	    "what it can includes what it needs");
	is_int(imap_enable(&client, &e), IMAP_OK, "asked for what vanished");
	ok(client.qresync, "which it will say");
	is_int(imap_examine(&client, STR("x"), &known, &e), IMAP_OK, "opened");
	is_str(buf_str(&seen), "-41:41;-43:116;-3:5;117 0 \\Seen $Junk;118 0;",
	    "with what vanished and what changed");
	is_int((int64_t)client.box.modseq, 90060115194045007, "up to when");
	buf_reset(&seen);
	is_int(imap_flags(&client, 4391, 715, &e), IMAP_OK, "flags since");
	is_str(buf_str(&seen), "-405:405;", "what vanishes meanwhile");
	is_int(imap_flags(&client, 4391, 0, &e), IMAP_OK, "all flags");
	is_str(buf_str(&server.told),
	    "k1 CAPABILITY\r\nk2 ENABLE QRESYNC\r\n"
	    "k3 EXAMINE \"x\" (QRESYNC (7 90060115194045001 1:4391))\r\n"
	    "k4 UID FETCH 1:4391 (UID FLAGS) (CHANGEDSINCE 715)\r\n"
	    "k5 UID FETCH 1:4391 (UID FLAGS)\r\n",
	    "asked so");
	begin("* CAPABILITY QRESYNC\r\nk1 OK\r\nk2 BAD\r\nk3 OK\r\n", 7, 99);
	(void)imap_ask_capabilities(&client, &e);
	is_int(
	    imap_enable(&client, &e), IMAP_OK, "one that does not after all");
	(void)imap_examine(&client, STR("x"), &known, &e);
	is_str(buf_str(&server.told),
	    "k1 CAPABILITY\r\nk2 ENABLE QRESYNC\r\n"
	    "k3 EXAMINE \"x\" (CONDSTORE)\r\n",
	    "is asked for what it can");
}

static void
test_idle(void)
{
	struct err e;

	begin("+ idling\r\n* OK Still here\r\n* 5 EXISTS\r\n", 4, 1 << 20);
	server.patient = true;
	is_int(imap_idle(&client, &e), IMAP_OK, "it waits");
	is_int(imap_idle_look(&client, &e), 1, "a word");
	ok(!client.box.news, "that is no mail");
	is_int(imap_idle_look(&client, &e), 1, "another");
	ok(client.box.news, "that is one");
	is_int(imap_idle_look(&client, &e), 0, "nothing more");
	server.says = STR("* 6 EXI");
	is_int(imap_idle_look(&client, &e), 0, "half a word");
	server.says = STR("STS\r\nk1 OK\r\n");
	is_int(imap_idle_end(&client, &e), IMAP_OK, "it ends");
	is_int((int64_t)client.box.exists, 6, "and what came is known");
	is_str(buf_str(&server.told), "k1 IDLE\r\nDONE\r\n", "said so");
	client.wait_ms = 1000;
	is_int(imap_ask_capabilities(&client, &e), IMAP_BROKEN,
	    "a server that is silent");
	is_int(e.code, ERR_AGAIN, "may be tried again");
	begin("k1 BAD what\r\n", 4, 1 << 20);
	is_int(imap_idle(&client, &e), IMAP_NO, "it cannot wait");
	imap_logout(&client);
	is_str(buf_str(&server.told), "k1 IDLE\r\nk2 LOGOUT\r\n", "good-bye");
}

static void
name(const char *utf7, const char *utf8, bool back)
{
	static struct buf b;

	if (b.max == 0)
		buf_init(&b, 1 << 10);
	buf_reset(&b);
	utf7_decode(str_of(utf7), &b);
	is_str(buf_str(&b), utf8, utf7);
	if (!back)
		return;
	buf_reset(&b);
	utf7_encode(str_of(utf8), &b);
	is_str(buf_str(&b), utf7, utf7);
}

static void
test_names(void)
{
	name("INBOX", "INBOX", true);
	name("Entw&APw-rfe", "Entw\xc3\xbcrfe", true);
	name("a &- b", "a & b", true);
	name("~peter/mail/&U,BTFw-/&ZeVnLIqe-",
	    "~peter/mail/\xe5\x8f\xb0\xe5\x8c\x97/"
	    "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
	    true);
	name("&2D3eAA-", "\xf0\x9f\x98\x80", true);
	name("&2D0-", "&2D0-", false);
	name("&AP", "&AP", false);
	name("&AP!-", "&AP!-", false);
	name("\xc3\xa4 &", "\xc3\xa4 &", false);
	name("\xff", "\xef\xbf\xbd", false);
}

int
main(void)
{
	buf_init(&seen, 4 << 20);
	test_fetch();
	test_large();
	test_folders();
	test_resync();
	test_idle();
	test_names();
	imap_release(&client);
	buf_release(&server.told);
	buf_release(&seen);
	return done();
}
