#ifndef KITH_CORE_SANDBOX_PROGRAM_H
#define KITH_CORE_SANDBOX_PROGRAM_H
/*
 * A program that is not ours, run over one file that strangers wrote, into a
 * folder of its own: behind walls it reads that file and its libraries, writes
 * into that folder, and starts nothing and talks to nobody.
 *
 * A process of ours guards it and the folder, and outlives us for a moment: it
 * removes the folder when we close it, or end of whatever.  What the program
 * does in vain (PROGRAM_PATIENCE seconds in which nothing came of it) and what
 * writes more than it may ends.
 *
 *	struct program p;
 *	if (program_open(&p, folder, &e) == 0 &&
 *	    program_run(&p, &job, &end, &e) == 0)
 *		... what lies below p.folder ...
 *	program_close(&p);
 */
#include <sys/types.h>

#include "core/buf.h"
#include "core/sandbox/sandbox.h"

enum {
	PROGRAM_PATIENCE = 60, /* seconds */
	PROGRAM_SAID = 256 << 10, /* bytes of what it says that are kept */
};

struct program {
	pid_t guard; /* 0: none */
	int to, from;
	char folder[4096]; /* private; empty until it is there */
};

struct program_job {
	const char *path; /* of the program */
	const char *const *arguments; /* NULL at the end */
	const char *file; /* that it reads; absolute */
	uint64_t most; /* bytes that it may write */
};

/* How it ended. */
struct program_end {
	int status; /* as waitpid says */
	bool silent; /* it did nothing for PROGRAM_PATIENCE seconds */
	bool large; /* it wrote too much */
	struct buf said; /* the beginning of its output; caller releases */
};

/* From now on what is run has walls, whose absence ends it where they are
 * required. */
void program_behind_walls(bool required);
/* Where a program of this name is that may be run, by PATH; NULL without one.
 * The caller frees it. */
char *program_find(const char *name);
/* Makes the folder within one that is there. */
int program_open(struct program *p, const char *within, struct err *e);
/* Runs it in the folder: 0 where it ended, of whatever, or -1. */
int program_run(struct program *p, const struct program_job *job,
    struct program_end *end, struct err *e);
/* Waits until the folder is gone.  One that was not opened may be closed. */
void program_close(struct program *p);

#endif
