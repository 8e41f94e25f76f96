/*
 * Loaded before a program (LD_PRELOAD), this lets its n-th write fail, and only
 * that, as a disk that is full for a moment.
 *
 *	FAULT_N	which write fails, from 1 (0: none)
 *	FAULT_ERROR	ENOSPC, EIO or EPIPE, which comes without its signal
 *	FAULT_FILE	the file that is written; unset: standard output
 *	FAULT_BYTES	most bytes of one write, so that little output is many
 *	FAULT_SLOW	set: standard input gives so many bytes at a time, and
 *			every look whether there is more says no
 *
 *	FAULT_SEND	which HTTP request finds its connection dead, from 1
 *
 * The failure says "fault: write N failed" on standard error, so that a test
 * knows that there was one.
 */
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

ssize_t __read_chk(int fd, void *p, size_t n, size_t room);
int __poll_chk(struct pollfd *p, nfds_t n, int ms, size_t room);

static size_t
number(const char *name, size_t otherwise)
{
	const char *s = getenv(name);

	return s == NULL ? otherwise : (size_t)strtoul(s, NULL, 10);
}

static bool
is_meant(int fd)
{
	const char *path = getenv("FAULT_FILE");
	struct stat a, b;

	if (path == NULL)
		return fd == STDOUT_FILENO;
	return fd > STDERR_FILENO && stat(path, &a) == 0 &&
	       fstat(fd, &b) == 0 && a.st_ino == b.st_ino &&
	       a.st_dev == b.st_dev;
}

static int
error_meant(void)
{
	const char *s = getenv("FAULT_ERROR");

	if (s != NULL && strcmp(s, "EPIPE") == 0)
		return EPIPE;
	return s != NULL && strcmp(s, "EIO") == 0 ? EIO : ENOSPC;
}

static void
say(size_t n)
{
	char text[64];
	int len = snprintf(text, sizeof(text), "fault: write %zu failed\n", n);

	syscall(SYS_write, STDERR_FILENO, text, (size_t)len);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	static size_t count;
	size_t at = number("FAULT_N", 0), most = number("FAULT_BYTES", n);

	if (!is_meant(fd))
		return syscall(SYS_write, fd, p, n);
	count++;
	if (count == at) {
		say(count);
		errno = error_meant();
		return -1;
	}
	return syscall(SYS_write, fd, p, n < most ? n : most);
}

static bool
begins_request(const char *p, size_t n)
{
	return n > 5 &&
	       (memcmp(p, "POST ", 5) == 0 || memcmp(p, "PUT ", 4) == 0);
}

ssize_t
send(int fd, const void *p, size_t n, int flags)
{
	static size_t count;

	if (begins_request(p, n) && ++count == number("FAULT_SEND", 0)) {
		say(count);
		errno = ECONNRESET;
		return -1;
	}
	return syscall(SYS_sendto, fd, p, n, flags, NULL, 0);
}

ssize_t
read(int fd, void *p, size_t n)
{
	size_t most = number("FAULT_SLOW", n);

	if (fd != STDIN_FILENO || most > n)
		most = n;
	return syscall(SYS_read, fd, p, most);
}

ssize_t
__read_chk(int fd, void *p, size_t n, size_t room)
{
	return read(fd, p, n < room ? n : room);
}

/* Apart, since the system's header says that poll only writes there. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
__attribute__((noinline)) static bool
is_stdin(const struct pollfd *p, nfds_t n)
{
	return n == 1 && p->fd == STDIN_FILENO;
}

int
poll(struct pollfd *p, nfds_t n, int ms)
{
	if (is_stdin(p, n) && ms >= 0 && getenv("FAULT_SLOW") != NULL)
		return 0;
	return (int)syscall(SYS_poll, p, n, ms);
}

int
__poll_chk(struct pollfd *p, nfds_t n, int ms, size_t room)
{
	(void)room;
	return poll(p, n, ms);
}
