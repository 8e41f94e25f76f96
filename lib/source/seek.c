#include "source/seek.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/io/sort.h"

enum {
	/* Bytes that SQLite locks (its os.h and wal.c): of a file while it
	 * is read; of NAME-shm against those that copy the log into it. */
	PENDING = 0x40000000,
	SHARED = PENDING + 2,
	SHARED_N = 510,
	CHECKPOINT = 121,
	NAPS = 50, /* a second */
	NAME_BYTES = 8192,
};

static const struct {
	const char *end;
	struct str head[2]; /* any where it is empty */
} companions[] = {
	{ "-wal", { { "\x37\x7f\x06\x82", 4 }, { "\x37\x7f\x06\x83", 4 } } },
	{ "-shm", { { "\x18\xe2\x2d\x00", 4 }, { "\x00\x2d\xe2\x18", 4 } } },
	{ "-journal", { { "\xd9\xd5\x05\xf9", 4 }, { "\0\0\0\0", 4 } } },
};

void
seek_spool_open(struct seek_spool *s)
{
	s->fd = file_nameless(sort_folder(), &s->why);
}

void
seek_spool_close(struct seek_spool *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

/* The file's bytes behind `at` of the spool. */
static int
spool(const struct seek_spool *to, struct input *from, struct seek_part *part,
    int64_t at, struct err *e)
{
	struct str block;
	int rc;

	if (to == NULL || to->fd < 0)
		return err_set(e,
		    "has to lie in a file to be read: TMPDIR names a "
		    "folder where one can be made%s%s",
		    to == NULL ? "" : ": ", to == NULL ? "" : to->why.msg);
	*part = (struct seek_part){ .fd = to->fd, .at = at };
	while ((rc = input_block(from, &block, e)) == 1)
		while (block.n > 0) {
			ssize_t n = pwrite(
			    to->fd, block.p, block.n, part->at + part->size);

			if (n < 0 && errno == EINTR)
				continue;
			if (n < 0)
				return err_sys(e, errno,
				    "%s: TMPDIR names a folder with more "
				    "room",
				    sort_folder());
			part->size += n;
			block = str_sub(block, (size_t)n, block.n);
		}
	return rc;
}

/* The log beside it in an archive: by a walk of its own. */
static int
spool_log(struct seek *s, const struct ingest *in, struct err *e)
{
	char name[NAME_BYTES];
	struct tree *found = NULL;
	struct input *input;
	int rc = -1;

	if (in->tree == NULL || tree_is_folder(in->tree) ||
	    (size_t)snprintf(name, sizeof(name), "%s-wal", in->entry) >=
		sizeof(name) ||
	    !tree_find(in->tree, name, &found))
		return 0;
	input = tree_input(found, in->max_item, e);
	if (input != NULL)
		rc = spool(in->spool, input, &s->log, s->file.size, e);
	input_close(input);
	tree_close(found);
	return rc;
}

/* A lock that others read with, too: 0, or -1 where somebody has it alone;
 * a file system that has none has none. */
static int
lock(int fd, off_t from, off_t n)
{
	struct flock l = { .l_type = F_RDLCK,
		.l_whence = SEEK_SET,
		.l_start = from,
		.l_len = n };

	return fcntl(fd, F_OFD_SETLK, &l) < 0 &&
		       (errno == EAGAIN || errno == EACCES)
		   ? -1
		   : 0;
}

static int
wait_for(int fd, off_t from, off_t n)
{
	const struct timespec nap = { 0, 1000000000 / NAPS };

	for (int i = 0; lock(fd, from, n) < 0; i++) {
		if (i == SEEK_PATIENCE * NAPS)
			return -1;
		nanosleep(&nap, NULL);
	}
	return 0;
}

/* What stands beside the file: a descriptor, -1 where nothing does, -2. */
static int
open_beside(const char *path, const char *end, struct err *e)
{
	char name[NAME_BYTES];
	int fd;

	if ((size_t)snprintf(name, sizeof(name), "%s%s", path, end) >=
	    sizeof(name)) {
		err_set(e, "its name is too long");
		return -2;
	}
	fd = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0 || errno == ENOENT)
		return fd;
	if (errno == ELOOP)
		err_set(e, "its %s is a link, which is not followed", end + 1);
	else
		err_sys(e, errno, "its %s, in which the newest messages may be",
		    end + 1);
	return -2;
}

/* A transaction of which half is in the file. */
static int
check_journal(const char *path, struct err *e)
{
	int fd = open_beside(path, "-journal", e);
	unsigned char first = 0;
	bool hot = fd >= 0 && pread(fd, &first, 1, 0) == 1 && first != 0;

	if (fd >= 0)
		close(fd);
	return fd == -2 ? -1
	       : hot    ? err_set(e, "a write into it did not come to its end "
					"(-journal beside it): sqlite3 mends "
					"it in a folder where it may write")
			: 0;
}

static int
find_log(struct seek *s, const char *path, struct err *e)
{
	struct stat st;

	s->log_fd = open_beside(path, "-wal", e);
	if (s->log_fd == -2)
		return -1;
	if (s->log_fd < 0)
		return 0;
	if (fstat(s->log_fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(e, "its -wal is no file");
	s->log = (struct seek_part){ s->log_fd, 0, st.st_size };
	if (pread(s->log_fd, s->log_head, SEEK_LOG_HEAD, 0) < 0)
		return err_sys(e, errno, "its -wal");
	return 0;
}

static int
on_disk(struct seek *s, int fd, const char *name, struct err *e)
{
	char *path = realpath(name, NULL);
	int rc = 0;

	if (path == NULL)
		return err_sys(e, errno, "its folder");
	if (wait_for(fd, PENDING, 1) < 0 || wait_for(fd, SHARED, SHARED_N) < 0)
		rc = err_again(
		    e, "another program is writing it: try again later");
	/* Who copies the log into the file would mix both; where it cannot be
	 * kept from that, seek_changed tells. */
	if (rc == 0 && (s->shared_fd = open_beside(path, "-shm", e)) >= 0)
		(void)wait_for(s->shared_fd, CHECKPOINT, 1);
	if (rc == 0 && fstat(fd, &s->was) < 0)
		rc = err_sys(e, errno, "it");
	if (rc == 0)
		rc = check_journal(path, e);
	if (rc == 0)
		rc = find_log(s, path, e);
	s->file = (struct seek_part){ fd, 0, s->was.st_size };
	free(path);
	return rc;
}

int
seek_open(struct seek *s, struct ingest *in, struct input *input, struct err *e)
{
	int fd = input_file(input);

	*s = (struct seek){
		.file.fd = -1, .log.fd = -1, .log_fd = -1, .shared_fd = -1
	};
	if (fd >= 0)
		return on_disk(s, fd, in->file, e);
	s->piped = in->tree == NULL;
	return spool(in->spool, input, &s->file, 0, e) < 0
		   ? -1
		   : spool_log(s, in, e);
}

void
seek_close(struct seek *s)
{
	if (s->log_fd >= 0)
		close(s->log_fd);
	if (s->shared_fd >= 0)
		close(s->shared_fd);
	s->log_fd = s->shared_fd = -1;
}

bool
seek_changed(const struct seek *s)
{
	char head[SEEK_LOG_HEAD] = "";
	struct stat st;

	if (s->was.st_ino == 0)
		return false;
	if (fstat(s->file.fd, &st) < 0 || st.st_size != s->was.st_size ||
	    st.st_mtim.tv_sec != s->was.st_mtim.tv_sec ||
	    st.st_mtim.tv_nsec != s->was.st_mtim.tv_nsec)
		return true;
	return s->log_fd >= 0 &&
	       (fstat(s->log_fd, &st) < 0 || st.st_size < s->log.size ||
		   pread(s->log_fd, head, SEEK_LOG_HEAD, 0) < 0 ||
		   memcmp(head, s->log_head, SEEK_LOG_HEAD) != 0);
}

static ptrdiff_t
read_part(void *arg, void *p, size_t n, int64_t at)
{
	const struct seek_part *s = arg;
	size_t done = 0;

	if (at < 0 || at >= s->size)
		return 0;
	if ((int64_t)n > s->size - at)
		n = (size_t)(s->size - at);
	while (done < n) {
		ssize_t got = pread(s->fd, (char *)p + done, n - done,
		    s->at + at + (int64_t)done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ptrdiff_t)done;
}

struct db_bytes
seek_bytes(const struct seek_part *s)
{
	return (struct db_bytes){ read_part, (void *)(uintptr_t)s, s->size };
}

bool
seek_beside(const char *path, size_t i, struct buf *name)
{
	size_t n = sizeof(companions) / sizeof(*companions);
	char *real = i < n ? NULL : realpath(path, NULL);

	buf_reset(name);
	if (i < 2 * n && (i < n || real != NULL))
		buf_printf(
		    name, "%s%s", i < n ? path : real, companions[i % n].end);
	free(real);
	return name->n > 0;
}

size_t
seek_companion(struct str name, struct str head)
{
	for (size_t i = 0; i < sizeof(companions) / sizeof(*companions); i++) {
		struct str end = str_of(companions[i].end);

		if (name.n > end.n && str_ends(name, end) &&
		    (str_starts(head, companions[i].head[0]) ||
			str_starts(head, companions[i].head[1])))
			return name.n - end.n;
	}
	return 0;
}
