#ifndef KITH_RECORD_ADDRESS_H
#define KITH_RECORD_ADDRESS_H
/*
 * The addresses of a record: `from`, and the lists `to` and `cc`
 * (kith-record(5)).  Members that are not known are absent.
 */
#include "core/arena.h"

struct address {
	struct str name, email, tel, uri;
};

/* A zeroed one is empty. */
struct address_list {
	struct address *v; /* in the arena that the adding names */
	size_t n;
};

/* Adds one; its strings are borrowed. */
void address_list_add(
    struct address_list *list, struct address one, struct arena *a);

#endif
