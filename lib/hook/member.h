#ifndef KITH_HOOK_MEMBER_H
#define KITH_HOOK_MEMBER_H
#include "core/str.h"

/*
 * A member of the object that the text is: a string without escapes, a number
 * or a word, as it is written, without quotes.  Absent where there is none.
 * One pass, no tree: what is asked for stands at the top of short bodies, and
 * a whole reader of JSON would be most of a program that starts anew for each.
 */
struct str hook_member(struct str text, struct str name);

#endif
