#ifndef KITH_CORE_IO_LIBRARY_H
#define KITH_CORE_IO_LIBRARY_H
/*
 * Libraries that are loaded when they are first needed: linked, they would cost
 * every start.
 */
#include "core/err.h"

struct library_function {
	const char *name;
	void *to; /* the pointer to it that is set */
};

/*
 * Loads the file once, and what is asked of it: *handle is NULL before.  need is
 * the sentence for where it is not there.  0 or -1.
 */
int library_load(void **handle, const char *file,
    const struct library_function *functions, size_t n, const char *need,
    struct err *e);

#endif
