#ifndef KITH_NET_HEADER_H
#define KITH_NET_HEADER_H
/*
 * The header of an HTTP answer as lines "name: value\n", with lower-case names.
 */
#include "core/buf.h"
#include "json/write.h"

/* Adds a line as it comes; a status line begins anew, since 100 Continue and
 * redirects go before the answer. */
void header_add(struct buf *header, struct str line);
/* The first value of a (lower-case) name, or absent. */
struct str header_get(struct str header, const char *name);
/* As an object of JSON, a member each. */
void header_write(struct str header, struct writer *w);
/*
 * Seconds that Retry-After asks to wait (RFC 9110, 10.2.3), 0 to HEADER_AFTER: a
 * number, or a date (IMF-fixdate), from the answer's own Date, else from now, in
 * microseconds.  -1 where it is neither, or missing.
 */
enum { HEADER_AFTER = 100000000 };
int64_t header_retry_after(struct str header, int64_t now);

#endif
