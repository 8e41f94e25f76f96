#include "net/dns/dane.h"

#include <ldns/dane.h>
#include <openssl/x509v3.h>

/* The record, or NULL. */
static ldns_rr *
record(struct str tlsa)
{
	char line[4096];
	ldns_rr *rr = NULL;

	if (tlsa.n > sizeof(line) - 64)
		return NULL;
	snprintf(line, sizeof(line), ". 0 IN TLSA %.*s", STR_ARG(tlsa));
	return ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL) == LDNS_STATUS_OK
		   ? rr
		   : NULL;
}

static bool
is_usable(struct str tlsa)
{
	return tlsa.n > 2 && (tlsa.p[0] == '2' || tlsa.p[0] == '3') &&
	       tlsa.p[1] == ' ';
}

/* May any of them be used (RFC 7672, 3.1)? */
static bool
is_any_usable(const struct dane *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (is_usable(d->tlsa[i]))
			return true;
	return false;
}

/* One that a record of an authority names must be for this host; one that is
 * named itself needs no more (RFC 7672, 3.1). */
static bool
fits(const struct dane *d, struct str tlsa, X509 *cert, STACK_OF(X509) * chain)
{
	ldns_rr *rr = is_usable(tlsa) ? record(tlsa) : NULL;
	bool good;

	if (rr == NULL)
		return false;
	good = ldns_dane_verify_rr(rr, cert, chain, NULL) == LDNS_STATUS_OK &&
	       (tlsa.p[0] == '3' ||
		   X509_check_host(cert, d->host, 0, 0, NULL) == 1);
	ldns_rr_free(rr);
	return good;
}

static int
check(X509_STORE_CTX *ctx, void *arg)
{
	const struct dane *d = arg;
	X509 *cert = X509_STORE_CTX_get0_cert(ctx);
	STACK_OF(X509) *chain = X509_STORE_CTX_get0_untrusted(ctx);

	if (!is_any_usable(d))
		return 1;
	for (size_t i = 0; cert != NULL && i < d->n; i++)
		if (fits(d, d->tlsa[i], cert, chain))
			return 1;
	X509_STORE_CTX_set_error(ctx, X509_V_ERR_DANE_NO_MATCH);
	return 0;
}

void
dane_guard(void *ssl_ctx, const struct dane *d)
{
	SSL_CTX_set_verify(ssl_ctx, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_cert_verify_callback(ssl_ctx, check, (void *)(uintptr_t)d);
}
