#ifndef KITH_CORE_SANDBOX_WORKER_H
#define KITH_CORE_SANDBOX_WORKER_H
/*
 * A process that works on what strangers wrote, in our place: a copy of this
 * one that has given up all files but two pipes and what it is to read, with
 * walls of its own and a bound of memory.  Where it dies, it is gone, and
 * nothing else.
 *
 * Who waits for it waits WORKER_PATIENCE seconds in which nothing comes of it,
 * each time after giving it something.  A second in which it came on in a file
 * that it reads by itself is none of them; nor is the time that either of both
 * was stopped.  Nobody may send it a signal, from behind the walls: what it
 * works on in vain it leaves by itself, when the pipes are closed.
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/buf.h"
#include "core/sandbox/sandbox.h"

enum {
	WORKER_PATIENCE = 60, /* seconds */
	WORKER_FILES = 4, /* that it has beside the pipes and its file */
};

struct worker {
	pid_t pid; /* 0: none */
	int to, from; /* our ends of the pipes */
	int spare; /* its end of `to`: one that died gives no signal */
	int fd; /* what it reads by itself, or -1 */
	int64_t came; /* how far it came there, since it was given something */
	int patience; /* seconds that are left */
	bool silent; /* none are */
};

/* What it may have. */
struct worker_rights {
	int fd; /* a file that is open, as long as the worker is, or -1 */
	const int *also; /* others, at most WORKER_FILES */
	size_t also_n;
	uint64_t memory; /* bytes of address space, 0: any number */
	/* The walls, and whether it ends where one is missing. */
	struct sandbox *walls;
	bool required;
};

/* Closes all files but these, in any order; -1 is none. */
void worker_keep_files(int a, int b, int c);
/* A worker that is none: what worker_end leaves. */
void worker_init(struct worker *w);
/*
 * Makes the process, which calls work(arg, in, out) and ends when that
 * returns.  w is initialised or ended.  0 or -1.
 */
int worker_begin(struct worker *w, const struct worker_rights *may,
    void (*work)(void *arg, int in, int out), void *arg, struct err *e);
/* To it, and from it, all of it: 0, or -1 where it died or is silent. */
int worker_put(struct worker *w, const void *p, size_t n);
int worker_get(struct worker *w, void *p, size_t n);
/*
 * Closes the pipes, by which it ends.  With why it ends at once: that is waited
 * for (for a moment: one that was taken over may stay as long as we do), and
 * what it died of is appended, as what follows "the process that read it".
 * Without, nobody waits where it goes on.
 */
void worker_end(struct worker *w, struct buf *why);

#endif
