#ifndef KITH_TEXT_MARKUP_XMLMEND_H
#define KITH_TEXT_MARKUP_XMLMEND_H
/*
 * Mending XML before the parser sees it.
 */
#include "core/buf.h"

/*
 * Joins pairs of references to surrogates, as in &#55357;&#56832;, into one to
 * the character they mean, and makes lone ones U+FFFD; in place, the length
 * stays.
 */
void xml_join_surrogates(char *p, size_t n);
/*
 * Appends an item with everything mended that a parser would stop at and that
 * has one meaning: & that begins no reference, < within quotes, a tag that
 * never closes, control characters (as blanks), bytes that are no UTF-8 (as
 * windows-1252).  False
 * where nothing had to be.
 */
bool xml_mend(struct str item, struct buf *out);

#endif
