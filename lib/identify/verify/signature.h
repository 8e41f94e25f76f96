#ifndef KITH_IDENTIFY_VERIFY_SIGNATURE_H
#define KITH_IDENTIFY_VERIFY_SIGNATURE_H
/*
 * One signature over a mail (RFC 6376, 8301, 8463), as DKIM-Signature and the
 * fields of ARC have it: its tags, its key, and whether it holds.
 */
#include "identify/verify/canon.h"
#include "identify/verify/taglist.h"
#include "identify/verify/word.h"
#include "net/dns/dns.h"

enum {
	SIGNATURE_FIELDS = 1000, /* that h= may name */
	SIGNATURE_BODIES = 4, /* forms of one body, with and without l= */
	SIGNATURE_KEYS =
	    256, /* kept between mails, each over another's place */
	SIGNATURE_BITS = 1024, /* of RSA, at least (RFC 8301, 3.2) ... */
	SIGNATURE_BITS_MAX = 8192, /* ... and at most */
	SIGNATURE_MAX = 256 << 20, /* bytes of a canonical form */
};

struct signer_key;

/* What checks of one mail share, and what mails do.  A zeroed one is ready
 * when dns is set. */
struct signature_checker {
	struct dns *dns;
	int64_t at; /* the time for which x= is asked: when the mail came */
	/* Of the mail in hand. */
	const struct rawmail *mail;
	struct {
		enum canon canon;
		int64_t length; /* l=, -1 without */
		uint8_t hash[32];
		bool whole; /* l= leaves nothing out */
	} bodies[SIGNATURE_BODIES];
	size_t body_count;
	/* Kept. */
	struct signer_key *keys[SIGNATURE_KEYS];
	struct buf canonical;
};

/* Before the first signature of a mail (borrowed until the next). */
void signature_begin(
    struct signature_checker *c, const struct rawmail *mail, int64_t at);
void signature_release(struct signature_checker *c);

/* A signature's tags read and found to make sense. */
struct signature {
	const struct rawfield *field;
	struct str domain, selector; /* d=, s= */
	struct str agent; /* the domain of i=; d= without one */
	struct str fields; /* h= */
	struct str signature, body_hash; /* b=, bh=, decoded */
	enum canon header_canon, body_canon;
	int64_t length; /* l=, -1 without */
	bool ed25519;
};

/* Reads a=, b=, d=, s=, for all; -1 where they make no sense. */
int signature_read_common(
    const struct taglist *tags, struct arena *a, struct signature *out);
/* And bh=, c=, h=, l=, t=, x=, q=; -1 likewise. */
int signature_read_message(const struct taglist *tags, int64_t at,
    struct arena *a, struct signature *out);

/* The key of a signature: WORD_PASS with *key, which is the checker's until the
 * next call; else PENDING, TEMPERROR or PERMERROR.  Asks the DNS only. */
enum auth_word signature_key(struct signature_checker *c,
    const struct signature *s, struct arena *a, const struct signer_key **key);
/* Is b= the key's signature of these bytes? */
bool signature_holds(
    const struct signer_key *key, const struct signature *s, struct str bytes);
/*
 * All of it, for a signature over fields and body.  With look true it only
 * asks the DNS, and says PENDING or PASS.
 */
enum auth_word signature_check(struct signature_checker *c,
    const struct signature *s, struct arena *a, bool look);
/* s is d= or below it. */
bool signature_is_below(struct str s, struct str domain);

#endif
