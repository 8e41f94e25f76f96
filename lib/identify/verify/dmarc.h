#ifndef KITH_IDENTIFY_VERIFY_DMARC_H
#define KITH_IDENTIFY_VERIFY_DMARC_H
/*
 * DMARC (RFC 9989): does the author's domain vouch for the mail, and what does
 * it ask for where it does not?  The organizational domain is found by a walk
 * up the tree, without a list of public suffixes.
 */
#include "core/arena.h"
#include "identify/verify/dkim.h"
#include "identify/verify/word.h"
#include "net/dns/dns.h"

enum {
	DMARC_WALK = 8, /* look-ups of one walk (RFC 9989, 4.10) */
};

enum dmarc_policy { DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT };

struct dmarc_mail {
	struct str author; /* the domain of From */
	enum auth_word spf;
	struct str spf_domain; /* of MAIL FROM, or HELO; absent */
	const struct dkim *dkim;
};

struct dmarc {
	enum auth_word word; /* none: the domain has no policy */
	enum dmarc_policy policy; /* what it asks for, where word is fail */
	bool spf_aligned, dkim_aligned; /* they pass, too */
};

/* word is PENDING while look-ups are on their way. */
void dmarc_check(struct dns *d, const struct dmarc_mail *mail, struct arena *a,
    struct dmarc *out);

#endif
