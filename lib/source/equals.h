#ifndef KITH_SOURCE_EQUALS_H
#define KITH_SOURCE_EQUALS_H
/*
 * Telling equal lines of a log apart, whose ids are made of nothing but the
 * line: each bears its time, so that equal ones stand near each other.
 *
 * Hashes of the last EQUALS_SEEN lines at least are kept, in two tables: one
 * that fills, and the one before it.  A step of memory or two a line, and
 * nothing allocated.  Two lines of one hash, or more than 255 equal ones, do
 * no harm but that the number says less.
 */
#include "core/str.h"

enum { EQUALS_SEEN = 1 << 14 };

struct equals {
	uint64_t *now, *before;
	size_t n;
};

void equals_init(struct equals *q);
void equals_release(struct equals *q);
/* How many lines like it came before: of this text, with this beside it. */
unsigned equals_count(struct equals *q, struct str line, struct str beside);

#endif
