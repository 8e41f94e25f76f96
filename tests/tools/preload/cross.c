/*
 * Loaded before a program (LD_PRELOAD), this tries to cross each wall of
 * --sandbox when the program first reads its standard input, as whoever had
 * taken it over would, and says on standard error what came of it:
 *
 *	cross: read EACCES
 *
 * CROSS_READ is a file to read, CROSS_LIST a folder, CROSS_WRITE a file to make,
 * CROSS_STATE another; CROSS_DEADLY asks for what nobody survives.  With
 * CROSS_WORKER it is not the program that tries but its worker, when that first
 * reads what it is to work on.
 *
 * DIE=HOW lets a worker that reads the bytes DIE-HERE die: of a signal (fault),
 * of memory (memory), or so that it says what makes no sense (nonsense); or it
 * never comes to an end, at work (turn) or asleep (sleep).  With DIE=slow each
 * read of a worker takes 200 milliseconds.
 *
 * With HURRY the seconds that a worker or a program is waited for, and those between its
 * looks whether it is, are 20 milliseconds.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEPT = 200 /* standard error, which a worker closes */ };

static pid_t first;

__attribute__((constructor)) static void
begin(void)
{
	first = getpid();
	dup2(STDERR_FILENO, KEPT);
}

int
close_range(unsigned from, unsigned to, int flags)
{
	if (from > KEPT || to < KEPT)
		return (int)syscall(SYS_close_range, from, to, flags);
	if (from < KEPT)
		syscall(SYS_close_range, from, KEPT - 1, flags);
	return (int)syscall(SYS_close_range, KEPT + 1, to, flags);
}

static void
say(const char *what, int failed)
{
	int error = errno;

	dprintf(KEPT, "cross: %s %s\n", what,
	    failed == 0 ? "crossed" : strerrorname_np(error));
}

static void
open_one(const char *what, const char *name, int flags)
{
	const char *path = getenv(name);
	int fd;

	if (path == NULL)
		return;
	fd = open(path, flags | O_CLOEXEC, 0600);
	say(what, fd < 0);
	if (fd >= 0)
		close(fd);
}

/* Nobody listens there: with a socket it is ECONNREFUSED. */
static void
reach(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	say("socket", fd < 0);
	if (fd < 0)
		return;
	say("connect",
	    connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0);
	say("listen", listen(fd, 1) < 0);
	close(fd);
}

static void
start(void)
{
	char *const argv[] = { (char[]){ "true" }, NULL };
	char *const none[] = { NULL };
	char typed = 'x';
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	say("fork", child < 0);
	if (child > 0)
		waitpid(child, NULL, 0);
	say("type", ioctl(STDIN_FILENO, TIOCSTI, &typed) < 0);
	/* Where this succeeds nothing more is said. */
	execve("/bin/true", argv, none);
	say("exec", -1);
}

static void
try_all(void)
{
	if (getenv("CROSS_DEADLY") != NULL)
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	open_one("read", "CROSS_READ", O_RDONLY);
	open_one("list", "CROSS_LIST", O_RDONLY | O_DIRECTORY);
	open_one("write", "CROSS_WRITE", O_WRONLY | O_CREAT);
	open_one("state", "CROSS_STATE", O_RDWR | O_CREAT);
	reach();
	start();
}

/* What a worker still has open but the two pipes. */
static void
count_files(void)
{
	struct stat st;
	int n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fd != KEPT && fstat(fd, &st) == 0;
	dprintf(KEPT, "cross: files %d\n", n);
}

static void
die(const char *how)
{
	char ones[256];
	struct stat st;

	if (strcmp(how, "fault") == 0)
		*(volatile int *)NULL = 0;
	if (strcmp(how, "memory") == 0)
		*(volatile char *)malloc((size_t)6 << 30) = 1;
	while (strcmp(how, "turn") == 0)
		;
	while (strcmp(how, "sleep") == 0)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	memset(ones, 0xff, sizeof(ones));
	for (int fd = 3; fd < KEPT; fd++)
		if (fstat(fd, &st) == 0 && write(fd, ones, sizeof(ones)) < 0)
			continue;
	_exit(0);
}

/* Somebody reads: what is tried before, what it dies of then. */
static void
before(int fd)
{
	static int tried;
	const char *how = getenv("DIE");
	bool worker = getpid() != first;

	if (worker && getenv("CROSS_WORKER") != NULL && tried++ == 0) {
		count_files();
		try_all();
	}
	if (!worker && getenv("CROSS_WORKER") == NULL && how == NULL &&
	    fd == STDIN_FILENO && tried++ == 0)
		try_all();
	if (worker && how != NULL && strcmp(how, "slow") == 0)
		poll(NULL, 0, 200);
}

static ssize_t
after(const void *p, ssize_t got)
{
	const char *how = getenv("DIE");

	if (getpid() != first && how != NULL && got > 0 &&
	    memmem(p, (size_t)got, "DIE-HERE", 8) != NULL)
		die(how);
	return got;
}

ssize_t read(int fd, void *p, size_t n);
ssize_t
read(int fd, void *p, size_t n)
{
	static ssize_t (*next)(int, void *, size_t);

	if (next == NULL)
		*(void **)(void *)&next = dlsym(RTLD_NEXT, "read");
	before(fd);
	return after(p, next(fd, p, n));
}

ssize_t pread(int fd, void *p, size_t n, off_t at);
ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	static ssize_t (*next)(int, void *, size_t, off_t);

	if (next == NULL)
		*(void **)(void *)&next = dlsym(RTLD_NEXT, "pread");
	before(fd);
	return after(p, next(fd, p, n, at));
}

int
poll(struct pollfd *p, nfds_t n, int ms)
{
	if (n >= 2 && ms == 1000 && getenv("HURRY") != NULL)
		ms = 20;
	return (int)syscall(SYS_poll, p, n, ms);
}

int
timer_settime(timer_t timer, int flags, const struct itimerspec *new,
    struct itimerspec *old)
{
	static int (*next)(
	    timer_t, int, const struct itimerspec *, struct itimerspec *);
	static const struct itimerspec short_time = { { 0, 20000000 },
		{ 0, 20000000 } };

	if (next == NULL)
		*(void **)(void *)&next = dlsym(RTLD_NEXT, "timer_settime");
	return next(timer, flags,
	    new->it_interval.tv_sec == 1 && getenv("HURRY") != NULL
		? &short_time
		: new,
	    old);
}
