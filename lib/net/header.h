#ifndef KITH_NET_HEADER_H
#define KITH_NET_HEADER_H
/*
 * The header of an HTTP answer as lines "name: value\n", with lower-case names.
 */
#include "core/buf.h"

/* Adds a line as it comes; a status line begins anew, since 100 Continue and
 * redirects go before the answer. */
void header_add(struct buf *header, struct str line);
/* The first value of a (lower-case) name, or absent. */
struct str header_get(struct str header, const char *name);

#endif
