#ifndef KITH_NET_DNS_MX_H
#define KITH_NET_DNS_MX_H
/*
 * Where a domain takes its mail (RFC 5321, 5.1; RFC 7505), and by which
 * certificates its servers are known (RFC 7672).
 */
#include "core/arena.h"
#include "net/dns/dns.h"

enum {
	MX_HOSTS = 10, /* tried of a domain */
	MX_ADDRESSES = 8, /* of a host */
};

struct mx_host {
	const char *name; /* NUL-terminated, like all of these */
	const char *addresses; /* "192.0.2.1,[2001:db8::1]" */
	/* Records TLSA of the host, hexadecimal, where DNSSEC vouches for all
	 * that leads there: its certificate must be one of them. */
	struct str *tlsa;
	size_t tlsa_count;
};

struct mx_list {
	struct mx_host v[MX_HOSTS]; /* in the order in which they are tried */
	size_t n;
	const char *why; /* MX_NEVER, MX_LATER: in words */
};

enum mx_result {
	MX_PENDING,
	MX_FOUND,
	MX_NEVER, /* it takes no mail */
	MX_LATER, /* the DNS cannot say now */
};

/* domain in A-labels; port for the names of TLSA.  Of equal ones anyone stands
 * first. */
enum mx_result mx_find(struct dns *d, struct str domain, int port,
    struct arena *a, struct mx_list *out);

#endif
