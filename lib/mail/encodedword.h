#ifndef KITH_MAIL_ENCODEDWORD_H
#define KITH_MAIL_ENCODEDWORD_H
/*
 * Encoded words (RFC 2047) and parameters (RFC 2231) of header fields, as
 * they are written: words in the middle of others, in quotation marks,
 * folded, or cut between the bytes of a character; parameters with words in
 * them, in pieces, in another charset than they say, or never closed.
 */
#include "core/arena.h"

/* Unstructured text: unfolded, words decoded, without white space around. */
struct str words_decode(struct str value, struct arena *a);

/*
 * The parameter of that name (lower case), decoded; the extended one
 * ("name*") before the plain one.  value is the whole field's.  STR_NONE
 * where there is none or it is empty.
 */
struct str words_parameter(struct str value, const char *name, struct arena *a);
/* The same as it stands: its bytes, no words decoded, blanks within quotation
 * marks kept. */
struct str
words_raw_parameter(struct str value, const char *name, struct arena *a);

#endif
