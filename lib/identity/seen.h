#ifndef KITH_IDENTITY_SEEN_H
#define KITH_IDENTITY_SEEN_H
/*
 * Has this id come before?  8 bytes of keyed hash an id, so a "yes" may be
 * wrong once in a long while: who asks looks closer then.  A "no" is right.
 */
#include "core/str.h"

struct seen {
	uint64_t *slots;
	size_t n, mask;
};

/* A zeroed struct seen is ready. */
void seen_release(struct seen *s);
/* True the first time. */
bool seen_first(struct seen *s, struct str id);

#endif
