#ifndef KITH_IDENTIFY_CHECK_H
#define KITH_IDENTIFY_CHECK_H
/*
 * Our own check of a record that is a mail, beside what the servers that we
 * name say of it.
 */
#include "identify/authres.h"
#include "identify/verify/verify.h"
#include "record/record.h"

/* What identify calls itself in `auth`. */
#define CHECK_BY "kith"

/* Where the servers' word (in *auth) decides, it stands: they saw the mail
 * when it came.  Else ours does, where it says anything or they nothing. */
void check_sender(
    struct record *r, struct verifier *v, struct str domain, struct auth *auth);
/* Begins its look-ups. */
void check_prepare(struct record *r, struct verifier *v, struct str domain);

#endif
