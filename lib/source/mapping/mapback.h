#ifndef KITH_SOURCE_MAPPING_MAPBACK_H
#define KITH_SOURCE_MAPPING_MAPBACK_H
/*
 * A map may have been written for a file that came out whole, before kith knew
 * its format and cut it.  For such a program an item is put back to where
 * source.at says that it stood: of "chats/list#3/messages#2" comes
 *	{"chats":{"list":[{"name":"Ana","messages":[{...}]}]}}
 * with what stood beside it around it, alone in its lists.
 */
#include "source/item.h"

/* The line with its `native` put back, into out, which it resets; false where the
 * item stood in nothing, or is too large for out. */
bool mapback_line(const struct normalize *n, struct arena *a, struct buf *out);

#endif
