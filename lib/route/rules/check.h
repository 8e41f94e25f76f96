#ifndef KITH_ROUTE_RULES_CHECK_H
#define KITH_ROUTE_RULES_CHECK_H
/*
 * A rule file looked over.
 */
#include "record/sink.h"

/*
 * All that is wrong with it, a line each: 0 where that is nothing, 1 where
 * there are only warnings, -1 with how many errors there are, or what kept them
 * from being written.  With the folder of a state also who has work there and
 * has left the file; NULL: no state.
 */
int check(const char *path, const char *state, struct sink *out, struct err *e);

#endif
