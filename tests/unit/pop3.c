#include "live/pop3/client.h"

#include <string.h>

#include "../script.h"
#include "tap.h"

static struct script server;
static struct pop3 client;
static struct buf mail;
static uint64_t size;

static void
begin(const char *says, size_t step, size_t room)
{
	struct live_stream stream = { script_send, script_recv, &server };

	buf_release(&server.told);
	server = (struct script){ .says = str_of(says), .step = step };
	buf_init(&server.told, 1 << 20);
	pop3_release(&client);
	pop3_init(&client, &stream);
	buf_release(&mail);
	buf_init(&mail, room);
}

/* A mail, whatever pieces it comes in. */
static void
retrieves(const char *says, enum pop3_answer answer, const char *want,
    const char *what)
{
	static const size_t steps[] = { 1, 2, 3, 7, 1 << 20 };
	struct err e;

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		begin(says, steps[i], 1 << 20);
		is_int(pop3_retr(&client, 7, false, &mail, &size, &e), answer,
		    what);
		is_str(buf_str(&mail), want, what);
		is_int((int64_t)size, (int64_t)strlen(want), what);
	}
	is_str(buf_str(&server.told), "RETR 7\r\n", "by RETR");
}

static int
see(void *arg, uint64_t number, struct str word, struct err *e)
{
	(void)e;
	buf_printf(arg, "%" PRIu64 "=%.*s;", number, STR_ARG(word));
	return 0;
}

int
main(void)
{
	struct err e;

	retrieves("+OK 9\r\nSubject: x\r\n\r\nLamp\r\n.\r\n+OK\r\n", POP3_OK,
	    "Subject: x\r\n\r\nLamp\r\n", "a mail");
	retrieves("+OK\r\n..\r\n...x\r\n.y\r\n-ERR no\r\n+OK\r\n.\r\n", POP3_OK,
	    ".\r\n..x\r\ny\r\n-ERR no\r\n+OK\r\n",
	    "dots, and lines of a server");
	retrieves("+OK\r\n.\rx\r\n\r.\r\n.\r\n", POP3_OK, "\rx\r\n\r.\r\n",
	    "returns of the carriage where none belong");
	retrieves("+OK\n.\n", POP3_OK, "", "nothing, and lines without them");
	retrieves("+OK\r\nSubject", POP3_BROKEN, "Subject", "half a mail");
	retrieves("-ERR it is locked\r\n", POP3_NO, "", "refused");
	retrieves("what\r\n", POP3_BROKEN, "", "no answer");
	begin("+OK\r\n0123456789\r\n.\r\n+OK\r\n.\r\n", 3, 4);
	is_int(pop3_retr(&client, 1, false, &mail, &size, &e), POP3_OK,
	    "more than there is room for");
	is_str(buf_str(&mail), "0123", "is cut off");
	is_int((int64_t)size, 12, "and its size known");
	is_int(pop3_retr(&client, 2, true, &mail, &size, &e), POP3_OK,
	    "what is behind it reads");
	is_str(
	    buf_str(&server.told), "RETR 1\r\nTOP 2 0\r\n", "a header by TOP");

	begin("+OK\r\n1 abc\r\n2  d!~ \r\nx y\r\n3\r\n0 z\r\n4 e\r\n.\r\n", 2,
	    1 << 10);
	is_int(pop3_list(&client, "UIDL", see, &mail, &e), POP3_OK, "ids");
	is_str(buf_str(&mail), "1=abc;2=d!~;4=e;", "those that read");
	begin("-ERR what\r\n+OK\r\n1 a\r\n", 2, 1 << 10);
	is_int(pop3_list(&client, "UIDL", see, &mail, &e), POP3_NO, "none");
	is_str(str_of(e.msg), "the server says: -ERR what", "in its words");
	is_int(pop3_list(&client, "LIST", see, &mail, &e), POP3_BROKEN,
	    "an end in the midst");
	pop3_release(&client);
	buf_release(&server.told);
	buf_release(&mail);
	return done();
}
