#ifndef KITH_CORE_TEXT_PERCENT_H
#define KITH_CORE_TEXT_PERCENT_H
/* Percent-encoding (RFC 3986, 2.1). */
#include "core/buf.h"
#include "core/str.h"

/*
 * What stands for bytes, "%20", as those, into out, which holds s.n bytes; what
 * is none stays as it is.  form: a "+" is a blank, as forms are sent (HTML's
 * application/x-www-form-urlencoded).  The part of out.
 */
struct str percent_decode(struct str s, bool form, char *out);
/* Appends it; letters, digits and what stands in safe stay as they are. */
void percent_encode(struct buf *out, struct str s, const char *safe);

/* Appends name=value, as a query or a form has it, behind what stands there; a
 * '&' comes between, unless that is nothing, or ends in '?' or '&'. */
void percent_field(struct buf *out, struct str name, struct str value);

#endif
