#ifndef KITH_RECALL_TOPICS_H
#define KITH_RECALL_TOPICS_H
/*
 * What a page or product is about, as words that can be compared.
 */
#include "people/activity.h"

/* Appends the words of s, lower case, a blank before the first and behind
 * each, without a plural's s: nothing where there are none. */
void topic_words(struct buf *out, struct str s);
/* Do all of the words stand in text?  Both as topic_words makes them.  Scripts
 * without blanks between words are looked for anywhere. */
bool topic_within(struct str words, struct str text);
/* What the visit is about, and its words, instead of what the buffers hold:
 * false for nothing. */
bool topic_of(const struct visit *v, struct buf *topic, struct buf *words);

#endif
