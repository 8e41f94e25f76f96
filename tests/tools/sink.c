/*
 * A mail and web server for tests: takes everything, counts it, and fails as
 * it is told to.  One thread, loopback only.
 *
 *	sink [-l LOG] [-d DIR] [-a API] [-c PEM] [-u LOGIN] [FAULT=N[,N...] ...]
 *
 * Prints "smtp PORT", "http PORT" and "smtps PORT", and ends when its parent
 * does.  With PEM, a file with key and certificate, HTTP is HTTPS and SMTP has
 * STARTTLS.  LOGIN, in base64, is what AUTH PLAIN must bring.  LOG gets
 * a line for each message that was taken:
 *	smtp MESSAGE-ID SENDER RECIPIENT
 *	http KEY PATH
 * KEY is the Idempotency-Key header or the first "key":"..." of the body.
 * API is a service by whose rules HTTP is spoken: telegram, twilio, whatsapp,
 * matrix, discord, webhook, messenger, instagram, zendesk, intercom,
 * freshdesk, front, chatwoot, teams.  It refuses requests that the service
 * would, says 429, no and yes in its words, and folds doubles where it does, by
 * its key.
 * DIR gets each as a file 1, 2, ...  Faults, by the number of the message on
 * its protocol, counted from 1:
 *	drop=N		take it, then close without an answer
 *	lose=N		close without an answer and without taking it
 *	stall=N		take it and never answer
 *	early=N		close before the data (SMTP: at DATA; HTTP: at accept)
 *	4xx=N 5xx=N	say so (SMTP: to the final dot; HTTP: 404, 500)
 *	rcpt=N		550 to the recipient
 *	429=N		HTTP: with Retry-After: 0; SMTP: 451 to the dot
 *	never=N		HTTP: 503 with Retry-After: 3600
 *	no=N		HTTP: 200 and {"ok":false,"error":"channel_not_found"}
 *	twice=1		HTTP: the second with a key is answered and not taken
 *	reset=N		reset the connection when it was read, without taking it
 *	half=N		HTTP: take it and break off in the answer
 *	huge=N		HTTP: take it and answer with 3 MB more than one reads
 *	chunked=N	HTTP: take it and answer in chunks
 *	old=N		HTTP: take it and answer as HTTP/1.0, up to the close
 *	moved=N		HTTP: 307 to another path
 *	cut4xx=N	HTTP: 404, its text broken off
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/ssl.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/map.h"

enum { PEERS = 1024, FAULTS = 256 };

struct peer {
	int fd;
	SSL *ssl; /* or NULL */
	bool http, data, closing;
	bool hello; /* TLS begins behind this line */
	bool login; /* the next line is one */
	bool known; /* has logged in */
	int number; /* of the message in hand; 0: none */
	struct buf in, mail;
	char sender[512], recipient[512];
};

static struct peer peers[PEERS];
static size_t peer_count;
static struct {
	const char *kind;
	int number;
} faults[FAULTS];
static size_t fault_count;
static int counts[2]; /* messages so far: SMTP, HTTP */
static FILE *logfile;
static const char *dir, *login;
static SSL_CTX *tls;
static struct map keys;

static bool
is_fault(const char *kind, int number)
{
	for (size_t i = 0; i < fault_count; i++)
		if (faults[i].number == number &&
		    strcmp(faults[i].kind, kind) == 0)
			return true;
	return false;
}

static void
say(struct peer *p, const char *text)
{
	size_t n = strlen(text);

	while (n > 0) {
		ssize_t w = p->ssl != NULL ? SSL_write(p->ssl, text, (int)n)
					   : send(p->fd, text, n, MSG_NOSIGNAL);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0) {
			p->closing = true;
			return;
		}
		text += w;
		n -= (size_t)w;
	}
}

/* Whatever was read before in the clear is forgotten. */
static void
start_tls(struct peer *p)
{
	p->ssl = SSL_new(tls);
	p->in.n = 0;
	p->hello = false;
	if (p->ssl == NULL || SSL_set_fd(p->ssl, p->fd) != 1 ||
	    SSL_accept(p->ssl) != 1)
		p->closing = true;
}

/* The close becomes a reset. */
static void
reset(struct peer *p)
{
	struct linger now = { .l_onoff = 1 };

	setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	p->closing = true;
}

static void
keep(struct str bytes)
{
	static int n;
	char path[4096];
	FILE *f;

	n++;
	if (dir == NULL)
		return;
	snprintf(path, sizeof(path), "%s/%d", dir, n);
	f = fopen(path, "w");
	if (f == NULL)
		return;
	fwrite(bytes.p, 1, bytes.n, f);
	fclose(f);
}

static void
header(struct str text, const char *name, char *out, size_t size)
{
	struct str rest = text;

	*out = '\0';
	while (rest.p != NULL) {
		struct str line = str_line(&rest);

		if (line.n == 0)
			return;
		if (!str_starts_nocase(line, str_of(name)))
			continue;
		line = str_trim(str_sub(line, strlen(name), line.n));
		snprintf(out, size, "%.*s", STR_ARG(line));
		return;
	}
}

static void
took(const char *kind, const char *a, const char *b, const char *c)
{
	if (logfile == NULL)
		return;
	fprintf(
	    logfile, "%s %s %s%s%s\n", kind, a, b, *c == '\0' ? "" : " ", c);
	fflush(logfile);
}

static void
mail_done(struct peer *p)
{
	char id[1024];
	int n = p->number;

	p->data = false;
	p->number = 0;
	header(buf_str(&p->mail), "Message-ID:", id, sizeof(id));
	if (is_fault("lose", n)) {
		p->closing = true;
	} else if (is_fault("reset", n)) {
		reset(p);
	} else if (is_fault("4xx", n) || is_fault("429", n)) {
		say(p, "451 4.3.0 try again later\r\n");
	} else if (is_fault("5xx", n)) {
		say(p, "554 5.7.1 we do not want it\r\n");
	} else {
		keep(buf_str(&p->mail));
		took("smtp", id, p->sender, p->recipient);
		if (is_fault("drop", n))
			p->closing = true;
		else if (!is_fault("stall", n))
			say(p, "250 2.0.0 taken\r\n");
	}
	buf_reset(&p->mail);
}

static void
path_of(struct str line, char *out, size_t size)
{
	ptrdiff_t from = str_chr(line, '<'), to = str_chr(line, '>');

	if (from < 0 || to < from)
		from = to = 0;
	snprintf(out, size, "<%.*s>", (int)(to - from - (to > from)),
	    line.p + from + 1);
}

static void
mail_login(struct peer *p, struct str given)
{
	p->login = given.n == 0;
	p->known = str_is(given, login);
	say(p, p->login   ? "334 \r\n"
	       : p->known ? "235 2.7.0 welcome\r\n"
			  : "535 5.7.8 who are you?\r\n");
}

static void
mail_hello(struct peer *p)
{
	say(p, "250-sink\r\n250-8BITMIME\r\n");
	if (tls != NULL && p->ssl == NULL)
		say(p, "250-STARTTLS\r\n");
	else if (login != NULL)
		say(p, "250-AUTH PLAIN\r\n");
	say(p, "250 SIZE 50000000\r\n");
}

static void
mail_line(struct peer *p, struct str line)
{
	if (p->login) {
		mail_login(p, line);
	} else if (p->data) {
		if (str_is(line, ".")) {
			mail_done(p);
			return;
		}
		if (line.n > 0 && line.p[0] == '.')
			line = str_sub(line, 1, line.n);
		buf_add_str(&p->mail, line);
		buf_add_char(&p->mail, '\n');
	} else if (str_starts_nocase(line, STR("EHLO"))) {
		mail_hello(p);
	} else if (tls != NULL && str_starts_nocase(line, STR("STARTTLS"))) {
		say(p, "220 2.0.0 go on\r\n");
		p->hello = true;
	} else if (login != NULL &&
		   str_starts_nocase(line, STR("AUTH PLAIN"))) {
		mail_login(p, str_trim(str_sub(line, 10, line.n)));
	} else if (login != NULL && !p->known) {
		say(p, "530 5.7.0 who are you?\r\n");
	} else if (str_starts_nocase(line, STR("MAIL"))) {
		p->number = ++counts[0];
		path_of(line, p->sender, sizeof(p->sender));
		say(p, "250 2.1.0 ok\r\n");
	} else if (str_starts_nocase(line, STR("RCPT"))) {
		path_of(line, p->recipient, sizeof(p->recipient));
		say(p, is_fault("rcpt", p->number)
			   ? "550 5.1.1 no such user here\r\n"
			   : "250 2.1.5 ok\r\n");
	} else if (str_starts_nocase(line, STR("DATA"))) {
		if (is_fault("early", p->number)) {
			p->closing = true;
			return;
		}
		p->data = true;
		say(p, "354 go on\r\n");
	} else if (str_starts_nocase(line, STR("QUIT"))) {
		say(p, "221 2.0.0 bye\r\n");
		p->closing = true;
	} else {
		say(p, "250 2.0.0 ok\r\n");
	}
}

/* What a service asks of a request, and what it answers. */
static const struct api {
	const char *name, *request, *head, *body[3];
	const char *key; /* what stands before the key; NULL: the path is it */
	bool folds;
	const char *status, *ok; /* ok: with the message's number in it */
	const char *limit_header, *limit, *no_status, *no;
} apis[] = {
	{ "telegram", "POST /bottok:en/sendMessage ", "application/json",
	    { "\"chat_id\":\"", "\"text\":\"", "\"parse_mode\":\"HTML\"" },
	    "\"chat_id\":\"", false, "200 OK",
	    "{\"ok\":true,\"result\":{\"message_id\":%d,"
	    "\"chat\":{\"id\":7}}}",
	    "",
	    "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many "
	    "Requests\",\"parameters\":{\"retry_after\":0}}",
	    "403 Forbidden",
	    "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: "
	    "bot was blocked by the user\"}" },
	{ "twilio", "POST /2010-04-01/Accounts/AC1/Messages.json ",
	    "Authorization: Basic QUMxOnRvazplbg==",
	    { "To=%2B", "From=%2B", "Body=" }, "Body=", false, "201 Created",
	    "{\"sid\":\"SM%d\",\"status\":\"queued\"}", "Retry-After: 0\r\n",
	    "{\"code\":20429,\"message\":\"Too many requests\"}",
	    "400 Bad Request",
	    "{\"code\":21211,\"message\":\"Invalid 'To' Phone Number\"}" },
	{ "whatsapp", "POST /v23.0/", "Authorization: Bearer tok:en",
	    { "\"messaging_product\":\"whatsapp\"", "\"to\":\"49",
		"\"type\":\"t" },
	    "\"biz_opaque_callback_data\":\"", false, "200 OK",
	    "{\"messages\":[{\"id\":\"wamid.%d\"}]}", "Retry-After: 0\r\n",
	    "{\"error\":{\"code\":131056,\"message\":\"pair rate\"}}",
	    "400 Bad Request",
	    "{\"error\":{\"code\":131047,\"message\":\"Re-engagement\"}}" },
	{ "matrix", "PUT /_matrix/client/v3/rooms/%21r%3Ax.example/send/",
	    "Authorization: Bearer tok:en",
	    { "\"msgtype\":\"m.", "\"body\":\"", "" }, NULL, true, "200 OK",
	    "{\"event_id\":\"$e%d\"}", "",
	    "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"error\":\"slow\","
	    "\"retry_after_ms\":5}",
	    "403 Forbidden",
	    "{\"errcode\":\"M_FORBIDDEN\",\"error\":\"not in room\"}" },
	{ "discord", "POST /api/v10/channels/", "Authorization: Bot tok:en",
	    { "\"content\":\"", "\"enforce_nonce\":true",
		"\"allowed_mentions\":{\"parse\":[]}" },
	    "\"nonce\":\"", true, "200 OK", "{\"id\":\"9%d\"}", "",
	    "{\"message\":\"limited\",\"retry_after\":0.005}", "403 Forbidden",
	    "{\"code\":50001,\"message\":\"Missing Access\"}" },
	{ "webhook", "POST /kith ",
	    "X-Signature-256: sha256=", { "\"key\":\"", "", "" }, "\"key\":\"",
	    true, "200 OK", "{\"id\":\"h%d\"}", "Retry-After: 0\r\n", "{}",
	    "422 Unprocessable", "{\"error\":\"no such room\"}" },
	{ "messenger", "POST /v23.0/me/messages ", "Bearer tok:en",
	    { "\"recipient\":{\"id\":\"55\"}",
		"\"messaging_type\":\"RESPONSE\"", "\"metadata\":\"key" },
	    "\"metadata\":\"", false, "200 OK",
	    "{\"recipient_id\":\"55\",\"message_id\":\"m_%d\"}",
	    "Retry-After: 0\r\n",
	    "{\"error\":{\"code\":613,\"message\":\"rate\"}}",
	    "400 Bad Request",
	    "{\"error\":{\"code\":10,\"message\":\"outside of allowed "
	    "window\"}}" },
	{ "instagram", "POST /v23.0/me/messages ", "Bearer tok:en",
	    { "\"recipient\":{\"id\":\"55\"}", "\"text\":\"Hi you",
		"\"metadata\":\"key" },
	    "\"metadata\":\"", false, "200 OK",
	    "{\"recipient_id\":\"55\",\"message_id\":\"i_%d\"}",
	    "Retry-After: 0\r\n",
	    "{\"error\":{\"code\":613,\"message\":\"rate\"}}",
	    "400 Bad Request",
	    "{\"error\":{\"code\":10,\"message\":\"outside of allowed "
	    "window\"}}" },
	{ "zendesk", "PUT /api/v2/tickets/35 ", "Basic dG9rOmVu",
	    { "{\"ticket\":{\"comment\":{", "\"public\":true",
		"\"html_body\":\"<p>Hi" },
	    "<p>", false, "200 OK",
	    "{\"ticket\":{\"id\":35},\"audit\":{\"events\":[{\"id\":8,"
	    "\"type\":\"Change\"},{\"id\":50%d,\"type\":\"Comment\"}]}}",
	    "Retry-After: 0\r\n", "{\"error\":\"TooManyRequests\"}",
	    "422 Unprocessable",
	    "{\"error\":\"RecordInvalid\",\"description\":\"closed\"}" },
	{ "intercom", "POST /conversations/35/reply ", "Bearer tok:en",
	    { "\"message_type\":\"comment\"", "\"type\":\"admin\"",
		"\"body\":\"<p>Hi" },
	    "<p>", false, "200 OK",
	    "{\"conversation_parts\":{\"conversation_parts\":[{\"id\":\"9\","
	    "\"part_type\":\"comment\",\"created_at\":1,\"author\":{"
	    "\"type\":\"admin\"}},{\"id\":\"1%d\",\"part_type\":"
	    "\"comment\",\"created_at\":1,\"author\":{\"type\":"
	    "\"admin\"}}]}}",
	    "Retry-After: 0\r\n",
	    "{\"errors\":[{\"code\":\"rate_limit_exceeded\"}]}",
	    "404 Not Found",
	    "{\"errors\":[{\"code\":\"not_found\",\"message\":\"gone\"}]}" },
	{ "freshdesk", "POST /api/v2/tickets/35/reply ",
	    "Basic dG9rOmVuOlg=", { "{\"body\":\"<p>Hi", "", "" }, "<p>", false,
	    "201 Created", "{\"id\":7%d,\"ticket_id\":35}",
	    "Retry-After: 0\r\n", "{\"message\":\"slow\"}", "400 Bad Request",
	    "{\"description\":\"Validation failed\",\"errors\":[{\"field\":"
	    "\"body\",\"message\":\"too long\"}]}" },
	{ "front", "POST /conversations/35/messages ", "Bearer tok:en",
	    { "\"body\":\"<p>Hi", "\"text\":\"Hi", "\"archive\":false" }, "<p>",
	    false, "202 Accepted",
	    "{\"status\":\"accepted\",\"message_uid\":\"u%d\"}",
	    "Retry-After: 0\r\n", "{}", "404 Not Found",
	    "{\"_error\":{\"title\":\"Not found\",\"message\":\"gone\"}}" },
	{ "chatwoot", "POST /api/v1/accounts/1/conversations/35/messages ",
	    "api_access_token: tok:en",
	    { "\"content\":\"Hi **you**", "\"message_type\":\"outgoing\"",
		"\"private\":false" },
	    "\"content\":\"", false, "200 OK", "{\"id\":12%d}",
	    "Retry-After: 0\r\n", "{}", "404 Not Found",
	    "{\"error\":\"Resource could not be found\"}" },
	{ "teams", "POST /v1.0/chats/35/messages ", "Bearer tok:en",
	    { "{\"body\":{", "\"contentType\":\"html\"",
		"\"content\":\"<p>Hi" },
	    "<p>", false, "201 Created", "{\"id\":\"17%d\"}",
	    "Retry-After: 0\r\n", "{}", "403 Forbidden",
	    "{\"error\":{\"code\":\"Forbidden\",\"message\":\"no member\"}}" },
};
static const struct api *api;

static void
answer(struct peer *p, const char *status, const char *extra, const char *body)
{
	char text[2048];

	snprintf(text, sizeof(text),
	    "HTTP/1.1 %s\r\nContent-Type: application/json\r\n%s"
	    "Content-Length: %zu\r\n\r\n%s",
	    status, extra, strlen(body), body);
	say(p, text);
}

static void
key_of(struct str head, struct str body, char *out, size_t size)
{
	ptrdiff_t at = str_find(body, STR("\"key\":\""));
	struct str rest;

	header(head, "Idempotency-Key:", out, size);
	if (*out != '\0' || at < 0)
		return;
	rest = str_sub(body, (size_t)at + 7, body.n);
	snprintf(out, size, "%.*s", STR_ARG(str_split(&rest, '"')));
}

static void
api_key(struct str path, struct str body, char *out, size_t size)
{
	ptrdiff_t at;
	struct str rest = path;

	if (api->key != NULL) {
		at = str_find(body, str_of(api->key));
		rest = at < 0 ? STR("-")
			      : str_sub(body, (size_t)at + strlen(api->key),
				    body.n);
		rest = str_split(&rest, '"');
	}
	snprintf(out, size, "%.*s", STR_ARG(rest));
}

/* What of the request the service would not take, or NULL. */
/* Does head start with the request, with ! where that has %21? */
static bool
same_but_bang(struct str head, struct str request)
{
	ptrdiff_t at = str_find(request, STR("%21"));

	return at >= 0 && str_starts(head, str_sub(request, 0, (size_t)at)) &&
	       str_starts(str_sub(head, (size_t)at, head.n), STR("!")) &&
	       str_starts(str_sub(head, (size_t)at + 1, head.n),
		   str_sub(request, (size_t)at + 3, request.n));
}

static const char *
api_wrong(struct str head, struct str body)
{
	/* jq 1.6 leaves the ! of a room's name as it is, 1.7 escapes it. */
	if (!str_starts(head, str_of(api->request)) &&
	    !same_but_bang(head, str_of(api->request)))
		return api->request;
	if (str_find(head, str_of(api->head)) < 0)
		return api->head;
	for (size_t i = 0; i < 3; i++)
		if (str_find(body, str_of(api->body[i])) < 0)
			return api->body[i];
	return NULL;
}

static void
api_request(struct peer *p, int n, struct str head, struct str body,
    struct str path, struct str whole)
{
	const char *wrong = api_wrong(head, body);
	char key[512], ok[512];
	bool fresh = true;
	ptrdiff_t at = str_find(str_of(api->ok), STR("%d"));

	api_key(path, body, key, sizeof(key));
	if (wrong != NULL) {
		fprintf(stderr, "sink: %s: no %s\n", api->name, wrong);
		answer(p, "400 Bad Request", "", "{}");
	} else if (is_fault("429", n)) {
		answer(p, "429 Too Many", api->limit_header, api->limit);
	} else if (is_fault("no", n)) {
		answer(p, api->no_status, "", api->no);
	} else {
		uint64_t *number = map_put(&keys, str_of(key), &fresh);

		if (fresh || !api->folds) {
			*number = (uint64_t)n;
			keep(whole);
			took("http", key, api->name, "");
		}
		snprintf(ok, sizeof(ok), "%.*s%d%s", (int)at, api->ok,
		    (int)*number, api->ok + at + 2);
		if (is_fault("drop", n))
			p->closing = true;
		else if (!is_fault("stall", n))
			answer(p, api->status, "", ok);
	}
}

static void
say_huge(struct peer *p, const char *ok)
{
	static char spaces[65537];
	char head[64];

	memset(spaces, ' ', sizeof(spaces) - 1);
	snprintf(head, sizeof(head),
	    "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n",
	    strlen(ok) + 64 * (sizeof(spaces) - 1));
	say(p, head);
	say(p, "\r\n");
	say(p, ok);
	for (int i = 0; i < 64; i++)
		say(p, spaces);
}

/* Answers in another way than a plain one, where it is told to. */
static bool
odd_answer(struct peer *p, int n, const char *ok)
{
	char text[1024];

	if (is_fault("half", n)) {
		say(p, "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n");
		say(p, ok);
		p->closing = true;
	} else if (is_fault("old", n)) {
		say(p, "HTTP/1.0 200 OK\r\n\r\n");
		say(p, ok);
		p->closing = true;
	} else if (is_fault("chunked", n)) {
		snprintf(text, sizeof(text),
		    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		    "1\r\n{\r\n%zx\r\n%s\r\n0\r\n\r\n",
		    strlen(ok) - 1, ok + 1);
		say(p, text);
	} else if (is_fault("huge", n)) {
		say_huge(p, ok);
	} else {
		return false;
	}
	return true;
}

static void
http_taken(
    struct peer *p, int n, const char *key, struct str path, struct str whole)
{
	char ok[512], name[1024];
	bool fresh = true;

	*map_put(&keys, str_of(key), &fresh) = 1;
	if (fresh || !is_fault("twice", 1)) {
		keep(whole);
		snprintf(name, sizeof(name), "%.*s", STR_ARG(path));
		took("http", key, name, "");
	}
	snprintf(ok, sizeof(ok),
	    "{\"ok\":true,\"channel\":\"C1\",\"ts\":\"1700000000.%06d\"}", n);
	if (is_fault("drop", n))
		p->closing = true;
	else if (!is_fault("stall", n) && !odd_answer(p, n, ok))
		answer(p, "200 OK", "", ok);
}

static void
http_request(struct peer *p, struct str whole, struct str head, struct str body)
{
	struct str rest = head, path;
	char key[512];
	int n = ++counts[1];

	str_split(&rest, ' ');
	path = str_split(&rest, ' ');
	key_of(head, body, key, sizeof(key));
	if (is_fault("lose", n) || is_fault("early", n))
		p->closing = true;
	else if (is_fault("reset", n))
		reset(p);
	else if (is_fault("moved", n))
		answer(p, "307 Elsewhere", "Location: /elsewhere\r\n", "{}");
	else if (is_fault("cut4xx", n)) {
		say(p, "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n{");
		p->closing = true;
	} else if (is_fault("5xx", n))
		answer(p, "500 Internal", "", "{\"error\":\"oops\"}");
	else if (api != NULL)
		api_request(p, n, head, body, path, whole);
	else if (is_fault("4xx", n))
		answer(p, "404 Not Found", "", "{\"error\":\"no such room\"}");
	else if (is_fault("429", n))
		answer(p, "429 Too Many", "Retry-After: 0\r\n", "{}");
	else if (is_fault("never", n))
		answer(p, "503 Busy", "Retry-After: 3600\r\n", "{}");
	else if (is_fault("no", n))
		answer(p, "200 OK", "",
		    "{\"ok\":false,\"error\":\"channel_not_found\"}");
	else
		http_taken(p, n, key, path, whole);
}

/* Takes whole requests off the input. */
static bool
http_input(struct peer *p)
{
	struct str in = buf_str(&p->in), head, body, whole;
	ptrdiff_t end = str_find(in, STR("\r\n\r\n"));
	char length[32];
	int64_t n = 0;

	if (end < 0)
		return false;
	head = str_sub(in, 0, (size_t)end + 4);
	header(head, "Content-Length:", length, sizeof(length));
	if (*length != '\0' && str_to_int(str_of(length), &n) < 0)
		n = 0;
	body = str_sub(in, head.n, (size_t)n);
	if (body.n < (size_t)n)
		return false;
	whole = str_sub(in, 0, head.n + body.n);
	http_request(p, whole, head, body);
	memmove(p->in.p, p->in.p + whole.n, p->in.n - whole.n);
	p->in.n -= whole.n;
	return true;
}

static bool
smtp_input(struct peer *p)
{
	struct str in = buf_str(&p->in), line;
	ptrdiff_t end = str_chr(in, '\n');

	if (end < 0)
		return false;
	line = str_sub(in, 0, (size_t)end);
	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	mail_line(p, line);
	memmove(p->in.p, p->in.p + end + 1, p->in.n - (size_t)end - 1);
	p->in.n -= (size_t)end + 1;
	if (p->hello)
		start_tls(p);
	return true;
}

static void
peer_read(struct peer *p)
{
	char *to = buf_room(&p->in, 65536);
	ssize_t n = to == NULL       ? 0
		    : p->ssl != NULL ? SSL_read(p->ssl, to, 65536)
				     : read(p->fd, to, 65536);

	if (n <= 0) {
		p->closing = true;
		return;
	}
	p->in.n += (size_t)n;
	while (!p->closing && (p->http ? http_input(p) : smtp_input(p)))
		;
}

static void
peer_close(size_t i)
{
	SSL_free(peers[i].ssl);
	close(peers[i].fd);
	buf_release(&peers[i].in);
	buf_release(&peers[i].mail);
	peers[i] = peers[--peer_count];
}

static void
accept_peer(int fd, bool http, bool wrapped)
{
	int one = 1, got = accept(fd, NULL, NULL);
	struct peer *p;

	if (got < 0 || peer_count == PEERS) {
		if (got >= 0)
			close(got);
		return;
	}
	setsockopt(got, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	p = &peers[peer_count++];
	*p = (struct peer){ .fd = got, .http = http };
	buf_init(&p->in, 64 << 20);
	buf_init(&p->mail, 64 << 20);
	if (tls != NULL && wrapped)
		start_tls(p);
	if (!http)
		say(p, "220 sink\r\n");
}

static int
listen_on(const char *name)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) < 0 ||
	    listen(fd, 512) < 0 ||
	    getsockname(fd, (struct sockaddr *)&a, &n) < 0) {
		perror("sink");
		exit(2);
	}
	printf("%s %d\n", name, ntohs(a.sin_port));
	return fd;
}

static void
add_faults(char *arg)
{
	char *list = strchr(arg, '=');
	struct str rest;

	if (list == NULL) {
		fprintf(stderr, "sink: FAULT=N is meant\n");
		exit(2);
	}
	*list++ = '\0';
	rest = str_of(list);
	while (rest.p != NULL && fault_count < FAULTS) {
		int64_t n;

		if (str_to_int(str_split(&rest, ','), &n) == 0) {
			faults[fault_count].kind = arg;
			faults[fault_count++].number = (int)n;
		}
	}
}

static void
serve(int smtp, int http, int smtps)
{
	struct pollfd fds[PEERS + 3];

	for (;;) {
		size_t n = peer_count;

		fds[0] = (struct pollfd){ .fd = smtp, .events = POLLIN };
		fds[1] = (struct pollfd){ .fd = http, .events = POLLIN };
		fds[2] = (struct pollfd){ .fd = smtps, .events = POLLIN };
		for (size_t i = 0; i < n; i++)
			fds[i + 3] = (struct pollfd){ .fd = peers[i].fd,
				.events = POLLIN };
		if (poll(fds, n + 3, -1) < 0)
			continue;
		/* From the last, because closing moves the last one up. */
		for (size_t i = n; i-- > 0;) {
			if (fds[i + 3].revents != 0)
				do
					peer_read(&peers[i]);
				while (!peers[i].closing &&
				       peers[i].ssl != NULL &&
				       SSL_pending(peers[i].ssl) > 0);
			if (peers[i].closing)
				peer_close(i);
		}
		if (fds[0].revents != 0)
			accept_peer(smtp, false, false);
		if (fds[1].revents != 0)
			accept_peer(http, true, true);
		if (fds[2].revents != 0)
			accept_peer(smtps, false, true);
	}
}

static bool
load_tls(const char *pem)
{
	tls = SSL_CTX_new(TLS_server_method());
	return tls != NULL &&
	       SSL_CTX_use_certificate_chain_file(tls, pem) == 1 &&
	       SSL_CTX_use_PrivateKey_file(tls, pem, SSL_FILETYPE_PEM) == 1;
}

int
main(int argc, char **argv)
{
	int c, smtp, http, smtps;

	while ((c = getopt(argc, argv, "l:d:a:c:u:")) != -1) {
		if (c == 'l')
			logfile = fopen(optarg, "a");
		else if (c == 'd')
			dir = optarg;
		else if (c == 'u')
			login = optarg;
		else if (c == 'c' && !load_tls(optarg))
			return 2;
		else if (c == 'c')
			continue;
		else if (c == 'a')
			for (size_t i = 0; i < sizeof(apis) / sizeof(*apis);
			     i++)
				api = strcmp(optarg, apis[i].name) == 0
					  ? &apis[i]
					  : api;
		else
			return 2;
	}
	for (; optind < argc; optind++)
		add_faults(argv[optind]);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	smtp = listen_on("smtp");
	http = listen_on("http");
	smtps = listen_on("smtps");
	fflush(stdout);
	fclose(stdout);
	serve(smtp, http, smtps);
	return 0;
}
