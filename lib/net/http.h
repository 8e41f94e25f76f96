#ifndef KITH_NET_HTTP_H
#define KITH_NET_HTTP_H
/*
 * One HTTP request after another, over a connection that is kept: what live
 * sources ask of services.  What is sent to customers goes by net/net.h.
 *
 * Proxies are the environment's (https_proxy and its like), the certificate is
 * always checked, no cookies and no .netrc.
 */
#include "core/buf.h"
#include "core/err.h"
#include "net/wait.h"

enum {
	HTTP_SECONDS = 60, /* for all of a request */
	HTTP_HEADERS = 256 << 10, /* bytes of an answer's */
};

struct http;

/* What is borrowed until http_ask returns. */
struct http_question {
	const char *method; /* NULL: GET */
	const char *url;
	const char *const
	    *headers; /* "Name: value", NULL-terminated; or NULL */
	struct str body; /* absent: none */
	bool follow; /* redirects, five, never from https to http */
};

/* Emptied by http_ask; the caller's. */
struct http_answer {
	long status;
	struct buf headers; /* as net/header.h has them */
	struct buf body; /* up to its ceiling, past which it is an error */
};

/* ca_file, in place of the system's, and what to do while it waits are borrowed,
 * or NULL.  NULL without libcurl. */
struct http *
http_new(const char *ca_file, struct net_wait *wait, struct err *e);
/* NULL is allowed. */
void http_free(struct http *h);
/* 0 with an answer, whatever its status, or -1: ERR_AGAIN where nobody was
 * reached, ERR_ITEM where the answer is too large. */
int http_ask(struct http *h, const struct http_question *q,
    struct http_answer *a, struct err *e);

void http_answer_init(struct http_answer *a, size_t body_max);
void http_answer_release(struct http_answer *a);

/* May a secret go there: https, or this machine? */
bool http_is_private(struct str url);

#endif
