#ifndef KITH_NET_DNS_DANE_H
#define KITH_NET_DNS_DANE_H
/*
 * DANE for SMTP (RFC 7672): a server is who it says when its certificate is one
 * that records TLSA name.
 */
#include "core/str.h"

struct dane {
	const struct str *tlsa; /* "3 1 1 ab12...", as mx_find gives them */
	size_t n;
	const char *host; /* the server's name */
};

/*
 * Has connections of this SSL_CTX checked by the records (borrowed as long as
 * it lives) instead of by authorities.  Where none of them is of a use that mail
 * has (2 and 3), any certificate will do (RFC 7672, 2.2).
 */
void dane_guard(void *ssl_ctx, const struct dane *d);

#endif
