/*
 * Landlock: what is opened from now on lies below one of the paths.  By the
 * kernel's own numbers (Documentation/userspace-api/landlock.rst): a C library
 * may know fewer of them than the kernel that runs.  Each version of the kernel
 * closes more; what it does not know is left out.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/sandbox/walls.h"

/* The same on all machines. */
enum {
	CREATE_RULESET = 444,
	ADD_RULE = 445,
	RESTRICT_SELF = 446,
	ASK_VERSION = 1, /* flag of CREATE_RULESET */
	PATH_BENEATH = 1, /* kind of ADD_RULE */
};

enum access {
	EXECUTE = 1 << 0,
	WRITE_FILE = 1 << 1,
	READ_FILE = 1 << 2,
	READ_DIR = 1 << 3,
	REMOVE_DIR = 1 << 4,
	REMOVE_FILE = 1 << 5,
	MAKE_DIR = 1 << 7,
	MAKE_REG = 1 << 8,
	FIRST = (1 << 13) - 1, /* all that the first version knows */
	REFER = 1 << 13, /* from version 2 on: to another folder */
	TRUNCATE = 1 << 14, /* 3 */
	IOCTL_DEV = 1 << 15, /* 5 */
	/* What a rule of a file, not a folder, may have. */
	OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE,
	READING = READ_FILE | READ_DIR,
	WRITING = READING | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR |
		  MAKE_REG | TRUNCATE,
};

enum {
	BIND_TCP = 1, /* 4 */
	CONNECT_TCP = 2,
	ABSTRACT_SOCKETS = 1, /* 6: only to processes behind the same wall */
	SIGNALS = 2,
};

struct ruleset {
	uint64_t files, ports, scopes;
};

struct path_beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

/* What version v of the kernel's can close, and this sandbox wants closed. */
static struct ruleset
closed_by(long v, const struct sandbox *s)
{
	struct ruleset r = { .files = FIRST };

	if (v >= 2)
		r.files |= REFER;
	if (v >= 3)
		r.files |= TRUNCATE;
	if (v >= 4)
		r.ports = BIND_TCP | (s->network ? 0 : CONNECT_TCP);
	if (v >= 5)
		r.files |= IOCTL_DEV;
	if (v >= 6)
		r.scopes = ABSTRACT_SOCKETS | SIGNALS;
	return r;
}

/* A kernel takes no more of it than it knows, even if it is 0. */
static size_t
size_for(long v)
{
	return v < 4   ? offsetof(struct ruleset, ports)
	       : v < 6 ? offsetof(struct ruleset, scopes)
		       : sizeof(struct ruleset);
}

/* One that is not there, or that we may not look at, is not opened later. */
static bool
is_no_matter(int errnum)
{
	return errnum == ENOENT || errnum == ENOTDIR || errnum == EACCES ||
	       errnum == ELOOP || errnum == ENAMETOOLONG || errnum == ENXIO;
}

static int
allow(int ruleset, const struct ruleset *r, const struct sandbox_path *p,
    struct err *e)
{
	struct path_beneath rule = { 0 };
	struct stat st;
	int rc = 0;

	rule.fd = open(p->path, O_PATH | O_CLOEXEC);
	if (rule.fd < 0)
		return is_no_matter(errno) ? 0
					   : err_sys(e, errno, "%s", p->path);
	rule.allowed = r->files & ((p->rights & SANDBOX_WRITE) != 0 ? WRITING
				      : (p->rights & SANDBOX_RUN) != 0
					  ? EXECUTE | READ_FILE
					  : READING);
	if (fstat(rule.fd, &st) < 0)
		rc = err_sys(e, errno, "%s", p->path);
	else if (!S_ISDIR(st.st_mode))
		rule.allowed &= OF_FILES;
	/* Pipes and the like, such as /dev/fd/63, lie below nothing, and no
	 * wall stands before them. */
	if (rc == 0 &&
	    syscall(ADD_RULE, ruleset, PATH_BENEATH, &rule, 0) != 0 &&
	    errno != EBADFD)
		rc = err_sys(e, errno, "%s: Landlock", p->path);
	close(rule.fd);
	return rc;
}

int
landlock_raise(const struct sandbox *s, struct err *e)
{
	static char name[] = "/proc";
	static const struct sandbox_path proc = { name, SANDBOX_READ };
	long version = syscall(CREATE_RULESET, NULL, 0, ASK_VERSION);
	struct ruleset r = closed_by(version, s);
	int fd, rc = 0;

	if (version < 1)
		return 0;
	fd = (int)syscall(CREATE_RULESET, &r, size_for(version), 0);
	if (fd < 0)
		return 0;
	for (size_t i = 0; rc == 0 && i < s->paths.n; i++)
		rc = allow(fd, &r, &s->paths.v[i], e);
	if (rc == 0 && SANDBOX_SANITIZED)
		rc = allow(fd, &r, &proc, e);
	/* No more than sixteen walls stand one behind the other. */
	if (rc == 0)
		rc = syscall(RESTRICT_SELF, fd, 0) == 0 ? 1 : 0;
	close(fd);
	return rc;
}
