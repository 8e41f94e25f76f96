#include "live/imap/mailbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/source.h"
#include "tap.h"

/*
 * A server in this process: mails by UID, of which some are refused, and some
 * go when they are asked for.
 */
enum { MAILS = 40 };

static struct {
	bool there[MAILS + 1], gone[MAILS + 1]; /* at the first fetch */
	int refused[MAILS + 1]; /* so many times */
	const char *refusal;
	uint64_t validity;
	unsigned fetches;
	struct buf in, out;
} server;

static uint64_t
number_at(const char **p)
{
	uint64_t n = 0;

	if (**p == '*') {
		++*p;
		return MAILS;
	}
	while (**p >= '0' && **p <= '9')
		n = n * 10 + (uint64_t)(*(*p)++ - '0');
	return n;
}

/* "1:3,7" into *is. */
static const char *
read_set(const char *p, bool is[MAILS + 1])
{
	memset(is, 0, MAILS + 1);
	do {
		uint64_t from, to;

		p += *p == ',';
		from = to = number_at(&p);
		if (*p == ':') {
			p++;
			to = number_at(&p);
		}
		for (; from <= to && from <= MAILS; from++)
			is[from] = true;
	} while (*p == ',');
	return p;
}

static void
give(uint64_t uid, bool whole)
{
	char mail[128];
	int n = snprintf(
	    mail, sizeof(mail), "Subject: lamp %d\r\n\r\nk1 OK\r\n", (int)uid);

	buf_printf(
	    &server.out, "* 1 FETCH (UID %d RFC822.SIZE %d", (int)uid, n);
	if (whole)
		buf_printf(
		    &server.out, " FLAGS (\\Seen) BODY[] {%d}\r\n%s", n, mail);
	buf_add_z(&server.out, ")\r\n");
}

/* Exchange refuses all where it cannot give one. */
static void
fetch(const char *tag, const char *args)
{
	bool is[MAILS + 1], refused = false;
	bool whole = strstr(args, "BODY.PEEK") != NULL;

	(void)read_set(args, is);
	for (int i = 1; whole && i <= MAILS; i++) {
		if (is[i] && server.gone[i])
			server.there[i] = false;
		if (is[i] && server.there[i] && server.refused[i] > 0) {
			server.refused[i]--;
			refused = true;
		}
	}
	server.fetches += whole;
	for (int i = 1; i <= MAILS && !refused; i++)
		if (is[i] && server.there[i])
			give((uint64_t)i, whole);
	buf_printf(
	    &server.out, "%s %s\r\n", tag, refused ? server.refusal : "OK");
}

static void
answer(const char *line)
{
	const char *space = strchr(line, ' ');
	char tag[16];

	snprintf(tag, sizeof(tag), "%.*s", (int)(space - line), line);
	if (strncmp(space, " EXAMINE", 8) == 0)
		buf_printf(&server.out,
		    "* %d EXISTS\r\n* OK [UIDVALIDITY %d]\r\n"
		    "%s OK [READ-ONLY]\r\n",
		    MAILS, (int)server.validity, tag);
	else if (strncmp(space, " UID FETCH ", 11) == 0)
		fetch(tag, space + 11);
	else
		buf_printf(&server.out, "%s BAD\r\n", tag);
}

static int
server_send(void *arg, struct str bytes, struct err *e)
{
	ptrdiff_t end;

	(void)arg;
	(void)e;
	buf_add_str(&server.in, bytes);
	while ((end = str_find(buf_str(&server.in), STR("\r\n"))) >= 0) {
		size_t n = (size_t)end + 2;

		server.in.p[end] = '\0';
		answer(server.in.p);
		memmove(server.in.p, server.in.p + n, server.in.n - n);
		server.in.n -= n;
	}
	return 0;
}

static ptrdiff_t
server_recv(void *arg, void *p, size_t n, int wait_ms, struct err *e)
{
	(void)arg;
	(void)wait_ms;
	if (n > server.out.n)
		n = server.out.n;
	if (n == 0)
		return err_again(e, "gone");
	memcpy(p, server.out.p, n);
	memmove(server.out.p, server.out.p + n, server.out.n - n);
	server.out.n -= n;
	return (ptrdiff_t)n;
}

/* What comes out, "1 2 ... ", and rejects as "!7 ". */
static struct buf seen, bytes;

static int
keep(struct sink *s, struct err *e)
{
	(void)s;
	(void)e;
	return 0;
}

static int
refuse(struct sink *s, struct str file, struct str at, const char *why,
    struct str what, struct err *e)
{
	(void)s;
	(void)file;
	(void)what;
	(void)e;
	buf_printf(&seen, "!%.*s %s;", STR_ARG(str_after_last(at, '/')), why);
	return 0;
}

static char folder[] = "/tmp/kith-mailbox-XXXXXX";

/* A poll in a connection of its own: what it gave, or its error. */
static struct str
poll_once(uint64_t *holes, const char **anew, size_t max_item)
{
	static const struct sink_owner owner = { .flush = keep,
		.reject = refuse };
	struct sink out = {
		.owner = &owner, .out = &bytes, .block = (size_t)1 << 30
	};
	struct live_stream stream = { server_send, server_recv, NULL };
	struct live_store store;
	struct imap client;
	struct err e = { 0 };
	struct str rest;
	struct imap_reading r = { .client = &client,
		.store = &store,
		.out = &out,
		.ingest = { .max_item = max_item,
		    .format = source_format_named(STR("mail")) } };

	buf_reset(&seen);
	buf_reset(&bytes);
	buf_reset(&server.in);
	buf_reset(&server.out);
	*holes = 0;
	server.fetches = 0;
	if (live_store_open(&store, folder, "desk", &e) < 0)
		buf_add_z(&seen, e.msg);
	r.ingest.sink = journal_sink(&store.journal);
	imap_init(&client, &stream, max_item);
	if (imap_read_folder(&r, STR("INBOX"), STR("INBOX"),
		"imaps://desk/INBOX", holes, &e) != IMAP_OK)
		buf_printf(&seen, "%d: %s", (int)e.code, e.msg);
	*anew = r.anew;
	imap_release(&client);
	if (journal_set_mark(&store.journal, store.given, &e) < 0)
		buf_add_z(&seen, e.msg);
	live_store_close(&store);
	rest = buf_str(&bytes);
	while (rest.n > 0) {
		struct str line = str_split(&rest, '\n');
		ptrdiff_t at = str_find(line, STR("lamp "));

		line = str_sub(line, (size_t)at + 5, line.n);
		buf_printf(&seen, "%.*s ", (int)str_chr(line, '\\'), line.p);
	}
	return buf_str(&seen);
}

static void
there(int from, int to, bool is)
{
	for (int i = from; i <= to; i++)
		server.there[i] = is;
}

int
main(void)
{
	const char *anew;
	uint64_t holes;

	if (mkdtemp(folder) == NULL)
		return 1;
	buf_init(&seen, 1 << 20);
	buf_init(&bytes, 1 << 20);
	buf_init(&server.in, 1 << 20);
	buf_init(&server.out, 1 << 20);
	server.validity = 7;
	server.refusal = "NO Some of the requested messages no longer exist";
	there(1, 3, true);
	there(5, 5, true);
	is_str(
	    poll_once(&holes, &anew, 1 << 20), "1 2 3 5 ", "all that is there");
	is_int(server.fetches, 1, "at once");
	is_str(poll_once(&holes, &anew, 1 << 20), "", "then nothing");

	/* The second of three cannot be given, once. */
	there(6, 8, true);
	server.refused[7] = 100;
	is_str(poll_once(&holes, &anew, 1 << 20), "6 8 ",
	    "one that the server refuses does not keep others from it");
	is_int((int64_t)holes, 1, "it is a hole");
	there(9, 9, true);
	is_str(
	    poll_once(&holes, &anew, 1 << 20), "9 ", "what comes later comes");
	is_int((int64_t)holes, 1, "it still is");
	server.refused[7] = 0;
	is_str(poll_once(&holes, &anew, 1 << 20), "7 ", "it comes when it can");
	is_int((int64_t)holes, 0, "and is none any more");

	/* One that is refused for ever. */
	there(10, 12, true);
	server.refused[11] = 1000;
	is_str(poll_once(&holes, &anew, 1 << 20), "10 12 ", "the others");
	for (int i = 2; i < HOLE_TRIES; i++) {
		is_str(poll_once(&holes, &anew, 1 << 20), "", "nothing");
		is_int((int64_t)holes, 1, "a hole");
	}
	is_str(poll_once(&holes, &anew, 1 << 20),
	    "!11 the server says: NO Some of the requested messages no longer "
	    "exist;",
	    "becomes a reject with the server's words");
	is_int((int64_t)holes, 0, "and no hole");
	is_str(poll_once(&holes, &anew, 1 << 20), "", "that is all");

	/* Expunged between the list and the fetch. */
	there(13, 20, true);
	server.gone[15] = server.gone[20] = true;
	is_str(poll_once(&holes, &anew, 1 << 20), "13 14 16 17 18 19 ",
	    "those that went meanwhile");
	is_int((int64_t)holes, 0, "are no holes");

	/* A server that has a bad hour. */
	there(21, 24, true);
	server.refusal = "NO [UNAVAILABLE] try later";
	server.refused[22] = 1000;
	is_str(poll_once(&holes, &anew, 1 << 20),
	    "75: the server says: NO [UNAVAILABLE] try later",
	    "later, says the server");
	is_int((int64_t)holes, 0, "that is no hole");
	server.refused[22] = 0;
	is_str(poll_once(&holes, &anew, 1 << 20), "21 22 23 24 ",
	    "and all of it comes then");

	there(25, 26, true);
	is_str(poll_once(&holes, &anew, 10),
	    "!25 a mail of 27 bytes; --max-item sets the bound, which is 10;"
	    "!26 a mail of 27 bytes; --max-item sets the bound, which is 10;",
	    "too large");

	ok(anew == NULL, "it was not read anew");
	server.validity = 8;
	there(1, 26, false);
	there(1, 2, true);
	is_str(
	    poll_once(&holes, &anew, 1 << 20), "1 2 ", "another UIDVALIDITY");
	ok(anew != NULL, "is said");
	server.validity = 7;
	there(27, 27, true);
	is_str(poll_once(&holes, &anew, 1 << 20), "27 ", "it comes back");
	buf_release(&seen);
	buf_release(&bytes);
	buf_release(&server.in);
	buf_release(&server.out);
	buf_reset(&seen);
	{
		char command[64];

		snprintf(command, sizeof(command), "rm -rf %s", folder);
		ok(system(command) == 0, "removed");
	}
	return done();
}
