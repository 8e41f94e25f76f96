#ifndef KITH_ROUTE_ACTLINE_H
#define KITH_ROUTE_ACTLINE_H
/*
 * `kith route --act`: an operator's decision as a line (record/act.h), from
 * what stands on the command line.
 */
#include "record/sink.h"

struct actline {
	const char *act; /* "done", ... */
	const char *by, *assignee, *team, *note; /* NULL where not given */
	int64_t until; /* 0 where not given */
	int64_t now; /* when it is decided */
};

/* what, NULL-terminated: ids or keys that it is about.  The line is written, and
 * with a state (a folder, or NULL) stays there: 0, or -1 with what is wrong. */
int actline_give(const struct actline *o, char *const *what, const char *state,
    struct sink *out, struct err *e);

#endif
