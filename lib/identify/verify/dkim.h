#ifndef KITH_IDENTIFY_VERIFY_DKIM_H
#define KITH_IDENTIFY_VERIFY_DKIM_H
/*
 * DKIM (RFC 6376, 8301, 8463): the signatures of a mail.
 */
#include "identify/verify/signature.h"

enum { DKIM_SIGNATURES = 10 }; /* looked at, from the top */

struct dkim {
	struct {
		enum auth_word word;
		struct str domain; /* d=, absent where it could not be read */
	} v[DKIM_SIGNATURES];
	size_t n;
};

/* Every signature of the checker's mail.  PENDING stands where look-ups are on
 * their way; look as in signature_check.  Slices live as the mail does. */
void dkim_check(
    struct signature_checker *c, struct arena *a, bool look, struct dkim *out);

#endif
