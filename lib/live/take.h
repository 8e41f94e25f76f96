#ifndef KITH_LIVE_TAKE_H
#define KITH_LIVE_TAKE_H
/*
 * From the spool of hooks to items: each body by its source's description.
 */
#include "source/source.h"

struct live_take;

/* Is this folder a spool: has it a hook.conf? */
bool live_is_spool(const char *path);
/*
 * What is needed of the descriptions of the workspace's services.  c is
 * borrowed.  NULL where one is wrong.
 */
struct live_take *live_take_new(struct source_context *c, struct err *e);
/* NULL is allowed. */
void live_take_free(struct live_take *t);
enum {
	LIVE_BATCH = 256,
	LIVE_PAUSE = 200, /* milliseconds between looks into a spool */
};

/* How a spool is taken. */
struct live_take_run {
	struct sink *sink;
	size_t max_item;
	void *arg;
	/* What was written leaves: 1 where it is on disk then, 0 where nobody
	 * knows (a pipe), -1. */
	int (*leave)(void *arg, struct err *e);
	/* A body was a hint that there is news at a place, or, absent, who
	 * knows where; NULL: nobody asks. */
	void (*hint)(void *arg, struct str source, struct str place);
	void *hint_arg;
};
/*
 * All of it, the oldest first, by LIVE_BATCH bodies.  What becomes of their
 * files says live/spool.h; a body of which nothing came, or not all, was
 * rejected, too.  Nobody else takes from it meanwhile: else -1 with ERR_AGAIN.
 * 0 or -1.
 */
int live_take_all(struct live_take *t, const char *spool,
    const struct live_take_run *how, struct err *e);
/*
 * The same, a batch at a time, for who goes on with what comes.  live_take_some
 * returns how many bodies there were.
 */
int live_take_open(struct live_take *t, const char *spool, struct err *e);
ptrdiff_t live_take_some(
    struct live_take *t, const struct live_take_run *how, struct err *e);

#endif
