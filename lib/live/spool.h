#ifndef KITH_LIVE_SPOOL_H
#define KITH_LIVE_SPOOL_H
/*
 * The spool of hooks as who takes from it sees it.  The file of a body is its
 * own journal: it stays until what was written of it is known to have left
 * durably, and its name says how far that is.
 *
 *	NAME.hook	waits
 *	NAME.hook.given	went to a pipe, and nobody knows what became of it
 *	NAME.aside.given	that, and not all of it was an item
 *	NAME.aside	not all of it was an item; what was has left
 *	.NAME.new	is being written, or its writing was killed
 *
 * What a run gave to a pipe waits again when the next one begins, unless
 * live_spool_done was called between.  One process takes from it at a time
 * (ingest.lock).
 */
#include <time.h>

#include "core/err.h"
#include "core/vec.h"
#include "hook/spool.h"

enum {
	LIVE_WINDOW = 4096, /* names that are held at once */
	LIVE_LEFT = 3600, /* seconds after which nobody writes a file any more
			   */
};

struct live_spool_name {
	char s[SPOOL_NAME + sizeof(SPOOL_SUFFIX)];
};

struct live_spool {
	char *path;
	int lock, folder; /* -1: none */
	struct VEC(struct live_spool_name) names; /* the oldest that wait */
	size_t at; /* of those, the next */
	struct timespec changed; /* the folder, when nothing waited; 0: unknown
				  */
};

/* 0, or -1, with ERR_AGAIN where another run has it; live_spool_close also
 * after that. */
int live_spool_open(struct live_spool *s, const char *path, struct err *e);
void live_spool_close(struct live_spool *s);
/*
 * The oldest that wait, of names that follow each other: how many, at most n, 0
 * where none do, -1.  *names lives until the next call.  Each is to be settled.
 * Memory is bounded, whatever the spool has.
 */
ptrdiff_t live_spool_next(struct live_spool *s, size_t n,
    const struct live_spool_name **names, struct err *e);
/*
 * What these gave has left: durably, or to a pipe.  aside: of each, whether not
 * all of it was an item.  0 or -1.
 */
int live_spool_settle(struct live_spool *s, const struct live_spool_name *names,
    const bool *aside, size_t n, bool durably, struct err *e);
/* Of the names that are there now, whoever takes from it: how many wait, those
 * that went to a pipe too, since when the oldest does (TIME_NONE), and how many
 * stay because not all was an item.  0 or -1. */
struct live_spool_count {
	uint64_t waiting, aside;
	int64_t oldest;
};

int
live_spool_count(const char *path, struct live_spool_count *out, struct err *e);
/* The last pipe has done its work: what it was given goes.  0 or -1, as
 * live_spool_open. */
int live_spool_done(const char *path, struct err *e);

#endif
