#ifndef KITH_IDENTITY_EVIDENCE_H
#define KITH_IDENTITY_EVIDENCE_H
/*
 * What a record shows of who took part in it: its addresses as keys, each
 * with the trust that the channel, or the mail's authentication, gives it.
 */
#include "core/config.h"
#include "identity/authres.h"
#include "identity/keys.h"
#include "record/record.h"

enum {
	EVIDENCE_MAX = 64, /* keys a record; further recipients are left out */
};

struct evidence {
	struct str type, value; /* value in its normal form */
	enum trust trust;
	struct str from; /* "from.email", "to[0].tel" */
};

struct evidence_list {
	struct evidence v[EVIDENCE_MAX];
	size_t n;
};

/*
 * Reads the record's addresses and authentication.  Slices live as long as
 * the record's text and arena, and c.
 */
void evidence_find(struct record *r, const struct config *c,
    struct evidence_list *out, struct auth *auth);
/* Puts them as `ids` and `auth`; where there is nothing, takes those out. */
void evidence_put(struct record *r, const struct evidence_list *list,
    const struct auth *auth);

/* Reads `ids` back; entries that make no sense are left out. */
void evidence_read(struct record *r, struct evidence_list *out);
/* Reads `auth` back: true where it says that the sender is not who the mail
 * says, with why in words ("dmarc=fail at mx.example.com"). */
bool evidence_failed(struct record *r, struct str *why);

#endif
