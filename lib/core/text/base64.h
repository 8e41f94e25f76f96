#ifndef KITH_CORE_TEXT_BASE64_H
#define KITH_CORE_TEXT_BASE64_H
/*
 * Base64 (RFC 4648, RFC 2045) as native records and mail carry it.
 */
#include "core/arena.h"
#include "core/buf.h"

#define BASE64_ENCODED(n) (((n) + 2) / 3 * 4)
#define BASE64_DECODED(n) ((n) / 4 * 3 + 3)

/* The value of a letter, or what else the byte is. */
enum { BASE64_NONE = 0x80, BASE64_PADDING = 0x81, BASE64_SPACE = 0x82 };
extern const unsigned char base64_values[256];

/* A letter, padding or white space, as in the middle of base64? */
static inline bool
base64_goes_on(char c)
{
	return base64_values[(unsigned char)c] != BASE64_NONE;
}

/* Writes BASE64_ENCODED(s.n) letters to `to`. */
void base64_encode(struct str s, char *to);
/* Appends s in base64, with padding and without line breaks, or nothing. */
void base64_add(struct buf *out, struct str s);
/*
 * Writes at most BASE64_DECODED(s.n) bytes to `to` and returns their number.
 * What is no letter is passed over; padding ends it, unless there is nothing
 * but base64 behind it.
 */
size_t base64_decode(struct str s, char *to);
/* True where s holds letters and white space only, up to any padding. */
bool base64_is(struct str s);

/* The bytes of base64 in the alphabet for urls (RFC 4648, 5) or the other one,
 * in the arena; absent where it is neither. */
struct str base64_url(struct arena *a, struct str s);

#endif
