#include "core/io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int
file_read(const char *path, struct buf *out, struct err *e)
{
	int fd;
	ssize_t n = 1;

	if (out->over)
		return err_set(e, "%s: no room left to read it", path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno, "%s", path);
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
			    e, "%s: more than %zu bytes", path, out->max);
		}
		if (n > 0)
			out->n += (size_t)n;
	}
	if (n < 0)
		err_sys(e, errno, "%s", path);
	close(fd);
	return n < 0 ? -1 : 0;
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

/* The folder that path stands in, for syncing the name itself. */
static int
sync_folder(const char *path)
{
	ptrdiff_t slash = str_rchr(str_of(path), '/');
	char dir[4096];
	int fd, rc;

	if (slash >= (ptrdiff_t)sizeof(dir))
		return -1;
	snprintf(dir, sizeof(dir), "%.*s", slash < 0 ? 1 : (int)slash + 1,
	    slash < 0 ? "." : path);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = fsync(fd);
	close(fd);
	return rc;
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
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
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

int
file_make_dir(const char *path, struct err *e)
{
	struct stat st;

	if (mkdir(path, 0700) == 0)
		return 0;
	if (errno != EEXIST)
		return err_sys(e, errno, "%s", path);
	if (stat(path, &st) < 0)
		return err_sys(e, errno, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, "%s: not a folder", path);
	return 0;
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
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
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
