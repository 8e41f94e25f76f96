#ifndef KITH_TEXT_SUBJECT_H
#define KITH_TEXT_SUBJECT_H
/*
 * What mail programs put before a subject that they answer ("Re:", "AW:", in
 * the languages of words/subjects), and gateways and lists ("[EXT]").
 */
#include "core/arena.h"
#include "core/str.h"

/* Without the marks of earlier answers in front, and between tags and behind
 * them; the tags stay.  *count: how many there were. */
struct str subject_bare(struct str s, struct arena *a, int *count);

#endif
