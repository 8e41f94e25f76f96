#ifndef KITH_MAIL_ADDRESS_H
#define KITH_MAIL_ADDRESS_H
/*
 * Addresses in a header field (RFC 5322, 3.4 and 4.4), and what people and
 * programs write for them: semicolons between addresses, no commas at all,
 * brackets that do not close, dots in the wrong places.  Nothing that holds
 * an "@" is lost.  Groups are flattened.
 */
#include "record/address.h"

struct mailaddr {
	struct str name; /* unquoted; encoded words as they stand; absent */
	struct str email; /* absent where there is only a name */
};

struct mailaddr_list {
	struct str rest;
	bool no_comments; /* a parenthesis did not close: none counts */
	const char *less, *comma; /* the next of each; found once */
	const char *parted; /* words before it are no part of a later name */
};

/* value: the field's, in UTF-8, maybe folded; borrowed. */
void mailaddr_init(struct mailaddr_list *l, struct str value);
/* False at the end.  The slices live in a. */
bool
mailaddr_next(struct mailaddr_list *l, struct arena *a, struct mailaddr *out);
/*
 * All addresses of a field's value, as it stands (encoded words too), into
 * *out.  A stray quote swallows no address.
 */
void mailaddr_read(struct str value, struct arena *a, struct address_list *out);

#endif
