#ifndef KITH_SOURCE_MAIL_MAIL_H
#define KITH_SOURCE_MAIL_MAIL_H
/*
 * The mail format's second half: a raw mail into a message record.
 */
#include <inttypes.h>
#include <stdio.h>

#include "source/item.h"

/* A mail as a server gave it: flags and labels are UTF-8; what it did not say
 * is absent. */
struct mail_given {
	struct str at, bytes;
	const struct str *flags, *labels; /* of IMAP and of Gmail */
	size_t flag_count, label_count;
	struct str thread; /* Gmail's number of it */
	int64_t received; /* by the server's clock, or TIME_NONE */
	int64_t flags_at; /* when its flags, which are others than it was given
			     with before, were seen; or TIME_NONE */
};

/* It as an item, and as a reject where it is larger than items may be: whole
 * is its size then.  in->format is the format mail.  0 or -1. */
int
mail_given_item(struct ingest *in, const struct mail_given *m, struct err *e);
int mail_given_reject(struct ingest *in, struct str at, uint64_t whole,
    struct str head, struct err *e);

enum stage_result
mail_normalize(struct normalize *n, struct json native, struct err *e);
void mail_release(void *kept);

/* Bytes of the name of a field of a header (RFC 5322, 2.2) that the line begins
 * with; 0 where none does. */
size_t mail_field_name(struct str line);

/*
 * For formats that make mails of what a program kept: the mail that is the
 * file, as an item of the format mail that says so (`remade`).  flags: letters
 * as in a Maildir's names; empty or absent.
 */
int mail_remade(
    struct ingest *in, struct str mail, struct str flags, struct err *e);
/* A reject for one that is larger than an item may be. */
int
mail_too_large(struct ingest *in, uint64_t at, struct str bytes, struct err *e);

#endif
