#include "net/connection.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "core/alloc.h"
#include "core/text/ascii.h"
#include "net/late.h"

enum {
	SEND_MS = 60000, /* in which the other side takes something */
	SAID = 300, /* bytes of a server's last word */
	QUIET_SECONDS = 60, /* before the system asks whether it is there */
};

struct connection {
	const struct net_late *lib;
	CURLM *multi; /* of this handle alone, for good */
	CURL *easy;
	struct net_wait *wait;
	curl_socket_t fd;
	char said[SAID]; /* the server's last line before it was logged in */
	char error[CURL_ERROR_SIZE];
};

/* Keeps the last line that the server said, without its tag. */
static int
on_debug(CURL *easy, curl_infotype type, char *p, size_t n, void *arg)
{
	struct connection *c = arg;
	struct str line = str_trim(str_make(p, n));
	ptrdiff_t space = str_chr(line, ' ');

	(void)easy;
	if (type != CURLINFO_HEADER_IN || space < 0 || line.p[0] == '+')
		return 0;
	if (line.p[0] != '-')
		line = str_sub(line, (size_t)space + 1, line.n);
	snprintf(c->said, sizeof(c->said), "%.*s", STR_ARG(line));
	return 0;
}

static void
set_options(struct connection *c, const struct connection_login *l)
{
	const struct net_late *lib = c->lib;
	CURL *easy = c->easy;

	lib->curl_easy_setopt(easy, CURLOPT_URL, l->url);
	lib->curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	lib->curl_easy_setopt(
	    easy, CURLOPT_PROTOCOLS_STR, "imap,imaps,pop3,pop3s");
	lib->curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	lib->curl_easy_setopt(
	    easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	lib->curl_easy_setopt(
	    easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECTION_SECONDS / 2);
	lib->curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)CONNECTION_SECONDS);
	lib->curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	lib->curl_easy_setopt(easy, CURLOPT_TCP_KEEPIDLE, (long)QUIET_SECONDS);
	lib->curl_easy_setopt(
	    easy, CURLOPT_TCP_KEEPINTVL, (long)QUIET_SECONDS / 4);
	lib->curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, c->error);
	lib->curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
	lib->curl_easy_setopt(easy, CURLOPT_DEBUGDATA, c);
	lib->curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	if (l->user != NULL)
		lib->curl_easy_setopt(easy, CURLOPT_USERNAME, l->user);
	if (l->password != NULL)
		lib->curl_easy_setopt(easy, CURLOPT_PASSWORD, l->password);
	if (l->token != NULL)
		lib->curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, l->token);
	if (l->netrc != NULL) {
		lib->curl_easy_setopt(
		    easy, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
		lib->curl_easy_setopt(easy, CURLOPT_NETRC_FILE, l->netrc);
	}
	if (l->ca_file != NULL)
		lib->curl_easy_setopt(easy, CURLOPT_CAINFO, l->ca_file);
}

/* Is it for now only that the server lets nobody in?  RFC 5530, RFC 3206. */
static bool
is_for_now(struct str said)
{
	static const struct str codes[] = { { "[UNAVAILABLE]", 13 },
		{ "[LIMIT]", 7 }, { "[INUSE]", 7 }, { "[IN-USE]", 8 },
		{ "[SERVERBUG]", 11 }, { "[SYS/TEMP]", 10 },
		{ "[LOGIN-DELAY]", 13 } };

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (str_find_nocase(said, codes[i]) >= 0)
			return true;
	return false;
}

static int
failed(struct connection *c, CURLcode code, struct err *e)
{
	const char *why =
	    c->error[0] != '\0' ? c->error : c->lib->curl_easy_strerror(code);

	if (code == CURLE_LOGIN_DENIED && is_for_now(str_of(c->said)))
		return err_again(e, "no login for now: %s", c->said);
	if (code == CURLE_LOGIN_DENIED)
		return err_set(
		    e, "login refused: %s", c->said[0] != '\0' ? c->said : why);
	if (code == CURLE_USE_SSL_FAILED)
		return err_set(
		    e, "the server has no TLS, without which nobody logs in");
	return net_late_failed(code, why, e);
}

static void
release(struct connection *c)
{
	c->lib->curl_multi_remove_handle(c->multi, c->easy);
	c->lib->curl_easy_cleanup(c->easy);
	c->lib->curl_multi_cleanup(c->multi);
	free(c);
}

struct connection *
connection_open(const struct connection_login *login, struct err *e)
{
	struct connection *c;
	CURLcode code;
	const struct net_late *lib = net_late(e);
	int rc;

	if (lib == NULL)
		return NULL;
	c = xcalloc(1, sizeof(*c));
	c->lib = lib;
	c->wait = login->wait;
	c->easy = lib->curl_easy_init();
	c->multi = lib->curl_multi_init();
	if (c->easy == NULL || c->multi == NULL)
		alloc_die(sizeof(*c));
	set_options(c, login);
	rc = net_late_perform(lib, c->multi, c->easy, c->wait, &code, e);
	if (rc == 0 && code == CURLE_OK)
		code = lib->curl_easy_getinfo(
		    c->easy, CURLINFO_ACTIVESOCKET, &c->fd);
	if (rc == 0 && code == CURLE_OK) {
		lib->curl_easy_setopt(c->easy, CURLOPT_VERBOSE, 0L);
		return c;
	}
	if (rc == 0)
		failed(c, code, e);
	release(c);
	return NULL;
}

void
connection_close(struct connection *c)
{
	if (c == NULL)
		return;
	/* libcurl would say good-bye and wait for a server that is gone. */
	(void)shutdown(c->fd, SHUT_RDWR);
	release(c);
}

int
connection_send(struct connection *c, struct str bytes, struct err *e)
{
	while (bytes.n > 0) {
		size_t n = 0;
		CURLcode code =
		    c->lib->curl_easy_send(c->easy, bytes.p, bytes.n, &n);

		if (code == CURLE_AGAIN) {
			int rc = net_wait_for(
			    c->wait, (int)c->fd, POLLOUT, SEND_MS, e);

			if (rc > 0)
				continue;
			return rc < 0 ? -1
				      : err_again(
					    e, "the server takes nothing more");
		}
		if (code != CURLE_OK)
			return err_again(e, "the connection is lost: %s",
			    c->lib->curl_easy_strerror(code));
		bytes = str_sub(bytes, n, bytes.n);
	}
	return 0;
}

ptrdiff_t
connection_recv(
    struct connection *c, void *p, size_t n, int wait_ms, struct err *e)
{
	for (;;) {
		size_t got = 0;
		CURLcode code = c->lib->curl_easy_recv(c->easy, p, n, &got);
		int rc;

		if (code == CURLE_OK && got > 0)
			return wait_ms > 0 && net_wait_look(c->wait, e) < 0
				   ? -1
				   : (ptrdiff_t)got;
		if (code == CURLE_OK)
			return err_again(e, "the server ended the connection");
		if (code != CURLE_AGAIN)
			return err_again(e, "the connection is lost: %s",
			    c->lib->curl_easy_strerror(code));
		/* Who only asks whether something came does not wait. */
		rc = net_wait_for(wait_ms > 0 ? c->wait : NULL, (int)c->fd,
		    POLLIN, wait_ms, e);
		if (rc <= 0)
			return rc;
	}
}

int
connection_socket(const struct connection *c)
{
	return (int)c->fd;
}
