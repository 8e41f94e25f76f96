#ifndef KITH_IDENTIFY_VERIFY_CANON_H
#define KITH_IDENTIFY_VERIFY_CANON_H
/*
 * Canonical forms of what DKIM signs (RFC 6376, 3.4).  Line ends are CRLF there,
 * whichever the mail came with.
 */
#include "core/buf.h"
#include "identify/verify/rawmail.h"

enum canon { CANON_SIMPLE, CANON_RELAXED };

/* A field, without a line end behind it. */
void canon_field(const struct rawfield *f, enum canon how, struct buf *out);
/* The same, its value without what stands in its tag b= (3.5). */
void canon_unsigned(const struct rawfield *f, enum canon how, struct buf *out);
void canon_body(struct str body, enum canon how, struct buf *out);

#endif
