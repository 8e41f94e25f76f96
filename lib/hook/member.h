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
/*
 * Is the text an object, or has it a list of that name of one object or more, in
 * each of which the member fits, wherever it stands?  fits gets it as
 * hook_member gives it, absent where it is nested, and is asked for each,
 * whatever it said before.
 */
bool hook_members_fit(struct str text, struct str list, struct str name,
    bool (*fits)(void *arg, struct str value), void *arg);

#endif
