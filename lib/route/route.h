#ifndef KITH_ROUTE_ROUTE_H
#define KITH_ROUTE_ROUTE_H
/*
 * One record after the other, in the order of their time, to the member
 * `route`: the rules over it, what stays from the conversation's last
 * decision, when it is due, and who has it.
 *
 * What no rule decides stays as it was in the conversation, and only then
 * comes from the defaults.  So a case that was urgent stays urgent when the
 * customer writes "any news?", the assignee keeps it, and the clock runs from
 * the first message that nobody answered.  A rule that names another team
 * hands the conversation over: somebody there gets it, the clock goes on.
 */
#include "core/vec.h"
#include "record/sink.h"
#include "record/waiting/gate.h"
#include "route/decide.h"
#include "route/work/work.h"

enum { ROUTE_SERVED = 1000 /* conversations that one record gives out */ };

/* A conversation that got somebody when a place became free. */
struct served_one {
	struct str conversation, team, assignee;
};
struct served VEC(struct served_one);

/* An act that the state keeps; see kept.c. */
struct kept_act {
	int64_t at; /* TIME_NONE */
	struct str id, line;
};

struct route {
	struct rules *rules; /* borrowed */
	struct work work;
	int64_t now; /* of the run, for `older`; TIME_NONE: not known */
	struct gate gate; /* sees the records that came */
	struct buf text; /* of the member in hand */
	struct buf line; /* for records that wait */
	struct served served; /* by the record in hand */
	struct kept_acts VEC(struct kept_act) kept; /* in the order of time */
	size_t kept_next; /* those before it were taken in */
	struct arena kept_texts;
	size_t left_told;
	uint64_t explained; /* records, by route_explain */
	uint64_t failed; /* programs that raised an error on a record */
	uint64_t failures_told;
	const struct rule *failed_rule; /* the last such, and what it said */
	struct err failed_why;
};

struct route_when {
	int64_t now; /* of the run */
	int64_t fresh; /* as of gate.h, where late; or 0 */
	bool late; /* somebody will ask who is late */
};

/* dir as in work_open. */
int route_open(struct route *rt, struct rules *rules, const char *dir,
    const struct route_when *when, struct err *e);
void route_close(struct route *rt);
/*
 * Puts `route` into the record, or drops it where the record asks for
 * nothing, and remembers what the record means for open work.
 */
int route_record(struct route *rt, struct record *r, struct err *e);
/* Warns, and counts in the sums, of what came up since the last call: a program
 * that failed, once; who had work and has left the rule file. */
void
route_say_troubles(struct route *rt, const char *rules_path, struct sink *out);
/* Makes durable what was decided; all: at the end of a run. */
int route_settle(struct route *rt, bool all, struct err *e);
/*
 * Writes the conversations that wait past their due time at now, *count of
 * them: each its last request, decided anew with `overdue: true` and with
 * `"overdue":true` in its route; a sum, "overdue".
 */
int route_overdue(struct route *rt, int64_t now, struct sink *out,
    size_t *count, struct err *e);
/* After that and the settling: 0, or -1 with why nobody can say who is late, as
 * gate_judge does, behind what was written; no record is needed where the state
 * has some. */
int route_judge(struct route *rt, const struct pipeline *p, struct sink *out,
    struct err *e);
/* Takes the record in as route_record does, and appends for people why it gets
 * what it gets where its id is this one. */
int route_explain(struct route *rt, struct record *r, const char *id,
    struct buf *out, struct err *e);
/* After the last record: did one have this id?  Where none has, says so. */
bool route_explained(const struct route *rt, const char *id);

#endif
