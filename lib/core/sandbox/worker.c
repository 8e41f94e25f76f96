#include "core/sandbox/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	EXIT_MEMORY = 2, /* what core/malloc.c ends a program with */
	PIPE = 1 << 20, /* what the pipes are asked to hold */
	FILES = 1 << 16, /* files that there may be, where nothing tells */
	SECOND = 1000, /* in milliseconds */
	END = SECOND, /* and naps, that the end of one is waited for */
	NAP = 100000, /* in nanoseconds */
};

void
worker_init(struct worker *w)
{
	*w = (struct worker){ .to = -1, .from = -1, .spare = -1, .fd = -1 };
}

/* Those from first on, before last. */
static void
close_from(unsigned first, unsigned last)
{
	if (first >= last || close_range(first, last - 1, 0) == 0)
		return;
	/* A kernel without that call. */
	for (unsigned fd = first; fd < last && fd < FILES; fd++)
		close((int)fd);
}

/* Sanitizers say what they find on standard error. */
static void
keep_files(const int *kept, size_t n)
{
	unsigned next = SANDBOX_SANITIZED ? STDERR_FILENO + 1 : 0;

	for (;;) {
		unsigned least = ~0u;

		for (size_t i = 0; i < n; i++)
			if (kept[i] >= 0 && (unsigned)kept[i] >= next &&
			    (unsigned)kept[i] < least)
				least = (unsigned)kept[i];
		close_from(next, least);
		if (least == ~0u)
			return;
		next = least + 1;
	}
}

void
worker_keep_files(int a, int b, int c)
{
	const int kept[] = { a, b, c };

	keep_files(kept, sizeof(kept) / sizeof(*kept));
}

/* The pipes, and those that it may have. */
static void
close_others(int in, int out, const struct worker_rights *may)
{
	int kept[3 + WORKER_FILES] = { in, out, may->fd };
	size_t n = 3;

	for (size_t i = 0; i < may->also_n && i < WORKER_FILES; i++)
		kept[n++] = may->also[i];
	keep_files(kept, n);
}

static void
bound_memory(uint64_t most)
{
	struct rlimit l;

	if (SANDBOX_SANITIZED || most == 0 || getrlimit(RLIMIT_AS, &l) != 0 ||
	    l.rlim_cur <= most)
		return;
	l.rlim_cur = most;
	if (l.rlim_max > most)
		l.rlim_max = most;
	setrlimit(RLIMIT_AS, &l);
}

/* In the worker: where its answers go. */
static int answers;

static void
look(int signal)
{
	struct pollfd p = { .fd = answers };
	int error = errno;

	(void)signal;
	if (poll(&p, 1, 0) > 0 && (p.revents & POLLERR) != 0)
		_exit(0);
	errno = error;
}

/* Each second of its own time it looks whether somebody waits for what it is
 * at.  SIGPROF is that of programs in jq. */
static void
look_up(int out)
{
	struct sigaction sa = { .sa_handler = look, .sa_flags = SA_RESTART };
	struct sigevent to = { .sigev_notify = SIGEV_SIGNAL,
		.sigev_signo = SIGVTALRM };
	struct itimerspec each = { { 1, 0 }, { 1, 0 } };
	timer_t timer;

	answers = out;
	sigemptyset(&sa.sa_mask);
	if (sigaction(SIGVTALRM, &sa, NULL) == 0 &&
	    timer_create(CLOCK_PROCESS_CPUTIME_ID, &to, &timer) == 0)
		timer_settime(timer, 0, &each, NULL);
}

static _Noreturn void
live(const struct worker_rights *may, void (*work)(void *arg, int in, int out),
    void *arg, int in, int out)
{
	unsigned missing;
	const char *why;
	struct err e;

	/* Whatever it does, it does not outlive who it works for. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_others(in, out, may);
	look_up(out);
	bound_memory(may->memory);
	if (sandbox_raise(may->walls, &missing, &why, &e) == 0 &&
	    (missing == 0 || !may->required))
		work(arg, in, out);
	_exit(0);
}

int
worker_begin(struct worker *w, const struct worker_rights *may,
    void (*work)(void *arg, int in, int out), void *arg, struct err *e)
{
	int there[2], back[2], rc = 0;

	if (pipe2(there, O_CLOEXEC) < 0)
		return err_sys(e, errno, "a pipe to a worker");
	w->to = there[1];
	w->spare = there[0];
	if (pipe2(back, O_CLOEXEC) < 0) {
		err_sys(e, errno, "a pipe to a worker");
		worker_end(w, NULL);
		return -1;
	}
	w->from = back[0];
	/* As much as there may be: smaller ones are slower, that is all. */
	(void)fcntl(w->to, F_SETPIPE_SZ, PIPE);
	(void)fcntl(w->from, F_SETPIPE_SZ, PIPE);
	w->fd = may->fd;
	w->patience = WORKER_PATIENCE;
	if (fcntl(w->to, F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(w->from, F_SETFL, O_NONBLOCK) < 0)
		rc = err_sys(e, errno, "a pipe to a worker");
	else if ((w->pid = fork()) < 0)
		rc = err_sys(e, errno, "a worker");
	else if (w->pid == 0)
		live(may, work, arg, w->spare, back[1]);
	close(back[1]);
	if (rc < 0) {
		w->pid = 0;
		worker_end(w, NULL);
	}
	return rc;
}

/* In its file: whether it came further than it was. */
static bool
came_on(struct worker *w)
{
	off_t at = w->fd < 0 ? -1 : lseek(w->fd, 0, SEEK_CUR);

	if (at <= w->came)
		return false;
	w->came = at;
	return true;
}

/* Until a pipe is ready (events of `to` or of `from`), or it died: 0, or -1. */
static int
wait_for(struct worker *w, short to, short from)
{
	struct pollfd fds[] = { { .fd = to == 0 ? -1 : w->to, .events = to },
		{ .fd = w->from, .events = from } };

	while (w->patience > 0) {
		int n = poll(fds, 2, SECOND);

		if (n > 0)
			return to != 0 && fds[0].revents == 0 ? -1 : 0;
		if (n < 0 && errno != EINTR)
			return -1;
		if (n == 0)
			w->patience =
			    came_on(w) ? WORKER_PATIENCE : w->patience - 1;
	}
	w->silent = true;
	return -1;
}

int
worker_put(struct worker *w, const void *p, size_t n)
{
	const char *at = p;

	w->patience = WORKER_PATIENCE;
	w->came = -1;
	while (n > 0) {
		ssize_t done = write(w->to, at, n);

		if (done > 0) {
			at += done;
			n -= (size_t)done;
		} else if (errno != EINTR &&
			   (errno != EAGAIN || wait_for(w, POLLOUT, 0) < 0)) {
			return -1;
		}
	}
	return 0;
}

int
worker_get(struct worker *w, void *p, size_t n)
{
	char *at = p;

	while (n > 0) {
		ssize_t got = read(w->from, at, n);

		if (got > 0) {
			at += got;
			n -= (size_t)got;
		} else if (got == 0 || (errno != EINTR &&
					   (errno != EAGAIN ||
					       wait_for(w, 0, POLLIN) < 0))) {
			return -1;
		}
	}
	return 0;
}

/* How it ended: what waitpid says; 0 where it goes on. */
static int
reap(const struct worker *w, bool waits)
{
	/* Its end of the pipe goes shortly before itself. */
	struct pollfd p = { .fd = w->from };
	int status = 0, left = END;

	if (waits && !w->silent)
		poll(&p, 1, END);
	close(w->from);
	while (waitpid(w->pid, &status, WNOHANG) == 0 && waits && left-- > 0)
		nanosleep(&(struct timespec){ 0, NAP }, NULL);
	return status;
}

void
worker_end(struct worker *w, struct buf *why)
{
	bool silent = w->silent;
	int status = 0;

	if (w->to >= 0)
		close(w->to);
	if (w->spare >= 0)
		close(w->spare);
	if (w->pid > 0)
		status = reap(w, why != NULL);
	else if (w->from >= 0)
		close(w->from);
	worker_init(w);
	if (why == NULL)
		return;
	if (silent)
		buf_printf(
		    why, "gave no answer for %d seconds", WORKER_PATIENCE);
	else if (WIFSIGNALED(status))
		buf_printf(
		    why, "died of a signal: %s", strsignal(WTERMSIG(status)));
	else
		buf_add_z(why, WEXITSTATUS(status) == EXIT_MEMORY
				   ? "ran out of memory"
				   : "ended");
}
