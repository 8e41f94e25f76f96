#ifndef KITH_SOURCE_WRAPPED_H
#define KITH_SOURCE_WRAPPED_H
/*
 * Items that stand in a list within an object, as APIs answer and take them:
 *	{"orders":[{...},{...}],"next":...}
 * What stands beside the list goes with the items as `beside`.
 */
#include "source/cut.h"
#include "source/source.h"

/*
 * Emits each object of a list that is the member `name` of root; at is where
 * root stands, empty where it is all of the file.  What stands beside goes
 * with each where it has at most `each` bytes, else with the first.  as NULL:
 * the object is the native item, else {as:object} is.
 */
int wrapped_ingest(struct ingest *in, struct str at, struct json root,
    struct json name, struct json list, const char *as, size_t each,
    struct err *e);

/*
 * What can be read of such an object whose end is missing or broken: each
 * object of the list of one of these names, and a reject for the rest.
 */
int wrapped_salvage(struct ingest *in, const struct cut_item *bad,
    const char *why, const char *const *names,
    int (*emit)(struct ingest *in, struct str at, struct str list,
	struct json v, struct err *e),
    struct err *e);

#endif
