#ifndef KITH_CORE_SANDBOX_WORKER_H
#define KITH_CORE_SANDBOX_WORKER_H
/*
 * A process that works on what strangers wrote, in our place: a copy of this
 * one that has given up all files but two pipes and what it is to read, with
 * walls of its own and a bound of memory.  Where it dies, it is gone, and
 * nothing else.
 */
#include <sys/types.h>

#include "core/buf.h"
#include "core/sandbox/sandbox.h"

struct worker {
	pid_t pid; /* 0: none */
	int to, from; /* our ends of the pipes */
	int spare; /* its end of `to`: one that died gives no signal */
};

/* What it may have. */
struct worker_rights {
	int fd; /* a file that is open, or -1 */
	uint64_t memory; /* bytes of address space, 0: any number */
	/* The walls, and whether it ends where one is missing. */
	struct sandbox *walls;
	bool required;
};

/* A worker that is none: what worker_end leaves. */
void worker_init(struct worker *w);
/*
 * Makes the process, which calls work(arg, in, out) and ends when that
 * returns.  w is initialised or ended.  0 or -1.
 */
int worker_begin(struct worker *w, const struct worker_rights *may,
    void (*work)(void *arg, int in, int out), void *arg, struct err *e);
/* To it, and from it, all of it: 0, or -1 where it died. */
int worker_put(struct worker *w, const void *p, size_t n);
int worker_get(struct worker *w, void *p, size_t n);
/*
 * Closes the pipes, by which it ends.  With why it has died already: that is
 * waited for, and what it died of is appended, as what follows "the process
 * that read it".  Without, nobody waits where it goes on.
 */
void worker_end(struct worker *w, struct buf *why);

#endif
