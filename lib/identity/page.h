#ifndef KITH_IDENTITY_PAGE_H
#define KITH_IDENTITY_PAGE_H
/*
 * One person on a page, for who asks at a prompt: names, identifiers, what
 * waits, what was said last.
 */
#include "identity/context.h"

/*
 * Appends the page.  now is what "for 3h" counts to; aliases are other ids
 * that stand for the person.  Text of strangers cannot steer the terminal.
 */
void
person_page_write(struct buf *out, const struct context *c, struct known *k,
    const struct str *aliases, size_t n, int64_t as_of, int64_t now);

#endif
