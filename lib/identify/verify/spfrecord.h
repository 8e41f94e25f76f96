#ifndef KITH_IDENTIFY_VERIFY_SPFRECORD_H
#define KITH_IDENTIFY_VERIFY_SPFRECORD_H
/*
 * A record of SPF taken apart (RFC 7208, 4.6, 5 and 6): all of it, since one
 * wrong term makes it none.
 */
#include "core/arena.h"

enum spf_mechanism {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_IP4,
	SPF_IP6,
	SPF_EXISTS,
};

struct spf_term {
	enum spf_mechanism mechanism;
	char qualifier; /* + - ~ ? */
	struct str domain; /* a domain-spec; absent */
	unsigned four, six; /* lengths of prefixes, 32 and 128 without one */
	uint8_t network[16]; /* of ip4 and ip6 */
};

struct spf_record {
	struct spf_term *v;
	size_t n;
	struct str redirect, exp; /* absent */
};

/* Is it a record of this version at all? */
bool spf_is_record(struct str text);
/* text is such a one; terms in the arena.  -1: it is none by the grammar. */
int spf_read_record(struct str text, struct arena *a, struct spf_record *out);

#endif
