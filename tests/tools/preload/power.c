/*
 * Loaded before a program (LD_PRELOAD), this writes down what the program does
 * to the files below a folder, and what leaves it, all in its order: what
 * tests/torture/power.pl makes disks of that the power was lost on.
 *
 *	POWER_ROOT	the folder, absolute
 *	POWER_LOG	the file that is appended to
 *	POWER_BOOT	what is read instead of the machine's boot id
 *	POWER_OUT	set: standard output is the file "out" below the root
 *	POWER_LAZY	set: syncing takes no time, and is written down all the same
 *
 * An entry is a line, and bytes where it says how many, each in one write:
 *	open FD MADE EMPTIED N + path	of files; MADE, EMPTIED: 0 or 1
 *	write FD AT N + bytes		AT: where in the file
 *	size FD BYTES			ftruncate, fallocate
 *	map FD				shared and written to without a call
 *	sync FD				fsync, fdatasync, of a folder too
 *	dup FD FD
 *	close FD
 *	name N + path			unlink, rmdir
 *	rename N + path, newline, path
 *	link N + path, newline, path
 *	mkdir N + path
 *	out N + bytes			standard output
 *	send FD N + bytes		sockets
 * FD is PROCESS.NUMBER.  Others may write lines of their own to the log, of other words.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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

enum { FILES = 4096 };

static bool ours[FILES]; /* descriptors of files and folders below the root */
static char *paths[FILES]; /* of those, from the root on */
static int log_fd = -1;

/* The function of that name that the program would have called. */
#define NEXT(name)                     \
	static __typeof__(&name) next; \
	if (next == NULL)              \
	*(void **)(void *)&next = dlsym(RTLD_NEXT, #name)

static bool
writes_down(void)
{
	const char *path = getenv("POWER_LOG");

	if (log_fd < 0 && path != NULL)
		log_fd = (int)syscall(SYS_openat, AT_FDCWD, path,
		    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	return log_fd >= 0;
}

static void
entry(const char *head, const void *bytes, size_t n)
{
	char line[128];
	struct iovec v[3] = { { line, 0 }, { (void *)(size_t)bytes, n },
		{ (void *)(size_t) "\n", 1 } };
	int kept = errno;

	if (!writes_down())
		return;
	v[0].iov_len =
	    (size_t)(bytes == NULL
			 ? snprintf(line, sizeof(line), "%s\n", head)
			 : snprintf(line, sizeof(line), "%s %zu\n", head, n));
	if (syscall(SYS_writev, log_fd, v, bytes == NULL ? 1 : 3) < 0)
		abort();
	errno = kept;
}

__attribute__((format(printf, 3, 4))) static void
note(const void *bytes, size_t n, const char *form, ...)
{
	char head[96];
	va_list ap;

	va_start(ap, form);
	vsnprintf(head, sizeof(head), form, ap);
	va_end(ap);
	entry(head, bytes, n);
}

/* The path from the root on, where it is below it or the root itself. */
static const char *
below(const char *path, char full[PATH_MAX])
{
	const char *root = getenv("POWER_ROOT");
	size_t n = root == NULL ? 0 : strlen(root);
	char here[PATH_MAX / 2] = "";

	if (n == 0 || (path[0] != '/' && getcwd(here, sizeof(here)) == NULL) ||
	    snprintf(full, PATH_MAX, "%s%s%s", here, path[0] == '/' ? "" : "/",
		path) >= PATH_MAX)
		return NULL;
	if (strncmp(full, root, n) != 0 || (full[n] != '/' && full[n] != '\0'))
		return NULL;
	path = full + n;
	while (*path == '/')
		path++;
	return path;
}

/* The same of a path in an open folder. */
static const char *
below_at(int folder, const char *path, char full[PATH_MAX])
{
	if (folder == AT_FDCWD || path[0] == '/')
		return below(path, full);
	if (folder < 0 || folder >= FILES || paths[folder] == NULL ||
	    snprintf(full, PATH_MAX, "%s/%s", paths[folder], path) >= PATH_MAX)
		return NULL;
	return full;
}

static bool
is_ours(int fd)
{
	return fd >= 0 && fd < FILES && ours[fd];
}

__attribute__((constructor)) static void
begin(void)
{
	/* Before there are walls. */
	ours[STDOUT_FILENO] = writes_down() && getenv("POWER_OUT") != NULL;
	if (ours[STDOUT_FILENO])
		note("out", 3, "open %d.%d 1 0", (int)getpid(), STDOUT_FILENO);
}

/* --- opening */

static bool
is_there(int folder, const char *path)
{
	return syscall(SYS_faccessat, folder, path, F_OK) == 0;
}

/* The boot id of the test, where the machine's is asked for. */
static const char *
boot(const char *path)
{
	const char *other = getenv("POWER_BOOT");

	return other != NULL &&
		       strcmp(path, "/proc/sys/kernel/random/boot_id") == 0
		   ? other
		   : path;
}

static void
opened(int fd, int folder, const char *path, int how, bool there)
{
	char full[PATH_MAX];
	const char *rest = fd < 0 ? NULL : below_at(folder, path, full);

	if (rest == NULL || fd >= FILES)
		return;
	ours[fd] = true;
	free(paths[fd]);
	paths[fd] = strdup(rest);
	note(rest, strlen(rest), "open %d.%d %d %d", (int)getpid(), fd,
	    (how & O_CREAT) != 0 && !there, (how & O_TRUNC) != 0);
}

#define OPEN(name)                                      \
	int name(const char *path, int how, ...)        \
	{                                               \
		bool there = is_there(AT_FDCWD, path);  \
		va_list ap;                             \
		mode_t mode;                            \
		int fd;                                 \
		NEXT(name);                             \
		va_start(ap, how);                      \
		mode = (mode_t)va_arg(ap, int);         \
		va_end(ap);                             \
		fd = next(boot(path), how, mode);       \
		opened(fd, AT_FDCWD, path, how, there); \
		return fd;                              \
	}
#define OPEN_2(name)                                   \
	int name(const char *path, int how);           \
	int name(const char *path, int how)            \
	{                                              \
		int fd;                                \
		NEXT(name);                            \
		fd = next(boot(path), how);            \
		opened(fd, AT_FDCWD, path, how, true); \
		return fd;                             \
	}
#define OPEN_AT(name)                                        \
	int name(int folder, const char *path, int how, ...) \
	{                                                    \
		bool there = is_there(folder, path);         \
		va_list ap;                                  \
		mode_t mode;                                 \
		int fd;                                      \
		NEXT(name);                                  \
		va_start(ap, how);                           \
		mode = (mode_t)va_arg(ap, int);              \
		va_end(ap);                                  \
		fd = next(folder, path, how, mode);          \
		opened(fd, folder, path, how, there);        \
		return fd;                                   \
	}
#define OPEN_AT_2(name)                                  \
	int name(int folder, const char *path, int how); \
	int name(int folder, const char *path, int how)  \
	{                                                \
		int fd;                                  \
		NEXT(name);                              \
		fd = next(folder, path, how);            \
		opened(fd, folder, path, how, true);     \
		return fd;                               \
	}
OPEN(open)
OPEN(open64)
OPEN_2(__open_2)
OPEN_2(__open64_2)
OPEN_AT(openat)
OPEN_AT(openat64)
OPEN_AT_2(__openat_2)
OPEN_AT_2(__openat64_2)

static void
doubled(int fd, int to)
{
	if (to < 0 || to >= FILES || to == fd)
		return;
	ours[to] = is_ours(fd);
	if (!ours[to])
		return;
	free(paths[to]);
	paths[to] = paths[fd] == NULL ? NULL : strdup(paths[fd]);
	note(NULL, 0, "dup %d.%d %d.%d", (int)getpid(), fd, (int)getpid(), to);
}

int
dup(int fd)
{
	int to;

	NEXT(dup);
	to = next(fd);
	doubled(fd, to);
	return to;
}

int
dup2(int fd, int to)
{
	int rc;

	NEXT(dup2);
	rc = next(fd, to);
	doubled(fd, rc);
	return rc;
}

int
close(int fd)
{
	NEXT(close);
	if (is_ours(fd)) {
		ours[fd] = false;
		note(NULL, 0, "close %d.%d", (int)getpid(), fd);
	}
	return next(fd);
}

/* --- writing */

static bool
is_socket(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

static void
wrote(int fd, const void *p, ssize_t n, off_t at)
{
	if (n <= 0)
		return;
	if (is_ours(fd))
		note(p, (size_t)n, "write %d.%d %lld", (int)getpid(), fd,
		    (long long)at);
	else if (fd == STDOUT_FILENO)
		note(p, (size_t)n, "out");
}

/* Before the call: the other side may have it before we are back. */
static void
leaves(int fd, const void *p, size_t n)
{
	if (fd > STDERR_FILENO && writes_down() && is_socket(fd))
		note(p, n, "send %d.%d", (int)getpid(), fd);
}

static off_t
before(int fd, ssize_t n)
{
	return is_ours(fd) && n > 0 ? lseek(fd, 0, SEEK_CUR) - n : 0;
}

ssize_t
write(int fd, const void *p, size_t n)
{
	ssize_t rc;

	NEXT(write);
	leaves(fd, p, n);
	rc = next(fd, p, n);
	wrote(fd, p, rc, before(fd, rc));
	return rc;
}

ssize_t
writev(int fd, const struct iovec *v, int n)
{
	ssize_t rc;
	size_t left;
	off_t at;

	NEXT(writev);
	rc = next(fd, v, n);
	at = before(fd, rc);
	left = rc < 0 ? 0 : (size_t)rc;
	for (int i = 0; i < n && left > 0; i++) {
		size_t part = v[i].iov_len < left ? v[i].iov_len : left;

		wrote(fd, v[i].iov_base, (ssize_t)part, at);
		at += (off_t)part;
		left -= part;
	}
	return rc;
}

#define PWRITE(name, type)                                     \
	ssize_t name(int fd, const void *p, size_t n, type at) \
	{                                                      \
		ssize_t rc;                                    \
		NEXT(name);                                    \
		rc = next(fd, p, n, at);                       \
		wrote(fd, p, rc, at);                          \
		return rc;                                     \
	}
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define TRUNCATE(name, type)                                                \
	int name(int fd, type n)                                            \
	{                                                                   \
		int rc;                                                     \
		NEXT(name);                                                 \
		rc = next(fd, n);                                           \
		if (rc == 0 && is_ours(fd))                                 \
			note(NULL, 0, "size %d.%d %lld", (int)getpid(), fd, \
			    (long long)n);                                  \
		return rc;                                                  \
	}
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define MAP(name, type)                                                   \
	void *name(void *p, size_t n, int prot, int how, int fd, type at) \
	{                                                                 \
		NEXT(name);                                               \
		if (is_ours(fd) && (prot & PROT_WRITE) != 0 &&            \
		    (how & MAP_SHARED) != 0)                              \
			note(NULL, 0, "map %d.%d", (int)getpid(), fd);    \
		return next(p, n, prot, how, fd, at);                     \
	}
MAP(mmap, off_t)
MAP(mmap64, off64_t)

/* --- what lasts */

#define SYNC(name)                                                      \
	int name(int fd)                                                \
	{                                                               \
		int rc = 0;                                             \
		NEXT(name);                                             \
		if (getenv("POWER_LAZY") == NULL)                       \
			rc = next(fd);                                  \
		if (rc == 0 && is_ours(fd))                             \
			note(NULL, 0, "sync %d.%d", (int)getpid(), fd); \
		return rc;                                              \
	}
SYNC(fsync)
SYNC(fdatasync)

/* --- names */

#define NAME(function, args, given, word)               \
	int function args                               \
	{                                               \
		char full[PATH_MAX];                    \
		const char *rest = below(path, full);   \
		int rc;                                 \
		NEXT(function);                         \
		rc = next given;                        \
		if (rc == 0 && rest != NULL)            \
			note(rest, strlen(rest), word); \
		return rc;                              \
	}
NAME(unlink, (const char *path), (path), "name")
NAME(rmdir, (const char *path), (path), "name")
NAME(mkdir, (const char *path, mode_t mode), (path, mode), "mkdir")

int
unlinkat(int folder, const char *path, int how)
{
	char full[PATH_MAX];
	const char *rest = below_at(folder, path, full);
	int rc;

	NEXT(unlinkat);
	rc = next(folder, path, how);
	if (rc == 0 && rest != NULL)
		note(rest, strlen(rest), "name");
	return rc;
}

static void
two(const char *word, int from_folder, const char *from, int to_folder,
    const char *to)
{
	char a[PATH_MAX], b[PATH_MAX], both[2 * PATH_MAX];
	const char *first = below_at(from_folder, from, a);
	const char *second = below_at(to_folder, to, b);
	int n;

	if (first == NULL || second == NULL)
		return;
	n = snprintf(both, sizeof(both), "%s\n%s", first, second);
	note(both, (size_t)n, "%s", word);
}

#define TWO(name)                                                 \
	int name(const char *from, const char *to)                \
	{                                                         \
		int rc;                                           \
		NEXT(name);                                       \
		rc = next(from, to);                              \
		if (rc == 0)                                      \
			two(#name, AT_FDCWD, from, AT_FDCWD, to); \
		return rc;                                        \
	}
TWO(rename)
TWO(link)

int
linkat(
    int from_folder, const char *from, int to_folder, const char *to, int how)
{
	int rc;

	NEXT(linkat);
	rc = next(from_folder, from, to_folder, to, how);
	if (rc == 0)
		two("link", from_folder, from, to_folder, to);
	return rc;
}

int
renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	int rc;

	NEXT(renameat);
	rc = next(from_folder, from, to_folder, to);
	if (rc == 0)
		two("rename", from_folder, from, to_folder, to);
	return rc;
}

/* --- what leaves by a socket */

ssize_t
send(int fd, const void *p, size_t n, int how)
{
	NEXT(send);
	leaves(fd, p, n);
	return next(fd, p, n, how);
}

ssize_t
sendto(int fd, const void *p, size_t n, int how, const struct sockaddr *to,
    socklen_t len)
{
	NEXT(sendto);
	leaves(fd, p, n);
	return next(fd, p, n, how, to, len);
}
