#ifndef KITH_RECORD_WAITING_GATE_H
#define KITH_RECORD_WAITING_GATE_H
/*
 * Who waits too long, as a check that other programs go by (report unanswered
 * --older, route --overdue): it must not say that all is well where there was
 * nothing to judge by.
 */
#include "record/pipeline.h"

struct gate {
	int64_t fresh; /* how old the newest record may be; 0: any age */
	int64_t now; /* set before the first record, where fresh is not 0 */
	bool came; /* a record */
	bool known; /* a state has earlier ones, which will do */
	int64_t newest; /* see gate_see */
};

/* Takes a record in.  Times of more than a day ahead are mistakes, by which
 * old records would stay fresh for ever: they do not count. */
void gate_see(struct gate *g, struct record *r);
/*
 * After the last record, which the pipeline saw, too: 0, or -1 with why nothing
 * can be judged: no record, nobody among them is us, no conversation, or none
 * of them is fresh.
 */
int gate_judge(const struct gate *g, const struct pipeline *p, struct err *e);

#endif
