#ifndef KITH_RECALL_PERSONPAGE_H
#define KITH_RECALL_PERSONPAGE_H
/*
 * One person on a page, for who asks at a prompt: names, identifiers, what
 * waits, what was said last.
 */
#include "core/buf.h"

struct person_page {
	struct str json; /* the members of `context`, as an object */
	struct str person;
	const struct str *aliases; /* other ids that stand for the person */
	size_t n;
	int64_t now; /* what "for 3h" counts to */
};

/* Appends the page.  Text of strangers cannot steer the terminal. */
void person_page_write(struct buf *out, const struct person_page *p);

#endif
