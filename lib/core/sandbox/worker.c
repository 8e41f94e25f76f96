#include "core/sandbox/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/frame.h"

enum {
	EXIT_MEMORY = 2, /* what core/malloc.c ends a program with */
	PIPE = 1 << 20, /* what the pipes are asked to hold */
	FILES = 1 << 16, /* files that there may be, where nothing tells */
};

void
worker_init(struct worker *w)
{
	*w = (struct worker){ .to = -1, .from = -1, .spare = -1 };
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

/* All files but these, in any order; -1 is none.  Sanitizers say what they
 * find on standard error. */
static void
close_others(int a, int b, int c)
{
	unsigned next = SANDBOX_SANITIZED ? STDERR_FILENO + 1 : 0;

	for (;;) {
		unsigned least = ~0u;
		int kept[] = { a, b, c };

		for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
			if (kept[i] >= 0 && (unsigned)kept[i] >= next &&
			    (unsigned)kept[i] < least)
				least = (unsigned)kept[i];
		close_from(next, least);
		if (least == ~0u)
			return;
		next = least + 1;
	}
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

static _Noreturn void
live(const struct worker_rights *may, void (*work)(void *arg, int in, int out),
    void *arg, int in, int out)
{
	unsigned missing;
	const char *why;
	struct err e;

	close_others(in, out, may->fd);
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
	if (fcntl(w->to, F_SETFL, O_NONBLOCK) < 0)
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

int
worker_put(struct worker *w, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		struct pollfd fds[] = { { .fd = w->to, .events = POLLOUT },
			{ .fd = w->from } };
		ssize_t done = write(w->to, at, n);

		if (done > 0) {
			at += done;
			n -= (size_t)done;
		} else if (errno == EAGAIN) {
			if (poll(fds, 2, -1) < 0 && errno != EINTR)
				return -1;
			if ((fds[1].revents & (POLLHUP | POLLERR)) != 0)
				return -1;
		} else if (errno != EINTR) {
			return -1;
		}
	}
	return 0;
}

int
worker_get(struct worker *w, void *p, size_t n)
{
	return frame_read(w->from, p, n);
}

void
worker_end(struct worker *w, struct buf *why)
{
	int *fds[] = { &w->to, &w->from, &w->spare };
	int status = 0;

	for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
		if (*fds[i] >= 0)
			close(*fds[i]);
	while (w->pid > 0 &&
	       waitpid(w->pid, &status, why == NULL ? WNOHANG : 0) < 0 &&
	       errno == EINTR)
		;
	worker_init(w);
	if (why == NULL)
		return;
	if (WIFSIGNALED(status))
		buf_printf(
		    why, "died of a signal: %s", strsignal(WTERMSIG(status)));
	else
		buf_add_z(why, WEXITSTATUS(status) == EXIT_MEMORY
				   ? "ran out of memory"
				   : "ended");
}
