#ifndef KITH_RECALL_ANSWER_H
#define KITH_RECALL_ANSWER_H
/*
 * What is known of one person, for who asks at a prompt.
 */
#include "recall/recall.h"

struct answer {
	struct recaller *recaller;
	struct known *known;
	int64_t as_of;
	struct str *aliases; /* other ids that stand for the person */
	size_t n;
};

/* Appends it as one JSON object, or as a page. */
void answer_json(const struct answer *a, struct buf *out);
void answer_page(const struct answer *a, struct buf *out);

#endif
