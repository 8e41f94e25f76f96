#ifndef KITH_CORE_BASE64_H
#define KITH_CORE_BASE64_H
/*
 * Base64 (RFC 4648, RFC 2045) as native records and mail carry it.
 */
#include "core/str.h"

#define BASE64_ENCODED(n) (((n) + 2) / 3 * 4)
#define BASE64_DECODED(n) ((n) / 4 * 3 + 3)

/* Writes BASE64_ENCODED(s.n) letters to `to`. */
void base64_encode(struct str s, char *to);
/*
 * Writes at most BASE64_DECODED(s.n) bytes to `to` and returns their number.
 * What is no letter is passed over; padding ends it, unless there is nothing
 * but base64 behind it.
 */
size_t base64_decode(struct str s, char *to);
/* True where s holds letters and white space only, up to any padding. */
bool base64_is(struct str s);

#endif
