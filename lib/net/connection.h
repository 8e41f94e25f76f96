#ifndef KITH_NET_CONNECTION_H
#define KITH_NET_CONNECTION_H
/*
 * A connection to a mail server that is open, encrypted and logged in, as a
 * stream of bytes.  libcurl does what comes before the first command: names,
 * proxies (https_proxy and its like), TLS, SASL; its own verbs for IMAP lose
 * answers, and so what follows is the caller's.
 *
 * The certificate is always checked, and without TLS nobody logs in: imap://
 * and pop3:// mean STARTTLS and STLS, which the server must have.
 */
#include "core/buf.h"
#include "core/err.h"
#include "net/wait.h"

enum { CONNECTION_SECONDS = 60 /* until it is logged in */ };

struct connection;

/* What is borrowed until connection_open returns; NULL where there is none. */
struct connection_login {
	const char *url; /* imaps://host:port, without a user */
	const char *user, *password;
	const char *token; /* an access token, by OAUTHBEARER or XOAUTH2 */
	const char *netrc; /* has the password, and maybe the user */
	const char *ca_file; /* in place of the system's */
	struct net_wait *wait; /* for the connection's life */
};

/*
 * NULL: e says why, with the server's own words where it has some.  ERR_FAIL
 * where trying again will not help: it refused the login, its certificate is
 * not the one of that name, it has no TLS; ERR_AGAIN else.
 */
struct connection *
connection_open(const struct connection_login *login, struct err *e);
/* Closes it at once.  NULL is allowed. */
void connection_close(struct connection *c);
/* All bytes: 0 or -1 with ERR_AGAIN. */
int connection_send(struct connection *c, struct str bytes, struct err *e);
/* Up to n bytes to p: how many; 0 where none came within wait_ms, or, without
 * looks, a signal did; -1 with ERR_AGAIN, also at the end of the connection. */
ptrdiff_t connection_recv(
    struct connection *c, void *p, size_t n, int wait_ms, struct err *e);
/* To be waited for, once connection_recv has given all that there is. */
int connection_socket(const struct connection *c);

#endif
