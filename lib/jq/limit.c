#include "jq/limit.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

static void
tick_later(struct limit *l)
{
	struct itimerspec t = { .it_value = { 0, LIMIT_TICK * 1000000L } };

	l->ticking = 1;
	timer_settime(l->timer, 0, &t, NULL);
}

static void
on_tick(int sig, siginfo_t *info, void *context)
{
	struct limit *l = info->si_value.sival_ptr;
	int error = errno;

	(void)sig, (void)context;
	if (info->si_code != SI_TIMER)
		return;
	l->ticking = 0;
	if (l->running) {
		/* The first tick may come soon after the start. */
		if (++l->ticks > l->millis / LIMIT_TICK)
			l->stop(l->arg);
		tick_later(l);
	}
	errno = error;
}

static int
make(struct limit *l, struct err *e)
{
	struct sigaction sa = {
		.sa_sigaction = on_tick,
		.sa_flags = SA_RESTART | SA_SIGINFO,
	};
	struct sigevent to = {
		.sigev_notify = SIGEV_THREAD_ID,
		.sigev_signo = SIGPROF,
		.sigev_value = { .sival_ptr = l },
	};

	/* The same for all of them, whoever comes first. */
	sigemptyset(&sa.sa_mask);
	to.sigev_notify_thread_id = gettid();
	if (sigaction(SIGPROF, &sa, NULL) != 0 ||
	    timer_create(CLOCK_THREAD_CPUTIME_ID, &to, &l->timer) != 0)
		return err_set(e, "no timer: %s", strerror(errno));
	l->made = true;
	return 0;
}

int
limit_begin(struct limit *l, struct err *e)
{
	if (!l->made && make(l, e) != 0)
		return -1;
	l->ticks = 0;
	l->running = 1;
	if (!l->ticking)
		tick_later(l);
	return 0;
}

void
limit_end(struct limit *l)
{
	l->running = 0;
}

void
limit_release(struct limit *l)
{
	if (l->made)
		timer_delete(l->timer);
	l->made = false;
}
