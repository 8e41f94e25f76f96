/*
 * Loaded before a program (LD_PRELOAD), this tries to cross each wall of
 * --sandbox when the program first reads its standard input, as whoever had
 * taken it over would, and says on standard error what came of it:
 *
 *	cross: read EACCES
 *
 * CROSS_READ is a file to read, CROSS_WRITE one to make, CROSS_STATE another;
 * CROSS_DEADLY asks for what nobody survives.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void
say(const char *what, int failed)
{
	int error = errno;

	dprintf(STDERR_FILENO, "cross: %s %s\n", what,
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

ssize_t read(int fd, void *p, size_t n);
ssize_t
read(int fd, void *p, size_t n)
{
	static ssize_t (*next)(int, void *, size_t);
	static int tried;

	if (next == NULL)
		*(void **)(void *)&next = dlsym(RTLD_NEXT, "read");
	if (fd == STDIN_FILENO && tried++ == 0) {
		if (getenv("CROSS_DEADLY") != NULL)
			ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		open_one("read", "CROSS_READ", O_RDONLY);
		open_one("list", "CROSS_LIST", O_RDONLY | O_DIRECTORY);
		open_one("write", "CROSS_WRITE", O_WRONLY | O_CREAT);
		open_one("state", "CROSS_STATE", O_RDWR | O_CREAT);
		reach();
		start();
	}
	return next(fd, p, n);
}
