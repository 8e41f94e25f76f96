#ifndef KITH_IDENTIFY_VERIFY_VERIFY_H
#define KITH_IDENTIFY_VERIFY_VERIFY_H
/*
 * Our own check of who sent a mail: SPF, DKIM, ARC and DMARC over its raw bytes,
 * with the DNS.
 */
#include "core/arena.h"
#include "core/err.h"
#include "identify/verify/word.h"
#include "workspace/workspace.h"

enum {
	VERIFY_PATIENCE = 20000, /* milliseconds of look-ups for one mail */
};

struct verifier;

struct verifier_settings {
	const struct workspace *config; /* authserv: whose Received count */
	const char *resolver, *state; /* as dns_open has them */
	int64_t now;
};

/* What was found out of one mail. */
struct verified {
	enum auth_word spf, dkim, dmarc, arc;
	/* Where there is no policy: does a signature, or the envelope's sender,
	 * stand for the author's domain or one above it? */
	bool dkim_vouches, spf_vouches;
	bool outside; /* our servers had it from somebody else */
};

struct verifier *
verifier_open(const struct verifier_settings *settings, struct err *e);
/* What was learnt is kept; -1 where that failed.  NULL is allowed. */
int verifier_close(struct verifier *v, struct err *e);
/*
 * raw (borrowed) is a mail whose author is of this domain, in A-labels and
 * lower case; absent where it has none.  All words are none where there is no
 * DNS to be reached.
 */
void verifier_check(struct verifier *v, struct str raw, struct str domain,
    struct verified *out);
/* Another mail that comes soon: its look-ups begin.  Waits for nothing. */
void verifier_foresee(struct verifier *v, struct str raw, struct str domain);
/* Is there no DNS to be reached?  Then a mail needs not even be read. */
bool verifier_is_offline(struct verifier *v);
/* A mail that has no raw bytes. */
void verifier_missing(struct verifier *v);
/* After the last: says once what could not be checked, and why. */
void verifier_warn(const struct verifier *v);

#endif
