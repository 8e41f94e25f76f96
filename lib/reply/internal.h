#ifndef KITH_REPLY_INTERNAL_H
#define KITH_REPLY_INTERNAL_H
/*
 * Words that stay in the house: notes (data.note) and messages between us
 * (direction internal, keyword private).
 */
#include "core/buf.h"
#include "json/json.h"

/* Appends v without internal words; false where there are none, and then what
 * was appended is the same as v. */
bool internal_hide(struct json v, struct buf *out);
/* Do these words quote a sentence or line of the note?  Case and white space
 * do not count; what is shorter than three words is no quotation unless it is
 * all of the note. */
bool internal_quotes(struct str words, struct str note);

#endif
