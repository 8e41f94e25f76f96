#include "core/io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MOST = 16 }; /* in one way */

int
file_read_open(int fd, const char *name, struct buf *out, struct err *e)
{
	ssize_t n = 1;

	if (out->over) {
		close(fd);
		return err_set(e, "%s: no room left to read it", name);
	}
	while (n > 0) {
		size_t left = out->max - out->n;
		size_t want = left < 65536 ? left : 65536;
		char past = 0, *to = want == 0 ? &past : buf_room(out, want);

		n = read(fd, to, want == 0 ? 1 : want);
		if (n < 0 && errno == EINTR) {
			n = 1;
			continue;
		}
		if (n > 0 && want == 0) {
			close(fd);
			return err_set(
			    e, "%s: more than %zu bytes", name, out->max);
		}
		if (n > 0)
			out->n += (size_t)n;
	}
	if (n < 0)
		err_sys(e, errno, "%s", name);
	close(fd);
	return n < 0 ? -1 : 0;
}

int
file_read(const char *path, struct buf *out, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? err_sys(e, errno, "%s", path)
		      : file_read_open(fd, path, out, e);
}

int
file_read_own(const char *path, struct buf *out, struct err *e)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 && errno == ELOOP)
		return err_set(e, "%s: a link, which is not followed", path);
	return fd < 0 ? err_sys(e, errno, "%s", path)
		      : file_read_open(fd, path, out, e);
}

int
file_read_secret(const char *path, struct buf *out, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    (st.st_mode & S_IRWXO) != 0) {
		close(fd);
		return err_set(e,
		    "%s: everybody can read this secret: chmod o= %s", path,
		    path);
	}
	return file_read_open(fd, path, out, e);
}

static int
out_of_folder(struct err *e)
{
	return err_set(
	    e, "it must be named relative to its folder, without '..'");
}

/* The next part of a way, as the system takes it. */
static int
next_part(struct str *way, char part[NAME_MAX + 1], struct err *e)
{
	struct str s = str_split(way, '/');

	if (s.n > NAME_MAX)
		return err_sys(e, ENAMETOOLONG, "its name");
	if (str_is(s, "..") || memchr(s.p, '\0', s.n) != NULL)
		return out_of_folder(e);
	snprintf(part, NAME_MAX + 1, "%.*s", STR_ARG(s.n == 0 ? STR(".") : s));
	return 0;
}

/* The folder that the last part of name stands in, and that part. */
static int
open_folder(
    const char *dir, struct str name, char part[NAME_MAX + 1], struct err *e)
{
	int at = open(
		*dir == '\0' ? "." : dir, O_PATH | O_DIRECTORY | O_CLOEXEC),
	    next;

	if (at < 0)
		return err_sys(e, errno, "its folder");
	while (next_part(&name, part, e) == 0) {
		if (name.p == NULL)
			return at;
		next = openat(
		    at, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0 && errno == ENOENT)
			err_set(e, "there is no such file");
		else if (next < 0)
			err_set(e,
			    "'%s' in its name is no folder (links are not "
			    "followed)",
			    part);
		close(at);
		at = next;
		if (at < 0)
			return -1;
	}
	close(at);
	return -1;
}

int
file_open_below(const char *dir, struct str name, int64_t *size, struct err *e)
{
	char part[NAME_MAX + 1];
	struct stat st;
	int at, fd;

	if (name.n == 0 || name.p[0] == '/')
		return out_of_folder(e);
	at = open_folder(dir, name, part, e);
	if (at < 0)
		return -1;
	fd = openat(at, part,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		err_set(e, "there is no such file");
	else if (fd < 0 && (errno == ELOOP || errno == ENXIO))
		err_set(e, "it is no plain file");
	else if (fd < 0)
		err_sys(e, errno, "it cannot be read");
	close(at);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(e, "it is no plain file");
	}
	*size = (int64_t)st.st_size;
	return fd;
}

static int
write_all(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	return 0;
}

/*
 * The folder that path stands in, for syncing the name itself.  Where it
 * cannot be read, or its file system knows no such thing (EINVAL), nobody
 * could do better.
 */
static int
sync_folder(const char *path)
{
	ptrdiff_t slash = str_rchr(str_of(path), '/');
	char dir[4096];
	int fd, rc;

	if (slash >= (ptrdiff_t)sizeof(dir)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	snprintf(dir, sizeof(dir), "%.*s", slash < 0 ? 1 : (int)slash + 1,
	    slash < 0 ? "." : path);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == EACCES ? 0 : -1;
	rc = fsync(fd);
	if (rc < 0 && errno == EINVAL)
		rc = 0;
	close(fd);
	return rc;
}

bool
file_is_missing(const char *path)
{
	return access(path, F_OK) < 0 && (errno == ENOENT || errno == ENOTDIR);
}

int
file_sync_name(const char *path, struct err *e)
{
	return sync_folder(path) < 0 ? err_sys(e, errno, "%s", path) : 0;
}

int
file_write_durable(
    const char *path, struct str bytes, unsigned mode, struct err *e)
{
	char beside[4096];
	int fd;

	if ((size_t)snprintf(beside, sizeof(beside), "%s.%ld.new", path,
		(long)getpid()) >= sizeof(beside))
		return err_set(e, "%s: name too long", path);
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
	    mode);
	if (fd < 0)
		return err_sys(e, errno, "%s", beside);
	if (write_all(fd, bytes) < 0 || fsync(fd) < 0) {
		err_sys(e, errno, "%s", beside);
		close(fd);
		unlink(beside);
		return -1;
	}
	if (close(fd) < 0 || rename(beside, path) < 0 ||
	    sync_folder(path) < 0) {
		err_sys(e, errno, "%s", path);
		unlink(beside);
		return -1;
	}
	return 0;
}

bool
file_ends_in_half(int fd)
{
	int flags = fcntl(fd, F_GETFL), again;
	char path[32], last = '\n';
	struct stat st;

	if (flags < 0 || (flags & O_APPEND) == 0 || fstat(fd, &st) < 0 ||
	    !S_ISREG(st.st_mode) || st.st_size == 0)
		return false;
	/* The shell opened it for writing alone. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY | O_CLOEXEC);
	if (again < 0)
		return false;
	if (pread(again, &last, 1, st.st_size - 1) != 1)
		last = '\n';
	close(again);
	return last != '\n';
}

/* The folder that the path's last part stands in. */
static void
folder_of(const char *path, char out[PATH_MAX])
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		snprintf(out, PATH_MAX, ".");
	else
		snprintf(out, PATH_MAX, "%.*s",
		    slash == path ? 1 : (int)(slash - path), path);
}

static int check_links(const char *path, int links, struct err *e);

/* One link, and the way that it leads. */
static int
check_link(const char *link, const struct stat *st, int links, struct err *e)
{
	char folder[PATH_MAX], to[PATH_MAX], way[PATH_MAX];
	struct stat in;
	ssize_t n;

	folder_of(link, folder);
	if (stat(folder, &in) < 0)
		return err_sys(e, errno, "%s", folder);
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return err_set(e,
		    "%s: a link of somebody else's, which is not followed",
		    link);
	if ((in.st_mode & S_IWOTH) != 0)
		return err_set(e,
		    "%s: a link where everybody may put one, which is not "
		    "followed: name the folder itself",
		    link);
	n = readlink(link, to, sizeof(to) - 1);
	if (n < 0)
		return err_sys(e, errno, "%s", link);
	to[n] = '\0';
	if (to[0] == '/')
		return check_links(to, links + 1, e);
	if ((size_t)snprintf(way, sizeof(way), "%s/%s", folder, to) >=
	    sizeof(way))
		return err_sys(e, ENAMETOOLONG, "%s", link);
	return check_links(way, links + 1, e);
}

static int
check_links(const char *path, int links, struct err *e)
{
	char part[PATH_MAX];
	struct stat st;

	if (links > LINKS_MOST || strlen(path) >= sizeof(part))
		return err_sys(
		    e, links > LINKS_MOST ? ELOOP : ENAMETOOLONG, "%s", path);
	for (size_t i = 1; i <= strlen(path); i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (lstat(part, &st) < 0)
			return errno == ENOENT ? 0
					       : err_sys(e, errno, "%s", part);
		if (S_ISLNK(st.st_mode) && check_link(part, &st, links, e) != 0)
			return -1;
	}
	return 0;
}

int
file_check_links(const char *path, struct err *e)
{
	return check_links(path, 0, e);
}

int
file_make_dir(const char *path, struct err *e)
{
	char bare[4096];
	size_t n = strlen(path);
	struct stat st;

	if (file_check_links(path, e) != 0)
		return -1;
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_sys(e, errno, "%s", path);
	if (stat(path, &st) < 0)
		return err_sys(e, errno, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, "%s: not a folder", path);
	while (n > 1 && path[n - 1] == '/')
		n--;
	snprintf(bare, sizeof(bare), "%.*s", (int)n, path);
	/* Also one that is there: who made it may have been killed before. */
	return file_sync_name(bare, e);
}

int
file_lock(const char *dir, const char *name, struct err *e)
{
	char path[4096];
	int fd;

	if (file_make_dir(dir, e) < 0)
		return -1;
	if ((size_t)snprintf(path, sizeof(path), "%s/%s.lock", dir, name) >=
	    sizeof(path))
		return err_set(e, "%s: name too long", dir);
	fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(e, errno, "%s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	if (errno == EWOULDBLOCK)
		err_again(e, "%s: held by another run; try again later", path);
	else
		err_sys(e, errno, "%s", path);
	close(fd);
	return -1;
}

struct str
file_share(struct arena *a, const char *name)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path));
	struct str s = str_make(path, n < 0 ? 0 : (size_t)n);

	for (int i = 0; i < 2 && str_rchr(s, '/') >= 0; i++)
		s = str_sub(s, 0, (size_t)str_rchr(s, '/'));
	if (n <= 0 || n == (ssize_t)sizeof(path))
		return STR_NONE;
	return ARENA_JOIN(a, s, STR("/share/kith/"), str_of(name));
}

int
file_nameless(const char *dir, struct err *e)
{
	char path[4096];
	int fd = open(dir, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	/* File systems without O_TMPFILE. */
	if ((size_t)snprintf(path, sizeof(path), "%s/kith.XXXXXX", dir) >=
	    sizeof(path))
		return err_set(e, "TMPDIR: name too long");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno, "%s", dir);
	unlink(path);
	return fd;
}
