#ifndef KITH_SOURCE_PEEK_H
#define KITH_SOURCE_PEEK_H
/*
 * What the first object of a JSON file looks like, from the file's first
 * bytes, which may end anywhere: for telling formats apart.
 */
#include "core/str.h"

/* Without the mark of UTF-8 (RFC 3629, 6) and blanks at its beginning and end. */
struct str peek_unmarked(struct str head);
/* Does it begin as an object or a list does? */
bool json_peek_is(struct str head);

struct peeked {
	/* "" for a member of the first object (also of a list's first), else
	 * the member that this object stands in, alone or first of a list. */
	struct str within;
	struct str name; /* as it is written, without the quotes */
	char first; /* the value's first byte, 0 where it is cut off */
	struct str text; /* a string's content as it is written */
};

/* Calls see for each member, in their order. */
void json_peek(
    struct str head, void (*see)(void *arg, const struct peeked *p), void *arg);

/* Where in the first object the list is that is its member of one of these
 * names (NULL-terminated); SIZE_MAX where there is none. */
size_t
json_peek_list(struct str head, const char *const *names, struct str *name);

/*
 * The name of the first element of a file of XML, as it is written; absent where
 * something else than declarations and comments stands before it.
 */
struct str xml_peek(struct str head);

#endif
