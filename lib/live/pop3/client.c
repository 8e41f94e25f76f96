#include "live/pop3/client.h"

#include <inttypes.h>
#include <stdio.h>

enum { BLOCK = 64 << 10 };

void
pop3_init(struct pop3 *c, const struct live_stream *stream)
{
	*c = (struct pop3){ .stream = *stream, .wait_ms = POP3_WAIT_MS };
	buf_init(&c->in, BLOCK);
	buf_init(&c->line, POP3_LINE);
}

void
pop3_release(struct pop3 *c)
{
	buf_release(&c->in);
	buf_release(&c->line);
}

/* Bytes that are there, at least one: 0 or -1. */
static int
more(struct pop3 *c, struct str *have, struct err *e)
{
	ptrdiff_t got;

	if (c->taken == c->in.n) {
		buf_reset(&c->in);
		c->taken = 0;
		got = c->stream.recv(c->stream.arg, buf_room(&c->in, BLOCK),
		    BLOCK, c->wait_ms, e);
		if (got < 0)
			return -1;
		if (got == 0)
			return err_again(e,
			    "the server said nothing for %d seconds",
			    c->wait_ms / 1000);
		c->in.n = (size_t)got;
	}
	*have = str_sub(buf_str(&c->in), c->taken, c->in.n);
	return 0;
}

/* The next line into c->line, without its end. */
static int
read_line(struct pop3 *c, struct err *e)
{
	struct str have = STR("");
	ptrdiff_t end;

	buf_reset(&c->line);
	do {
		if (more(c, &have, e) < 0)
			return -1;
		end = str_chr(have, '\n');
		if (end >= 0)
			have.n = (size_t)end;
		if (buf_add_str(&c->line, have) < 0)
			return err_set(e,
			    "the server gives a line of more than %d bytes",
			    POP3_LINE);
		c->taken += have.n + (end >= 0);
	} while (end < 0);
	if (c->line.n > 0 && c->line.p[c->line.n - 1] == '\r')
		buf_cut(&c->line, c->line.n - 1);
	return 0;
}

static enum pop3_answer
command(struct pop3 *c, const char *line, struct err *e)
{
	struct str said;

	if (c->stream.send(c->stream.arg, str_of(line), e) < 0 ||
	    read_line(c, e) < 0)
		return POP3_BROKEN;
	said = buf_str(&c->line);
	if (str_starts(said, STR("+OK")))
		return POP3_OK;
	if (str_starts(said, STR("-ERR"))) {
		err_set(
		    e, "the server says: %.*s", STR_ARG(str_sub(said, 0, 300)));
		return POP3_NO;
	}
	err_set(e, "the server says what is no answer of POP3");
	return POP3_BROKEN;
}

enum pop3_answer
pop3_list(struct pop3 *c, const char *verb,
    int (*one)(void *arg, uint64_t number, struct str word, struct err *e),
    void *arg, struct err *e)
{
	char line[16];
	enum pop3_answer rc;

	snprintf(line, sizeof(line), "%s\r\n", verb);
	rc = command(c, line, e);
	if (rc != POP3_OK)
		return rc;
	for (;;) {
		struct str rest, number;
		int64_t n;

		if (read_line(c, e) < 0)
			return POP3_BROKEN;
		rest = buf_str(&c->line);
		if (str_is(rest, "."))
			return POP3_OK;
		number = str_split(&rest, ' ');
		if (rest.p == NULL || str_to_int(number, &n) < 0 || n <= 0)
			continue;
		if (one(arg, (uint64_t)n, str_trim(rest), e) < 0)
			return POP3_BROKEN;
	}
}

/* Where in the lines of a mail it is: a dot that begins a line is not the
 * mail's, and one alone on a line ends it (RFC 1939, section 3). */
enum place { LINE_BEGIN, AFTER_DOT, AFTER_DOT_CR, IN_LINE };

struct mail {
	struct buf *out;
	uint64_t *size;
	enum place place;
};

static void
put(struct mail *m, const char *p, size_t n)
{
	size_t room = m->out->max - m->out->n;

	*m->size += n;
	buf_add(m->out, p, n < room ? n : room);
}

/* How much of it was read; *ended where the mail ended there. */
static size_t
take(struct mail *m, struct str s, bool *ended)
{
	size_t i = 0;

	while (i < s.n && !*ended) {
		const char *end;
		size_t n;

		switch (m->place) {
		case LINE_BEGIN:
			m->place = s.p[i] == '.' ? AFTER_DOT : IN_LINE;
			i += s.p[i] == '.';
			break;
		case AFTER_DOT:
			m->place = s.p[i] == '\r' ? AFTER_DOT_CR : IN_LINE;
			*ended = s.p[i] == '\n';
			i += s.p[i] == '\r' || *ended;
			break;
		case AFTER_DOT_CR:
			*ended = s.p[i] == '\n';
			if (!*ended)
				put(m, "\r", 1);
			i += *ended;
			m->place = IN_LINE;
			break;
		case IN_LINE:
			end = memchr(s.p + i, '\n', s.n - i);
			n = end == NULL ? s.n - i
					: (size_t)(end + 1 - (s.p + i));
			put(m, s.p + i, n);
			i += n;
			if (end != NULL)
				m->place = LINE_BEGIN;
			break;
		}
	}
	return i;
}

enum pop3_answer
pop3_retr(struct pop3 *c, uint64_t number, bool head, struct buf *out,
    uint64_t *size, struct err *e)
{
	struct mail m = { out, size, LINE_BEGIN };
	bool ended = false;
	char line[64];
	enum pop3_answer rc;

	snprintf(line, sizeof(line),
	    head ? "TOP %" PRIu64 " 0\r\n" : "RETR %" PRIu64 "\r\n", number);
	*size = 0;
	rc = command(c, line, e);
	while (rc == POP3_OK && !ended) {
		struct str have;

		if (more(c, &have, e) < 0)
			return POP3_BROKEN;
		c->taken += take(&m, have, &ended);
	}
	return rc;
}
