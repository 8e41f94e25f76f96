#ifndef KITH_CORE_TEXT_NEAREST_H
#define KITH_CORE_TEXT_NEAREST_H
/*
 * "Did you mean": the known name that a mistyped one is closest to.
 */
#include "core/str.h"

/*
 * The nearest of n names within a third of s's length (at least one) in
 * single edits and swaps of neighbours (optimal string alignment), the first
 * of equals; NULL where none is near.  Names longer than 63 bytes are passed
 * over.
 */
const char *nearest(struct str s, const char *const *names, size_t n);

#endif
