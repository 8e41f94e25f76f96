#ifndef KITH_RECALL_LOOKUP_H
#define KITH_RECALL_LOOKUP_H
/*
 * Who is meant by what somebody typed: a key as type:value, an address, a
 * telephone number in any writing, the id of a person, conversation or
 * message, a channel's own message id, or a bare number or id of any type
 * that the state knows (an order, a customer, a cookie, a user).
 *
 * Nothing is parsed by a heavy library: the state is asked for each form that
 * the text may have, and a wrong guess finds nothing.
 */
#include "people/store/store.h"

enum { LOOKUP_TYPED = 400 }; /* bytes; longer ones are nobody */

/*
 * 1 with the person's id, 0 for nobody, -1.  region is ISO 3166, for national
 * numbers, or NULL.  What names several people is an error that lists the
 * keys.
 */
int lookup_find(struct store *s, struct str typed, const char *region,
    char person[ID_SIZE], struct err *e);
/* What to do about a text by which nobody is known, behind a sentence that
 * says so: it may be a number that only a region gives its country. */
const char *lookup_hint(struct str typed, const char *region);
/* What a text stands for by itself: a key, the id of a person, conversation or
 * message, every number that a telephone may have (recall/dialled.h). */
struct lookup_names {
	struct str *v; /* in the arena */
	size_t n;
	size_t sure; /* those behind have the codes of other countries */
};

void lookup_read(struct str typed, const char *region, struct arena *a,
    struct lookup_names *out);
/* The sentence for what names several people, by these keys; -1, and ERR_ITEM. */
int lookup_several(
    struct err *e, struct str typed, const struct str *by, size_t n, bool more);

#endif
