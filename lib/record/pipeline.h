#ifndef KITH_RECORD_PIPELINE_H
#define KITH_RECORD_PIPELINE_H
/*
 * Tools in the wrong order: a stage that was put before the one whose members
 * it needs says so, instead of passing everything through in silence.
 */
#include "core/err.h"
#include "record/record.h"

struct pipeline {
	/* The member of an earlier tool, "ids", "conversation" or "reply";
	 * borrowed. */
	const char *needs;
	/* A customer's message that should have it; a record that has it. */
	bool came, had;
};

/* An item that kith normalize has not read yet: 1 with the sentence, else 0. */
int pipeline_check(const struct record *r, struct err *e);
/* The same, and notes whether the member is there. */
int pipeline_see(struct pipeline *p, const struct record *r, struct err *e);
/* After the last record: messages came, and nothing had the member. */
static inline bool
pipeline_lacks(const struct pipeline *p)
{
	return p->came && !p->had;
}
/* One line as a record, and seen: 0, or -1 where it is none (e says why). */
int pipeline_read(
    struct pipeline *p, struct record *r, struct str line, struct err *e);
/* After the last record: where the member lacks, what to run first. */
void pipeline_warn(const struct pipeline *p);

#endif
