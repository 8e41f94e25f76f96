#include "net/wait.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

#include "core/time.h"

int
net_wait_look(struct net_wait *w, struct err *e)
{
	int64_t now;
	int rc;

	if (w == NULL)
		return 0;
	now = time_steady_ms();
	if (w->last != 0 && now - w->last < w->pause)
		return 0;
	rc = w->look(w->arg, e);
	w->last = time_steady_ms();
	return rc;
}

void
net_wait_leave(const struct net_wait *w)
{
	if (w != NULL && w->leave != NULL)
		w->leave(w->arg);
}

void
net_wait_enter(const struct net_wait *w)
{
	int number = errno;

	if (w != NULL && w->enter != NULL)
		w->enter(w->arg);
	errno = number;
}

int
net_wait_slice(const struct net_wait *w, int64_t ms)
{
	int64_t next;

	if (ms < 0)
		ms = 0;
	if (ms > INT_MAX)
		ms = INT_MAX;
	if (w == NULL)
		return (int)ms;
	next = w->last + w->pause - time_steady_ms();
	if (next < 0)
		next = 0;
	/* A clock of milliseconds: not the one before. */
	return (int)(ms < next + 1 ? ms : next + 1);
}

int
net_wait_for(struct net_wait *w, int fd, short events, int ms, struct err *e)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t until = time_steady_ms() + ms, rest = ms;
	int rc;

	do {
		int slice = net_wait_slice(w, rest);

		net_wait_leave(w);
		rc = poll(&p, 1, slice);
		net_wait_enter(w);
		if (rc > 0)
			return 1;
		if (rc < 0 && errno != EINTR)
			return err_sys(e, errno, "waiting for the server");
		/* Who has no looks is asked whether to go on. */
		if (rc < 0 && w == NULL)
			return 0;
		if (net_wait_look(w, e) < 0)
			return -1;
		rest = until - time_steady_ms();
	} while (rest > 0);
	return 0;
}

int
net_wait_pause(struct net_wait *w, int64_t ms, struct err *e)
{
	int64_t until = time_steady_ms() + ms, rest = ms;

	while (rest > 0) {
		int slice = net_wait_slice(w, rest);
		struct timespec t = { slice / 1000, slice % 1000 * 1000000L };
		int rc;

		net_wait_leave(w);
		rc = nanosleep(&t, NULL);
		net_wait_enter(w);
		if (net_wait_look(w, e) < 0)
			return -1;
		if (rc < 0 && w == NULL)
			return 0;
		rest = until - time_steady_ms();
	}
	return 0;
}
