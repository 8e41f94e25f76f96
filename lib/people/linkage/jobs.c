/*
 * Tasks on threads: each thread takes the next number that is free, so what a
 * task writes must be told by its number alone.
 */
#include <pthread.h>
#include <unistd.h>

#include "people/linkage/inside.h"

enum { THREADS_MAX = 64 };

struct jobs {
	atomic_size_t next;
	size_t n;
	void (*task)(void *arg, size_t i, unsigned thread);
	void *arg;
};

struct worker {
	struct jobs *jobs;
	unsigned number;
	pthread_t id;
};

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct jobs *j = w->jobs;
	size_t i;

	while ((i = atomic_fetch_add(&j->next, 1)) < j->n)
		j->task(j->arg, i, w->number);
	return NULL;
}

void
jobs_run(unsigned threads, size_t n,
    void (*task)(void *arg, size_t i, unsigned thread), void *arg)
{
	struct jobs j = { .n = n, .task = task, .arg = arg };
	struct worker w[THREADS_MAX];
	unsigned started = 1;

	w[0] = (struct worker){ .jobs = &j };
	while (started < threads && started < n) {
		w[started] = (struct worker){ .jobs = &j, .number = started };
		/* Fewer threads give the same. */
		if (pthread_create(&w[started].id, NULL, work, &w[started]) !=
		    0)
			break;
		started++;
	}
	(void)work(&w[0]);
	for (unsigned i = 1; i < started; i++)
		(void)pthread_join(w[i].id, NULL);
}

unsigned
jobs_threads(unsigned wanted)
{
	long n = wanted > 0 ? (long)wanted : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > THREADS_MAX ? THREADS_MAX : (unsigned)n;
}
