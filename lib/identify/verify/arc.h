#ifndef KITH_IDENTIFY_VERIFY_ARC_H
#define KITH_IDENTIFY_VERIFY_ARC_H
/*
 * ARC (RFC 8617): the chain of those who passed a mail on.
 */
#include "identify/verify/signature.h"

enum { ARC_SETS = 50 }; /* RFC 8617, 4.2.1 */

/* PASS, FAIL, NONE, or PENDING; look as in signature_check.  A chain whose
 * keys cannot be asked for now is TEMPERROR. */
enum auth_word
arc_check(struct signature_checker *c, struct arena *a, bool look);

#endif
