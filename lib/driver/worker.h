#ifndef KITH_DRIVER_WORKER_H
#define KITH_DRIVER_WORKER_H
/*
 * The process that works on lines for a run: a copy of it that has given up
 * every file but two pipes.
 */
#include "driver/run.h"

/* Walls, a bound of memory, then requests from `in` until there are no more;
 * what the mode writes goes to `out`.  The process ends with it. */
_Noreturn void worker_work(struct run *r, int in, int out);

#endif
