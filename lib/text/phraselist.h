#ifndef KITH_TEXT_PHRASELIST_H
#define KITH_TEXT_PHRASELIST_H
/*
 * Words of a text as lists of phrases have them (text/wordfile.h, %phrases):
 * without case, marks and signs, one blank between two; where a script has no
 * blanks, each character is a word, with none.
 */
#include "text/wordfile.h"

/* The entry so; its last word may end with a star. */
struct str phrase_plain(struct str entry, struct arena *a);
/* Too short a word before its star to be told by the beginning of words
 * (wordlist_opening)? */
bool phrase_is_short(struct str key);
/* What a list of n entries knows of its phrases, in a's memory. */
void phrases_make(
    const struct wordfile *f, size_t n, struct arena *a, struct wordlist *out);

#endif
