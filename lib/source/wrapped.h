#ifndef KITH_SOURCE_WRAPPED_H
#define KITH_SOURCE_WRAPPED_H
/*
 * Items that stand in a list within an object, as APIs answer and take them:
 *	{"orders":[{...},{...}],"next":...}
 * What stands beside the list goes with the items as `beside`.
 */
#include "source/source.h"

/*
 * Emits each object of a list that is the member `name` of root; at is where
 * root stands, empty where it is all of the file.  What stands beside goes
 * with each where it has at most `each` bytes, else with the first.
 */
int wrapped_ingest(struct ingest *in, struct str at, struct json root,
    struct json name, struct json list, size_t each, struct err *e);

#endif
