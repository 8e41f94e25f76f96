#ifndef KITH_NET_NET_H
#define KITH_NET_NET_H
/*
 * Many requests in flight at once, by SMTP and HTTP, through libcurl's multi
 * interface.  What matters to a sender is not whether a request failed but
 * whether the other side may have taken it: that is what an outcome says.
 *
 * Never follows a redirect, never uses a proxy, a .netrc or cookies, and
 * refuses addresses of private networks after the name was resolved unless
 * the job allows them.
 */
#include "core/buf.h"
#include "core/err.h"
#include "net/dns/dane.h"

enum {
	NET_ANSWER = 1 << 20, /* bytes of an answer; more is cut off */
	NET_CONNECT_SECONDS = 30,
};

enum net_outcome {
	NET_ANSWERED, /* `status` is the other side's last word on it */
	NET_REFUSED, /* never left: no connection, or refused before the data */
	NET_UNKNOWN, /* it left, and no answer came */
};

enum net_tls { NET_TLS_REQUIRED, NET_TLS_TRY, NET_TLS_NONE };

/* What the caller fills in is borrowed until the job is done. */
struct net_job {
	bool smtp;
	const char *url;
	const char *ca_file; /* NULL: the system's */
	int64_t timeout_ms; /* SMTP: for each answer; HTTP: for all of it */
	struct str body;
	/* SMTP */
	const char *user, *password; /* NULL without authentication */
	const char *mail_from; /* "" is the null sender */
	const char *recipient;
	/* Who else gets it, NULL-terminated, or NULL; all or nobody. */
	char *const *copies;
	enum net_tls tls;
	/* Of a server that the DNS named, not we: "+host:25:192.0.2.1", the
	 * addresses that it has; NULL: whatever the system says, wherever it
	 * is. */
	const char *resolve;
	bool any_certificate; /* with NET_TLS_TRY: whoever answers */
	const struct dane *dane; /* or NULL: what its certificate must be */
	/* HTTP */
	const char *method;
	char *const *headers; /* "Name: value", NULL-terminated */
	bool allow_loopback, allow_private;
	void *arg; /* the caller's */

	/* The answer. */
	enum net_outcome outcome;
	bool reached; /* false: no connection, TLS or login; others would fare
			 the same */
	bool kept; /* went over a connection of an earlier job */
	long status; /* SMTP reply or HTTP status; 0 where there was none */
	struct buf
	    headers_in; /* HTTP: "name: value\n" lines, lower-case names */
	struct buf answer; /* SMTP: the last reply's text; HTTP: the body */
	bool cut; /* the answer was longer than NET_ANSWER */
	char error[256]; /* why there is no answer */
	struct net_slot *slot; /* of net.c */
};

struct net;

struct net *net_new(struct err *e);
/* No job may be in flight. */
void net_free(struct net *n);
/* Before the first and after the last use of a job. */
void net_job_init(struct net_job *j);
void net_job_release(struct net_job *j);
/* Forgets the last answer, before a job is started again. */
void net_job_reset(struct net_job *j);
/* Opens the socket.  The job must stay where it is until net_next gives it. */
int net_start(struct net *n, struct net_job *j, struct err *e);
/* Works for at most wait_ms, less when a job is done.  0 or -1. */
int net_work(struct net *n, int wait_ms, struct err *e);
/* The next job that is done, or NULL. */
struct net_job *net_next(struct net *n);
/* Gives up a job in flight; NULL when there is none left. */
struct net_job *net_abandon(struct net *n);
/* Jobs that are done and wait for net_next. */
size_t net_done(const struct net *n);
#endif
