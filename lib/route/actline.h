#ifndef KITH_ROUTE_ACTLINE_H
#define KITH_ROUTE_ACTLINE_H
/*
 * `kith route --act`: an operator's decision as a line (record/act.h), from
 * what stands on the command line.
 */
#include "core/buf.h"
#include "core/err.h"

struct actline {
	const char *act; /* "done", ... */
	const char *by, *assignee, *team, *note; /* NULL where not given */
	int64_t until, now; /* TIME_NONE; when it is decided */
};

/* what, NULL-terminated: ids or keys that it is about.  Appends the line with
 * its newline: 0, or -1 with what is wrong. */
int actline_write(
    const struct actline *o, char *const *what, struct buf *out, struct err *e);

#endif
