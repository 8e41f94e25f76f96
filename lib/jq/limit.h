#ifndef KITH_JQ_LIMIT_H
#define KITH_JQ_LIMIT_H
/*
 * The processor time that one thing may take which cannot look at a clock
 * itself: a signal calls stop when it is over.  Each has its own timer, of the
 * thread that uses it; none knows of another.
 *
 * The timer ticks while runs go on and for one tick after, so that runs that
 * are short, as nearly all are, make no system call.  The signal is SIGPROF.
 */
#include <signal.h>
#include <stdbool.h>
#include <time.h>

#include "core/err.h"

enum { LIMIT_TICK = 250 }; /* ms: a run gets so much more at most */

struct limit {
	/* Called within a signal, at most while a run goes on. */
	void (*stop)(void *arg);
	void *arg; /* borrowed */
	int millis; /* processor time a run */
	/* private */
	timer_t timer;
	bool made;
	volatile sig_atomic_t running, ticking, ticks;
};

/* A run begins; it ends by limit_end.  l is zeroed at first, but for what is
 * set.  -1 where there is no timer to be had. */
int limit_begin(struct limit *l, struct err *e);
void limit_end(struct limit *l);
/* By the thread that ran it. */
void limit_release(struct limit *l);

#endif
