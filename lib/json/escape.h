#ifndef KITH_JSON_ESCAPE_H
#define KITH_JSON_ESCAPE_H
/*
 * The content of a JSON string (RFC 8259), for the driver's rejects and for
 * all that writes JSON.
 */
#include "core/buf.h"

/*
 * Appends s escaped, without quotes around it: quote, backslash and C0
 * controls.  Each byte that is not part of well-formed UTF-8 becomes U+FFFD.
 * Past the ceiling out->over is set, as with all that adds to a buffer.
 */
void json_escape(struct buf *out, struct str s);

/* Text as HTML and XML want it, in content and in quoted attributes. */
void html_escape(struct buf *out, struct str s);

#endif
