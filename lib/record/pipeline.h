#ifndef KITH_RECORD_PIPELINE_H
#define KITH_RECORD_PIPELINE_H
/*
 * Tools in the wrong order: a stage that was put before the one whose members
 * it needs says so, instead of passing everything through in silence.
 */
#include "core/err.h"
#include "record/record.h"

struct pipeline {
	const char *needs; /* the member of an earlier tool; borrowed */
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

#endif
