#ifndef KITH_IDENTIFY_EVIDENCE_H
#define KITH_IDENTIFY_EVIDENCE_H
/*
 * What a record shows of who took part in it: its addresses, the ids in its
 * data and what stands in its texts as keys, each with the trust that the
 * channel, or the mail's authentication, gives it.
 */
#include "identify/authres.h"
#include "identify/extract.h"
#include "identify/ids.h"
#include "identify/keys.h"
#include "identify/ours.h"
#include "identify/verify/verify.h"
#include "record/record.h"
#include "workspace/workspace.h"

enum {
	EVIDENCE_MAX = 64, /* keys a record; further recipients are left out */
};

struct evidence_list {
	struct evidence v[EVIDENCE_MAX];
	size_t n;
};

/* What decides about keys besides the record.  All is borrowed. */
struct evidence_rules {
	const struct workspace *config; /* authserv, region */
	const struct ours *ours;
	/* Channels, and types of keys, where anybody can pass for another. */
	struct workspace_list spoofable;
	struct extract *patterns; /* or NULL */
	struct verifier *verifier; /* of our own checks, or NULL */
};

/*
 * Reads the record's addresses, authentication and texts.  Slices live as
 * long as the record's text and arena, and the rules.
 */
void evidence_find(struct record *r, const struct evidence_rules *rules,
    struct evidence_list *out, struct auth *auth);
/* A record that comes soon: where it is a mail to be checked, its look-ups
 * begin. */
void evidence_prepare(struct record *r, const struct evidence_rules *rules);
/* Puts them as `ids` and `auth`; where there is nothing, takes those out. */
void evidence_put(struct record *r, const struct evidence_list *list,
    const struct auth *auth);

/* Reads `ids` back; entries that make no sense are left out. */
void evidence_read(struct record *r, struct evidence_list *out);
/* The same behind merge: what it found to be another's, which stands in
 * `claims`, is claimed. */
void evidence_read_merged(struct record *r, struct evidence_list *out);
/* Reads `auth` back, of mail that says to be from us: may that be believed? */
bool evidence_is_ours(struct record *r);
/* Reads `auth` back: true where it says that the sender is not who the mail
 * says, with why in words ("dmarc=fail at mx.example.com"). */
bool evidence_failed(struct record *r, struct str *why);

#endif
