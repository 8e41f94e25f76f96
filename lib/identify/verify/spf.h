#ifndef KITH_IDENTIFY_VERIFY_SPF_H
#define KITH_IDENTIFY_VERIFY_SPF_H
/*
 * SPF (RFC 7208): may this address send for this domain?
 */
#include "core/arena.h"
#include "identify/verify/word.h"
#include "net/dns/dns.h"

enum {
	SPF_LOOKUPS = 10, /* terms that ask (RFC 7208, 4.6.4) */
	SPF_VOID = 2, /* of their answers may be empty */
	SPF_NAMES = 10, /* of an MX or PTR */
	SPF_TERMS = 512, /* of a record */
	SPF_DOMAIN = 253, /* bytes of a name */
};

struct spf_mail {
	struct str address; /* of who connected, as inet_ntop(3) writes it */
	struct str helo;
	struct str sender; /* MAIL FROM; empty: postmaster at helo */
	struct str receiver; /* our name, for explanations */
	int64_t at; /* for explanations */
};

/*
 * PENDING while look-ups are on their way.  explanation (may be NULL) gets what
 * the domain says to who fails, STR_NONE where it says nothing; only then it
 * is asked for.  Texts live in the arena.
 */
enum auth_word spf_check(struct dns *d, const struct spf_mail *mail,
    struct arena *a, struct str *explanation);

#endif
