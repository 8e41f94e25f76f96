#ifndef KITH_REPLY_INTERNAL_H
#define KITH_REPLY_INTERNAL_H
/*
 * Words that stay in the house: notes (data.note) and messages between us
 * (direction internal, keyword private); and what strangers call themselves and
 * their subjects, on one line.
 */
#include "core/buf.h"
#include "json/json.h"

enum { QUOTE_WORDS = 3 }; /* a sentence of fewer is nobody's */

/* Appends v without internal words (all: with them), names and subjects that
 * are not one line as one, and null in the place of what is nested deeper than
 * WRITE_DEPTH; false where there is none of this, and then nothing. */
bool internal_hide(struct json v, bool all, struct buf *out);
/* Do these words quote a sentence or line of the note, of QUOTE_WORDS words
 * (unicode_words) or more?  Case and white space do not count. */
bool internal_quotes(struct str words, struct str note);

#endif
