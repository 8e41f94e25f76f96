#ifndef KITH_ROUTE_DECIDE_H
#define KITH_ROUTE_DECIDE_H
/*
 * The rules over one record.  They are tried in the order of the file; each
 * that holds decides what no rule above it has decided, and `stop` ends the
 * walk.  A quarantined record is seen only by rules that say `quarantine:
 * true`, for what a forger wrote must not trigger any other.
 */
#include "record/fields.h"
#include "route/rules/rules.h"

/* What is known of a record's conversation before it, and now. */
struct facts {
	struct record *record; /* borrowed */
	bool answered; /* by us, before this record */
	bool overdue;
	int64_t waited; /* how long the conversation waits already; -1: not */
	int64_t at; /* the record's time, or TIME_NONE */
	int64_t age; /* how old it is by the run's clock; -1: not known */
	bool quarantined;
	struct str labels; /* the conversation's so far, a line each */
};

enum { DECISION_RULES = 64 }; /* that one decision names */

struct decision {
	struct outcome is;
	struct outcome by_rule; /* the part of it that rules decided */
	/* A program failed: which rule's, and what it said.  The rule did not
	 * hold.  NULL where none did. */
	const struct rule *failed;
	struct err why;
	size_t n;
	const struct rule *rules[DECISION_RULES]; /* that decided something */
	/* The conversation's labels and those that were added, each once; a
	 * bit for each that a rule gave now. */
	struct str labels[RULES_LABELS];
	size_t n_labels;
	uint64_t labels_by_rule;
};

/* Fills d from the rules alone; -1 where the record cannot be looked at. */
int decide(
    struct rules *r, const struct facts *f, struct decision *d, struct err *e);
/* What is still open in d is taken from o; labels are added. */
void decide_rest(struct decision *d, const struct outcome *o);

/*
 * Appends for people: every rule, whether it held, and each of its conditions
 * with what it was compared with.
 */
int decide_explain(
    struct rules *r, const struct facts *f, struct buf *out, struct err *e);

#endif
