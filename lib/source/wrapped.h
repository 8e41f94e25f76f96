#ifndef KITH_SOURCE_WRAPPED_H
#define KITH_SOURCE_WRAPPED_H
/*
 * Files of JSON, whose items may stand in a list within an object, as APIs
 * answer and take them:
 *	{"orders":[{...},{...}],"next":...}
 * What stands beside the list goes with the items as `beside`.
 */
#include "source/cut.h"
#include "source/item.h"

/* What a value of a file is. */
struct wrapped_found {
	struct json name, list; /* where it only wraps that, its items */
	const char *as; /* an item is {as:object}, NULL: the object */
};

/* How a format reads such files. */
struct wrapped {
	/* alone: the value is all of the file. */
	void (*tell)(struct json value, bool alone, struct wrapped_found *out);
	/* Bytes beside a list that every item repeats; more goes with the
	 * first alone. */
	size_t each;
	/* Of an object whose end is missing or broken the lists that are read,
	 * by name (NULL at the end), and what an item of one is: `as`.  NULL:
	 * none is. */
	const char *const *lists;
	const char *(*as)(struct str list);
};

/*
 * Each value of a file, one behind the other, one a line, or of one list, given
 * to take with arg, which returns 0, or -1; what is broken is rejected.
 */
int wrapped_each(struct ingest *in, struct input *file,
    int (*take)(void *arg, const struct cut_item *item, struct err *e),
    void *arg, struct err *e);

/*
 * A format's read: the items of a list, of one object's list, objects one
 * behind the other or one a line.  What is no object is rejected.
 */
int wrapped_read(struct ingest *in, struct input *file,
    const struct wrapped *how, struct err *e);

#endif
