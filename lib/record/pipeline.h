#ifndef KITH_RECORD_PIPELINE_H
#define KITH_RECORD_PIPELINE_H
/*
 * Tools in the wrong order: a stage that was put before the one whose members
 * it needs says so, instead of passing everything through in silence; so is it
 * said where the workspace's `us` fits nobody (record/us.h), and where nobody
 * who wrote is verified.
 */
#include "core/err.h"
#include "record/record.h"
#include "record/us.h"

struct pipeline {
	/* The member of an earlier tool, "ids", "conversation" or "reply". */
	const char *needs;
	const struct workspace *config; /* or NULL */
	struct us us;
	/* A customer's message that should have it; a record that has it. */
	bool came, had;
	/* Of messages that came in with keys: one tells what proves its
	 * sender, or how far that was looked at; else one that only claims is
	 * a mail, or none. */
	bool proved, mail, other;
};

/* Both are borrowed until the release. */
void
pipeline_init(struct pipeline *p, const char *needs, const struct workspace *c);
/* A zeroed one may be released, too. */
void pipeline_release(struct pipeline *p);
/* An item that kith normalize has not read yet: 1 with the sentence, else 0. */
int pipeline_check(const struct record *r, struct err *e);
/* The same, and notes whether the member is there. */
int pipeline_see(struct pipeline *p, struct record *r, struct err *e);
/* After the last record: messages came, and nothing had the member. */
static inline bool
pipeline_lacks(const struct pipeline *p)
{
	return p->came && !p->had;
}
/* One line as a record, and seen: 0, or -1 where it is none (e says why). */
int pipeline_read(
    struct pipeline *p, struct record *r, struct str line, struct err *e);
/* After the last record: where the member lacks, what to run first; that `us`
 * does not fit; that nobody is verified. */
void pipeline_warn(const struct pipeline *p);

#endif
