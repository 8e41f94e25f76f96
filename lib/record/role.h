#ifndef KITH_RECORD_ROLE_H
#define KITH_RECORD_ROLE_H
/*
 * Whose turn a record makes it: one account of it for all tools.
 */
#include "record/asks.h"
#include "record/record.h"

/* Whose turn it is after a record. */
enum role {
	ROLE_NONE, /* whose it was */
	ROLE_REQUEST, /* ours: it asks (record/asks.h) */
	/*
	 * Theirs: a human answer of ours.  Outbound, no keyword of automatic,
	 * bounce, bulk, list, draft, deleted, junk, private, and not
	 * quarantined; for a draft, with a delivery that says sent, or more,
	 * and without the purpose marketing.  A call in which somebody
	 * spoke is one, whoever called.
	 */
	ROLE_ANSWER,
	ROLE_ACT, /* an operator decides (record/act.h) */
};
/* Does it answer by the record itself, as merge finds it: whatever merge wrote
 * into it before? */
bool record_answers_itself(struct record *r);
/* What it is where the record asks, or why it does not. */
enum role record_role_by(struct record *r, enum asks why);
static inline enum role
record_role(struct record *r)
{
	return record_role_by(r, record_asks(r));
}
static inline bool
record_is_request(struct record *r)
{
	return record_role(r) == ROLE_REQUEST;
}
static inline bool
record_is_answer(struct record *r)
{
	return record_role(r) == ROLE_ANSWER;
}

#endif
