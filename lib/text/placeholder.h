#ifndef KITH_TEXT_PLACEHOLDER_H
#define KITH_TEXT_PLACEHOLDER_H
/*
 * What a program writes where an id should be and is not, told by its shape,
 * whatever its words: a template that nobody filled in ({{user.id}}, %UID%,
 * *|EMAIL|*), a value that became text ([object Object], (not set), <null>,
 * user_undefined, #REF!), or signs alone.
 */
#include "core/str.h"

/* True for what cannot be an id, however many have it.  Wrapped ids, such as
 * {3F2504E0-4F89-11D3-9A0C-0305E82C3301} or (4711), are ids. */
bool placeholder_is(struct str s);

#endif
