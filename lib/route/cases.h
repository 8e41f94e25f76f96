#ifndef KITH_ROUTE_CASES_H
#define KITH_ROUTE_CASES_H
/*
 * Tests of a rule file: JSON lines, each with a record (or several of a
 * conversation, in order) and the decision that is expected of the last.
 *
 *	{"name":"a cancellation is urgent",
 *	 "record":{"type":"message","direction":"inbound",...},
 *	 "expect":{"queue":"retention","rules":["cancellation"],"due":null}}
 *
 * Members of route that `expect` does not name may be anything; null means
 * that the member must be missing, and `"expect":null` that there must be no
 * route.  `rules` are names.  `now` beside them is what time it is, for rules
 * that ask for a record's age; without it the record is new.  Every case
 * begins without open work.
 */
#include "route/route.h"

struct cases {
	struct rules *rules; /* borrowed */
	struct json_doc *line, *got;
	struct record *record;
	struct arena arena;
	struct buf text, written; /* the record in hand, and with its route */
	size_t count, failed;
};

void cases_open(struct cases *c, struct rules *rules);
void cases_close(struct cases *c);
/* Runs one line and writes its result, in TAP; what is no case is an error at
 * the place of the line. */
enum stage_result
cases_line(struct cases *c, struct sink *out, struct str line, struct err *e);
/* Behind the last: the plan.  0 or -1. */
int cases_end(struct cases *c, struct sink *out, struct err *e);

#endif
