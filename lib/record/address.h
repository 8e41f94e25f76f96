#ifndef KITH_RECORD_ADDRESS_H
#define KITH_RECORD_ADDRESS_H
/*
 * The addresses of a record: `from`, and the lists `to` and `cc`
 * (kith-record(5)).  Members that are not known are absent.
 */
#include "core/vec.h"

struct address {
	struct str name, email, tel, uri;
};

/* By vec_add_in in the arena of who fills it; strings are borrowed. */
struct address_list VEC(struct address);

#endif
