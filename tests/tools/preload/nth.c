/*
 * Loaded before a program (LD_PRELOAD), this lets the n-th call of a kind fail,
 * and only that.
 *
 *	NTH_KIND	malloc, write, read, open, sync, mmap, truncate, lock,
 *			stat, name, close, poll, socket, connect, send, recv
 *	NTH		which of them, from 1 (0: none)
 *
 *			full: NTH is how many sectors the disk has left
 *
 * The failure says "nth: KIND N failed" on standard error, so that a test knows
 * that there was one.  Memory fails below the programs' own malloc
 * (lib/core/malloc.c), as libc's.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static void
say(const char *kind, size_t n)
{
	char text[64];
	int len = snprintf(text, sizeof(text), "nth: %s %zu failed\n", kind, n);

	syscall(SYS_write, STDERR_FILENO, text, (size_t)len);
}

/* The call fails with this error where it is the one. */
static bool
fails(const char *kind, int error)
{
	static size_t count;
	const char *meant = getenv("NTH_KIND"), *nth = getenv("NTH");
	size_t at;

	if (meant == NULL || nth == NULL || strcmp(meant, kind) != 0)
		return false;
	at = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
	if (at != strtoul(nth, NULL, 10))
		return false;
	say(kind, at);
	errno = error;
	return true;
}

/*
 * So many of n bytes find room in the file at that place; *n falls to them.
 * False where none do.  What is there already needs none.
 */
static bool
finds_room(int fd, off_t at, size_t *n)
{
	static size_t used;
	const char *meant = getenv("NTH_KIND"), *nth = getenv("NTH");
	size_t room, grows, most;
	struct stat st;

	if (meant == NULL || nth == NULL || strcmp(meant, "full") != 0 ||
	    syscall(SYS_fstat, fd, &st) < 0 || !S_ISREG(st.st_mode))
		return true;
	grows = at + (off_t)*n > st.st_size
		    ? (size_t)(at + (off_t)*n - st.st_size)
		    : 0;
	room = strtoul(nth, NULL, 10) * 512;
	most = used < room ? room - used : 0;
	if (grows > most) {
		say(meant, strtoul(nth, NULL, 10));
		if (*n <= grows - most) {
			errno = ENOSPC;
			return false;
		}
		*n -= grows - most;
		grows = most;
	}
	used += grows;
	return true;
}

static off_t
place(int fd)
{
	struct stat st;

	if ((syscall(SYS_fcntl, fd, F_GETFL) & O_APPEND) != 0 &&
	    syscall(SYS_fstat, fd, &st) == 0)
		return st.st_size;
	return (off_t)syscall(SYS_lseek, fd, (off_t)0, SEEK_CUR);
}

/* The function of that name that the program would have called. */
#define NEXT(name)                     \
	static __typeof__(&name) next; \
	if (next == NULL)              \
	*(void **)(void *)&next = dlsym(RTLD_NEXT, #name)

/* name(args) of this type, which is a call of the kind. */
#define CALL(kind, error, wrong, type, name, args, given)       \
	type name args;                                         \
	type name args                                          \
	{                                                       \
		NEXT(name);                                     \
		return fails(kind, error) ? wrong : next given; \
	}

CALL("malloc", ENOMEM, NULL, void *, __libc_malloc, (size_t n), (n))
CALL("malloc", ENOMEM, NULL, void *, __libc_calloc, (size_t n, size_t size),
    (n, size))
CALL(
    "malloc", ENOMEM, NULL, void *, __libc_realloc, (void *p, size_t n), (p, n))
CALL("malloc", ENOMEM, NULL, void *, __libc_memalign, (size_t a, size_t n),
    (a, n))

/* What is said is no output. */
#define SAID(fd) ((fd) == STDERR_FILENO)
#define OUT(type, name, args, at, given)                                 \
	type name args;                                                  \
	type name args                                                   \
	{                                                                \
		NEXT(name);                                              \
		if (SAID(fd))                                            \
			return next given;                               \
		return fails("write", ENOSPC) || !finds_room(fd, at, &n) \
			   ? -1                                          \
			   : next given;                                 \
	}

OUT(ssize_t, write, (int fd, const void *p, size_t n), place(fd), (fd, p, n))
OUT(ssize_t, pwrite, (int fd, const void *p, size_t n, off_t at), at,
    (fd, p, n, at))
OUT(ssize_t, pwrite64, (int fd, const void *p, size_t n, off64_t at), at,
    (fd, p, n, at))

CALL("read", EIO, -1, ssize_t, read, (int fd, void *p, size_t n), (fd, p, n))
CALL("read", EIO, -1, ssize_t, pread, (int fd, void *p, size_t n, off_t at),
    (fd, p, n, at))
CALL("read", EIO, -1, ssize_t, pread64, (int fd, void *p, size_t n, off64_t at),
    (fd, p, n, at))
CALL("read", EIO, -1, ssize_t, readv, (int fd, const struct iovec *v, int n),
    (fd, v, n))
CALL("read", EIO, -1, ssize_t, __read_chk,
    (int fd, void *p, size_t n, size_t room), (fd, p, n, room))
CALL("read", EIO, -1, ssize_t, __pread64_chk,
    (int fd, void *p, size_t n, off64_t at, size_t room), (fd, p, n, at, room))
CALL("read", EIO, -1, ssize_t, getrandom, (void *p, size_t n, unsigned f),
    (p, n, f))

CALL(
    "open", EMFILE, -1, int, __open_2, (const char *path, int how), (path, how))
CALL("open", EMFILE, -1, int, __open64_2, (const char *path, int how),
    (path, how))
CALL("open", EMFILE, -1, int, __openat_2, (int d, const char *path, int how),
    (d, path, how))
CALL("open", EMFILE, -1, int, __openat64_2, (int d, const char *path, int how),
    (d, path, how))
CALL("open", EMFILE, NULL, FILE *, fopen, (const char *path, const char *how),
    (path, how))
CALL("open", EMFILE, NULL, FILE *, fopen64, (const char *path, const char *how),
    (path, how))
CALL("open", EMFILE, NULL, DIR *, opendir, (const char *path), (path))
CALL("read", EIO, NULL, struct dirent *, readdir, (DIR * dir), (dir))
CALL("open", EMFILE, -1, int, dup, (int fd), (fd))
CALL("open", EMFILE, -1, int, pipe, (int p[2]), (p))
CALL("open", EMFILE, -1, int, pipe2, (int p[2], int how), (p, how))

/* The mode is there or is not, as with the system's own. */
#define OPEN(name, before, given)                               \
	int name before;                                        \
	int name before                                         \
	{                                                       \
		va_list ap;                                     \
		mode_t mode;                                    \
		NEXT(name);                                     \
		va_start(ap, how);                              \
		mode = (mode_t)va_arg(ap, int);                 \
		va_end(ap);                                     \
		return fails("open", EMFILE) ? -1 : next given; \
	}

OPEN(open, (const char *path, int how, ...), (path, how, mode))
OPEN(open64, (const char *path, int how, ...), (path, how, mode))
OPEN(openat, (int d, const char *path, int how, ...), (d, path, how, mode))
OPEN(openat64, (int d, const char *path, int how, ...), (d, path, how, mode))

CALL("sync", EIO, -1, int, fsync, (int fd), (fd))
CALL("sync", EIO, -1, int, fdatasync, (int fd), (fd))
CALL("mmap", ENOMEM, MAP_FAILED, void *, mmap,
    (void *p, size_t n, int prot, int how, int fd, off_t at),
    (p, n, prot, how, fd, at))
CALL("mmap", ENOMEM, MAP_FAILED, void *, mmap64,
    (void *p, size_t n, int prot, int how, int fd, off64_t at),
    (p, n, prot, how, fd, at))
CALL("mmap", ENOMEM, MAP_FAILED, void *, mremap,
    (void *p, size_t old, size_t n, int how, ...), (p, old, n, how))
CALL("truncate", ENOSPC, -1, int, ftruncate, (int fd, off_t n), (fd, n))
CALL("truncate", ENOSPC, -1, int, ftruncate64, (int fd, off64_t n), (fd, n))
CALL("truncate", ENOSPC, -1, int, fallocate,
    (int fd, int how, off_t at, off_t n), (fd, how, at, n))

static bool
is_lock(int what)
{
	return what == F_SETLK || what == F_SETLKW || what == F_OFD_SETLK;
}

#define LOCK(name)                                            \
	int name(int fd, int what, ...);                      \
	int name(int fd, int what, ...)                       \
	{                                                     \
		va_list ap;                                   \
		void *arg;                                    \
		NEXT(name);                                   \
		va_start(ap, what);                           \
		arg = va_arg(ap, void *);                     \
		va_end(ap);                                   \
		return is_lock(what) && fails("lock", ENOLCK) \
			   ? -1                               \
			   : next(fd, what, arg);             \
	}

LOCK(fcntl)
LOCK(fcntl64)
CALL("lock", ENOLCK, -1, int, flock, (int fd, int how), (fd, how))

CALL(
    "stat", EIO, -1, int, stat, (const char *path, struct stat *st), (path, st))
CALL("stat", EIO, -1, int, lstat, (const char *path, struct stat *st),
    (path, st))
CALL("stat", EIO, -1, int, fstat, (int fd, struct stat *st), (fd, st))
CALL("stat", EIO, -1, int, stat64, (const char *path, struct stat64 *st),
    (path, st))
CALL("stat", EIO, -1, int, lstat64, (const char *path, struct stat64 *st),
    (path, st))
CALL("stat", EIO, -1, int, fstat64, (int fd, struct stat64 *st), (fd, st))

CALL("stat", EIO, -1, int, access, (const char *path, int how), (path, how))
CALL("stat", EIO, -1, ssize_t, readlink,
    (const char *path, char *out, size_t n), (path, out, n))
CALL("stat", EIO, NULL, char *, getcwd, (char *out, size_t n), (out, n))

CALL("name", EIO, -1, int, rename, (const char *from, const char *to),
    (from, to))
CALL("name", EIO, -1, int, unlink, (const char *path), (path))
CALL("name", EIO, -1, int, mkdir, (const char *path, mode_t mode), (path, mode))
CALL("name", EIO, -1, int, rmdir, (const char *path), (path))
CALL("name", EIO, -1, int, fchmod, (int fd, mode_t mode), (fd, mode))
CALL("name", EIO, -1, int, link, (const char *from, const char *to), (from, to))

/* The descriptor is closed all the same, as Linux does. */
int close(int fd);
int
close(int fd)
{
	NEXT(close);
	if (!fails("close", EIO))
		return next(fd);
	(void)next(fd);
	errno = EIO;
	return -1;
}

CALL("poll", ENOMEM, -1, int, poll, (struct pollfd * p, nfds_t n, int ms),
    (p, n, ms))
CALL("poll", ENOMEM, -1, int, __poll_chk,
    (struct pollfd * p, nfds_t n, int ms, size_t room), (p, n, ms, room))
CALL("socket", EMFILE, -1, int, socket, (int domain, int type, int how),
    (domain, type, how))
CALL("socket", EMFILE, -1, int, socketpair,
    (int domain, int type, int how, int v[2]), (domain, type, how, v))
CALL("connect", ECONNREFUSED, -1, int, connect,
    (int fd, const struct sockaddr *to, socklen_t n), (fd, to, n))

/* A connection that was reset is gone, also for the other side. */
#define RESET(kind, name, args, given)         \
	ssize_t name args;                     \
	ssize_t name args                      \
	{                                      \
		NEXT(name);                    \
		if (!fails(kind, ECONNRESET))  \
			return next given;     \
		(void)shutdown(fd, SHUT_RDWR); \
		errno = ECONNRESET;            \
		return -1;                     \
	}

RESET("send", send, (int fd, const void *p, size_t n, int how), (fd, p, n, how))
RESET("send", sendto,
    (int fd, const void *p, size_t n, int how, const struct sockaddr *to,
	socklen_t len),
    (fd, p, n, how, to, len))
RESET("recv", recv, (int fd, void *p, size_t n, int how), (fd, p, n, how))
RESET("recv", recvfrom,
    (int fd, void *p, size_t n, int how, struct sockaddr *from, socklen_t *len),
    (fd, p, n, how, from, len))
