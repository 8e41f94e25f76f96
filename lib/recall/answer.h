#ifndef KITH_RECALL_ANSWER_H
#define KITH_RECALL_ANSWER_H
/*
 * What is known of one person, for who asks at a prompt.
 */
#include "recall/recall.h"
#include "record/sink.h"

struct answer {
	struct recaller *recaller;
	struct profile *known;
	int64_t as_of;
	struct str who; /* as it was asked for, for JSON; absent */
};

/* Writes it as one JSON object, or as a page, with the other ids that stand
 * for the person.  0, or -1 as the sink or the state has it. */
int answer_json(const struct answer *a, struct sink *out, struct err *e);
int answer_page(const struct answer *a, struct sink *out, struct err *e);

#endif
