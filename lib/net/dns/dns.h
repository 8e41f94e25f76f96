#ifndef KITH_NET_DNS_DNS_H
#define KITH_NET_DNS_DNS_H
/*
 * Look-ups in the DNS, many at a time.  Nothing here waits but dns_work: who
 * asks gets what is known, or DNS_PENDING, and asks again later.  So what is
 * worked out from answers is a function that is run again until it needs
 * nothing that is pending.
 *
 * Answers are kept until their time to live is over: in memory, and between
 * runs in dns.db of the state's folder, where one is given.  A file that
 * cannot be read or written is an error at the opening and none later on: it
 * is a cache.
 */
#include "core/err.h"

enum {
	DNS_SERVERS = 4, /* that are asked in turn */
	DNS_FLIGHT = 64, /* questions on their way at once */
	DNS_TRIES = 3, /* of one question, over all servers */
	DNS_PATIENCE =
	    1000, /* milliseconds of the first, then two times, ... */
	DNS_STREAM = 4000, /* milliseconds of a try by TCP */
	DNS_DEAF = 3, /* questions that nobody answered: there is no DNS */
	DNS_REST = 60, /* seconds until it is tried again */
	DNS_SAVE = 1000, /* milliseconds until the state learns an answer */
	DNS_KEPT = 200000, /* answers in memory, then it starts anew */
	DNS_SHORTEST = 30, /* seconds that an answer is kept at least ... */
	DNS_LONGEST = 86400, /* ... and at most */
};

/* As RFC 1035 and its followers number them. */
enum dns_type {
	DNS_A = 1,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_TLSA = 52,
};

enum dns_status {
	DNS_PENDING,
	DNS_FOUND,
	DNS_NOTHING, /* the name is there, and has none of this type */
	DNS_NO_NAME, /* NXDOMAIN, or no name at all */
	DNS_FAILED, /* nobody could say; another time somebody may */
};

/*
 * Values are texts: addresses as inet_ntop(3) writes them, names in lower case
 * without a dot at the end, an MX as "10 mx.example" ("0 " is the null MX), a
 * TLSA as "3 1 1 ab12", a TXT as its strings run together, which may hold any
 * bytes.
 */
struct dns_answer {
	enum dns_status status;
	bool secure; /* a validating resolver that we trust says so */
	size_t n;
	const struct str *v;
};

struct dns;

/*
 * resolver: "192.0.2.1", "192.0.2.1:5353", "[2001:db8::1]:53", whose word on
 * DNSSEC is believed; NULL: the system's, whose is not.  state (or NULL) is
 * the folder.  now is an instant, from which on time goes by itself.  NULL on
 * error.
 */
struct dns *
dns_open(const char *resolver, const char *state, int64_t now, struct err *e);
/* Writes what was learnt to the state; -1 where that failed.  NULL is
 * allowed. */
int dns_close(struct dns *d, struct err *e);

/* The answer stays until the next dns_rest, and changes only in dns_work. */
const struct dns_answer *
dns_ask(struct dns *d, struct str name, enum dns_type type);
/* Sends what was asked and takes what has come; waits at most so long for
 * something to come. */
void dns_work(struct dns *d, int wait_ms);
/* Between two things that hold answers: bounds the memory. */
void dns_rest(struct dns *d);
/* Nobody has answered anything: there is no DNS to be reached. */
bool dns_is_offline(const struct dns *d);
/* Questions that went out; again counts as one.  For tests. */
uint64_t dns_asked(const struct dns *d);
#endif
