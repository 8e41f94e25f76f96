#ifndef KITH_LIVE_API_SEEN_H
#define KITH_LIVE_API_SEEN_H
/*
 * What came lately, so that what a list gives once more, since it is asked for
 * with some overlap, is not written again where nothing in it changed.  It
 * forgets the oldest; what it does not know comes once more, and merge writes
 * it once.
 */
#include "core/buf.h"
#include "core/map.h"
#include "core/str.h"

enum { SEEN_MOST = 8192 /* items that are kept */ };

/* A zeroed one is ready. */
struct seen {
	struct map known; /* by ids of place and item, in their order */
};

/* From what seen_write wrote. */
void seen_read(struct seen *s, struct str text);
void seen_write(const struct seen *s, struct buf *out);
void seen_release(struct seen *s);
/* Did it come before? */
bool seen_has(const struct seen *s, struct str place, struct str item);
/* Notes it: did it come before, of that place, byte for byte? */
bool seen_before(struct seen *s, struct str place, struct str item);

#endif
