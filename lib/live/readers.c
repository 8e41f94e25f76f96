/*
 * Threads that read sources, so that a server which does not answer keeps nobody
 * else waiting.  All that is shared stands in one room, in which one of them works
 * at a time, and who only waits is outside (net/wait.h): what the sources write
 * comes one after the other, as if there were no threads.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "live/parts.h"

static void
leave(void *arg)
{
	(void)pthread_mutex_unlock(&((struct live_one *)arg)->live->room);
}

static void
enter(void *arg)
{
	(void)pthread_mutex_lock(&((struct live_one *)arg)->live->room);
}

int
readers_open(struct live *l,
    int (*read)(struct live *l, struct live_one *o, bool all, struct err *e),
    struct err *e)
{
	l->read = read;
	if (pipe2(l->wake, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_sys(e, errno, "a pipe between threads");
	(void)pthread_mutex_init(&l->room, NULL);
	for (size_t i = 0; i < l->ones.n; i++) {
		struct live_one *o = l->ones.v[i];

		o->wait.leave = leave;
		o->wait.enter = enter;
	}
	(void)pthread_mutex_lock(&l->room);
	return 0;
}

static void *
read_one(void *arg)
{
	struct live_one *o = arg;
	struct live *l = o->live;
	struct err e;

	enter(o);
	if (!l->ending && l->read(l, o, o->all, &e) < 0 && !l->failed) {
		l->failed = true;
		l->why = e;
	}
	o->busy = false;
	/* A pipe that is full wakes, too. */
	(void)!write(l->wake[1], "", 1);
	leave(o);
	return NULL;
}

/* The signals that are caught are for who waits for them. */
static int
start(struct live_one *o)
{
	sigset_t caught, before;
	int rc;

	sigemptyset(&caught);
	sigaddset(&caught, SIGTERM);
	sigaddset(&caught, SIGINT);
	(void)pthread_sigmask(SIG_BLOCK, &caught, &before);
	rc = pthread_create(&o->thread, NULL, read_one, o);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

/* The last thing that it did in the room was to say that it is done. */
static void
join(struct live_one *o)
{
	if (o->threaded)
		(void)pthread_join(o->thread, NULL);
	o->threaded = false;
}

int
readers_begin(struct live *l, struct live_one *o, bool all, struct err *e)
{
	join(o);
	o->busy = true;
	o->all = all;
	if (start(o) == 0) {
		o->threaded = true;
		return 0;
	}
	/* Without a thread the others wait. */
	o->busy = false;
	return l->read(l, o, all, e);
}

void
readers_wait(struct live *l, struct pollfd *fds, nfds_t n, int ms)
{
	char bytes[64];

	fds[n] = (struct pollfd){ .fd = l->wake[0], .events = POLLIN };
	(void)pthread_mutex_unlock(&l->room);
	(void)poll(fds, n + 1, ms);
	(void)pthread_mutex_lock(&l->room);
	while (read(l->wake[0], bytes, sizeof(bytes)) > 0)
		continue;
}

void
readers_close(struct live *l)
{
	l->ending = true;
	(void)pthread_mutex_unlock(&l->room);
	for (size_t i = 0; i < l->ones.n; i++)
		join(l->ones.v[i]);
	(void)close(l->wake[0]);
	(void)close(l->wake[1]);
	(void)pthread_mutex_destroy(&l->room);
}
