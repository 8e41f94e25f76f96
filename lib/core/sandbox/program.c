#include "core/sandbox/program.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/io/frame.h"
#include "core/sandbox/worker.h"
#include "core/time.h"

enum {
	TICK = 1000, /* milliseconds between two looks */
	NAP = 20,
	DEPTH = 100, /* of folders that are looked into */
	NOT_STARTED = 127,
	NO_WALLS = 126,
	ENDS = 5000, /* milliseconds that the end of one is waited for */
};
#define MEMORY (UINT64_C(4) << 30)

/* Process-wide, as the walls are. */
static struct {
	bool wanted, required;
} walls;

/* What the guard says of one that ended; its output follows. */
struct report {
	int status;
	bool silent, large;
	uint64_t said;
};

void
program_behind_walls(bool required)
{
	walls.wanted = true;
	walls.required = required;
}

char *
program_find(const char *name)
{
	const char *path = getenv("PATH");
	struct str rest = str_of(path);
	struct buf b;
	char *found = NULL;

	buf_init(&b, 8192);
	while (rest.p != NULL && found == NULL) {
		struct str dir = str_split(&rest, ':');

		/* Where we happen to be is nobody's choice. */
		if (dir.n == 0 || dir.p[0] != '/')
			continue;
		buf_reset(&b);
		buf_printf(&b, "%.*s/%s", STR_ARG(dir), name);
		if (!b.over && access(buf_cstr(&b), X_OK) == 0)
			found = xstrdup(buf_cstr(&b));
	}
	buf_release(&b);
	return found;
}

/* What a folder holds: entries, and bytes.  With `gone` all of it goes. */
struct census {
	uint64_t entries, bytes;
};

static void
look_into(int dir, const char *name, bool gone, int depth, struct census *c);

static void
look_at(int dir, const char *name, bool gone, int depth, struct census *c)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	c->entries++;
	if (S_ISDIR(st.st_mode)) {
		if (depth < DEPTH)
			look_into(dir, name, gone, depth + 1, c);
		if (gone)
			(void)unlinkat(dir, name, AT_REMOVEDIR);
		return;
	}
	c->bytes += (uint64_t)st.st_size;
	if (gone)
		(void)unlinkat(dir, name, 0);
}

static void
look_into(int dir, const char *name, bool gone, int depth, struct census *c)
{
	int fd =
	    openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *x;

	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	while ((x = readdir(d)) != NULL)
		if (strcmp(x->d_name, ".") != 0 && strcmp(x->d_name, "..") != 0)
			look_at(dirfd(d), x->d_name, gone, depth, c);
	closedir(d);
}

static void
bound(int what, uint64_t most)
{
	struct rlimit l = { most, most };

	(void)setrlimit(what, &l);
}

/* The program's own process. */
static _Noreturn void
become(const struct program_job *job, const char *folder, int said)
{
	struct sandbox s = { .programs = true };
	char *environment[] = { (char[]){ "LC_ALL=C" }, (char[]){ "TZ=UTC" },
		NULL };
	unsigned missing = 0;
	const char *why;
	struct err e;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (chdir(folder) < 0 || dup2(said, STDIN_FILENO) < 0 ||
	    dup2(said, STDOUT_FILENO) < 0 || dup2(said, STDERR_FILENO) < 0)
		_exit(NOT_STARTED);
	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	bound(RLIMIT_CORE, 0);
	if (!SANDBOX_SANITIZED)
		bound(RLIMIT_AS, MEMORY);
	if (walls.wanted) {
		sandbox_allow(&s, job->file, SANDBOX_READ);
		sandbox_allow(&s, folder, SANDBOX_WRITE);
		sandbox_allow_libraries(&s);
		sandbox_allow_program(&s, job->path);
		if (sandbox_raise(&s, &missing, &why, &e) < 0 ||
		    (missing != 0 && walls.required))
			_exit(NO_WALLS);
	}
	execve(
	    job->path, (char *const *)(uintptr_t)job->arguments, environment);
	_exit(NOT_STARTED);
}

static void
child_ended(int signal)
{
	(void)signal;
}

/*
 * Between the guard and the program, which goes when this does: nobody may send
 * a signal, from behind the walls, but a process that ends takes along whom it
 * made.  It ends when the leash is let go.
 */
static _Noreturn void
hold(const struct program_job *job, const char *folder, int said, int leash,
    int ended)
{
	struct sigaction sa = { .sa_handler = child_ended };
	struct pollfd p = { .fd = leash };
	int status = 0;
	pid_t child;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGCHLD, &sa, NULL);
	child = fork();
	if (child == 0)
		become(job, folder, said);
	close(said);
	if (child < 0)
		_exit(0);
	while (waitpid(child, &status, WNOHANG) == 0)
		if (poll(&p, 1, NAP) > 0)
			_exit(0);
	(void)frame_write(ended, &status, sizeof(status));
	_exit(0);
}

/* One that is run, as the guard sees it. */
struct watch {
	const char *folder;
	uint64_t most;
	struct census seen;
	int64_t next; /* when to look again */
	int patience; /* seconds that are left */
	struct report report;
	struct buf said;
};

/* Did anything come of it?  What takes long to look at is looked at seldom, but
 * before patience ends. */
static void
look(struct watch *w)
{
	struct census c = { 0 };
	int64_t from = time_steady_ms(), took;

	if (from < w->next)
		return;
	look_into(AT_FDCWD, w->folder, false, 0, &c);
	if (c.entries != w->seen.entries || c.bytes != w->seen.bytes)
		w->patience = PROGRAM_PATIENCE;
	w->seen = c;
	took = time_steady_ms() - from;
	w->next =
	    time_steady_ms() + (took > TICK ? 20 * TICK : 20 * took) + TICK / 2;
	w->report.large = c.bytes > w->most;
}

static bool
listen(struct watch *w, int said)
{
	char block[4096];
	ssize_t n = read(said, block, sizeof(block));

	if (n <= 0)
		return n < 0 && errno == EINTR;
	w->patience = PROGRAM_PATIENCE;
	if (w->said.n < PROGRAM_SAID)
		buf_add(&w->said, block, (size_t)n);
	return true;
}

/* Until it ended, or must: whether its status is known. */
static void
watch(struct watch *w, int in, int said, int ended)
{
	struct pollfd p[] = { { .fd = said, .events = POLLIN },
		{ .fd = ended, .events = POLLIN }, { .fd = in } };

	w->patience = PROGRAM_PATIENCE;
	w->next = time_steady_ms() + TICK / 2;
	while (!w->report.silent && !w->report.large) {
		int n = poll(p, 3, TICK);

		if (n > 0 && p[2].revents != 0)
			return;
		if (n > 0 && p[0].revents != 0) {
			p[0].fd = listen(w, said) ? said : -1;
		} else if (n > 0 && p[1].revents != 0) {
			(void)frame_read(ended, &w->report.status, sizeof(int));
			return;
		}
		look(w);
		if (n == 0)
			w->report.silent = --w->patience <= 0;
	}
}

/* After it is let go, until it has gone: it may not write where we remove. */
static void
await_end(int said)
{
	struct pollfd p = { .fd = said, .events = POLLIN };
	int64_t until = time_steady_ms() + ENDS;
	char block[4096];

	while (time_steady_ms() < until)
		if (poll(&p, 1, TICK) > 0 &&
		    read(said, block, sizeof(block)) <= 0)
			return;
}

static void
supervise(const struct program_job *job, const char *folder, int in, int out)
{
	struct watch w = { .folder = folder, .most = job->most };
	int said[2], leash[2], ended[2];
	pid_t holder;

	buf_init(&w.said, PROGRAM_SAID + 8192);
	if (pipe2(said, O_CLOEXEC) < 0 || pipe2(leash, O_CLOEXEC) < 0 ||
	    pipe2(ended, O_CLOEXEC) < 0)
		_exit(0);
	w.report.status = SIGKILL;
	holder = fork();
	if (holder == 0) {
		close(in);
		close(out);
		close(leash[1]);
		close(said[0]);
		close(ended[0]);
		hold(job, folder, said[1], leash[0], ended[1]);
	}
	close(said[1]);
	close(ended[1]);
	close(leash[0]);
	if (holder > 0)
		watch(&w, in, said[0], ended[0]);
	close(leash[1]);
	await_end(said[0]);
	if (holder > 0)
		waitpid(holder, NULL, 0);
	close(said[0]);
	close(ended[0]);
	w.report.said = w.said.n;
	if (frame_write(out, &w.report, sizeof(w.report)) == 0)
		(void)frame_write(out, w.said.p, w.said.n);
	buf_release(&w.said);
}

/* The job's strings, one after the other, NULs between: what they are of. */
static bool
hear_job(int in, struct buf *b, struct program_job *job, const char **arguments,
    size_t most)
{
	uint64_t n, count = 0;
	const char *at, *end;
	char *p;

	if (frame_read(in, &job->most, sizeof(job->most)) < 0 ||
	    frame_read(in, &n, sizeof(n)) < 0 ||
	    (p = buf_room(b, (size_t)n + 1)) == NULL ||
	    frame_read(in, p, (size_t)n) < 0)
		return false;
	p[n] = '\0';
	job->path = p;
	job->file = p + strlen(p) + 1;
	end = p + n;
	for (at = job->file + strlen(job->file) + 1;
	     at < end && count + 1 < most; at += strlen(at) + 1)
		arguments[count++] = at;
	arguments[count] = NULL;
	job->arguments = arguments;
	return true;
}

/* What is opened from now on is none of the first three, which the program
 * gets. */
static void
occupy(int fd)
{
	int last;

	do {
		last = dup(fd);
	} while (last >= 0 && last <= STDERR_FILENO);
	if (last > STDERR_FILENO)
		close(last);
}

/* Whatever comes, the folder goes: at the keyboard's interrupt as well. */
static _Noreturn void
guard(const char *within, int in, int out)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT,
		SIGPIPE, SIGTSTP };
	const char *arguments[64];
	char folder[4096] = "";
	struct program_job job;
	struct census c = { 0 };
	struct buf b;

	for (size_t i = 0; i < sizeof(ignored) / sizeof(*ignored); i++)
		(void)signal(ignored[i], SIG_IGN);
	occupy(in);
	buf_init(&b, 64 << 10);
	if (snprintf(folder, sizeof(folder), "%s/kith.XXXXXX", within) >=
		(int)sizeof(folder) ||
	    mkdtemp(folder) == NULL)
		folder[0] = '\0';
	if (frame_write(out, folder, sizeof(folder)) == 0 && folder[0] != '\0')
		while (hear_job(in, &b, &job, arguments, 64)) {
			supervise(&job, folder, in, out);
			buf_reset(&b);
		}
	if (folder[0] != '\0') {
		look_into(AT_FDCWD, folder, true, 0, &c);
		(void)unlinkat(AT_FDCWD, folder, AT_REMOVEDIR);
	}
	_exit(0);
}

int
program_open(struct program *p, const char *within, struct err *e)
{
	int there[2], back[2];

	*p = (struct program){ .to = -1, .from = -1 };
	if (pipe2(there, O_CLOEXEC) < 0)
		return err_sys(e, errno, "a pipe to a program");
	if (pipe2(back, O_CLOEXEC) < 0) {
		close(there[0]);
		close(there[1]);
		return err_sys(e, errno, "a pipe to a program");
	}
	p->guard = fork();
	if (p->guard == 0) {
		worker_keep_files(there[0], back[1], -1);
		guard(within, there[0], back[1]);
	}
	close(there[0]);
	close(back[1]);
	p->to = there[1];
	p->from = back[0];
	if (p->guard < 0) {
		p->guard = 0;
		program_close(p);
		return err_sys(e, errno, "a process for a program");
	}
	if (frame_read(p->from, p->folder, sizeof(p->folder)) == 0 &&
	    p->folder[0] != '\0')
		return 0;
	program_close(p);
	return err_set(e,
	    "%s: no folder can be made there; TMPDIR names another place",
	    within);
}

static void
add_string(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s) + 1);
}

int
program_run(struct program *p, const struct program_job *job,
    struct program_end *end, struct err *e)
{
	struct report r;
	struct buf b;
	uint64_t n;
	char *room;
	int rc = -1;

	*end = (struct program_end){ .status = 0 };
	buf_init(&end->said, PROGRAM_SAID + 8192);
	buf_init(&b, 60 << 10);
	add_string(&b, job->path);
	add_string(&b, job->file);
	for (size_t i = 0; job->arguments[i] != NULL; i++)
		add_string(&b, job->arguments[i]);
	n = b.n;
	if (!b.over && frame_write(p->to, &job->most, sizeof(job->most)) == 0 &&
	    frame_write(p->to, &n, sizeof(n)) == 0 &&
	    frame_write(p->to, b.p, b.n) == 0 &&
	    frame_read(p->from, &r, sizeof(r)) == 0 &&
	    r.said <= end->said.max &&
	    (room = buf_room(&end->said, (size_t)r.said)) != NULL &&
	    frame_read(p->from, room, (size_t)r.said) == 0) {
		end->said.n = (size_t)r.said;
		end->status = r.status;
		end->silent = r.silent;
		end->large = r.large;
		rc = 0;
	}
	buf_release(&b);
	if (rc == 0 && WIFEXITED(r.status) &&
	    (WEXITSTATUS(r.status) == NOT_STARTED ||
		WEXITSTATUS(r.status) == NO_WALLS))
		rc = err_set(e, "%s could not be started%s", job->path,
		    WEXITSTATUS(r.status) == NO_WALLS
			? " behind walls (--sandbox)"
			: "");
	else if (rc < 0)
		err_set(
		    e, "%s: nothing is known of what became of it", job->path);
	if (rc < 0)
		buf_release(&end->said);
	return rc;
}

void
program_close(struct program *p)
{
	if (p->to >= 0)
		close(p->to);
	if (p->from >= 0)
		close(p->from);
	if (p->guard > 0)
		while (waitpid(p->guard, NULL, 0) < 0 && errno == EINTR)
			;
	*p = (struct program){ .to = -1, .from = -1 };
}
