#include "live/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io/file.h"
#include "core/time.h"

#define ASIDE ".aside"
#define GIVEN ".given"

enum { PATH_BYTES = SPOOL_NAME + 32 };

/*
 * FROM is called BASE and a suffix, too, in the same folder: from behind the
 * walls nothing moves to another.  1 where it is new, 0 where it was, or FROM
 * is gone, -1.  Two names and a sync between, since a loss of power may leave a
 * half of what rename(2) does.
 */
static int
call(struct live_spool *s, const char *from, struct str base,
    const char *suffix, struct err *e)
{
	char to[PATH_BYTES];

	snprintf(to, sizeof(to), "%.*s%s", STR_ARG(base), suffix);
	if (linkat(s->folder, from, s->folder, to, 0) == 0)
		return 1;
	if (errno == EEXIST || errno == ENOENT)
		return 0;
	/* A file system without links. */
	if ((errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) &&
	    renameat(s->folder, from, s->folder, to) == 0)
		return 1;
	return err_sys(e, errno, "%s/%s", s->path, from);
}

static int
drop(struct live_spool *s, const char *name, struct err *e)
{
	return unlinkat(s->folder, name, 0) < 0 && errno != ENOENT
		   ? err_sys(e, errno, "%s/%s", s->path, name)
		   : 0;
}

static struct str
without(struct str name, struct str suffix)
{
	return str_sub(name, 0, name.n - suffix.n);
}

static int
sync_names(struct live_spool *s, struct err *e)
{
	return fsync(s->folder) < 0 ? err_sys(e, errno, "%s", s->path) : 0;
}

/* Each name in the folder, to a function that returns 0 or -1. */
static int
each_name(struct live_spool *s,
    int (*one)(
	struct live_spool *s, const char *name, size_t *n, struct err *e),
    size_t *n, struct err *e)
{
	DIR *d = opendir(s->path);
	const struct dirent *entry;
	int rc = 0;

	if (d == NULL)
		return err_sys(e, errno, "%s", s->path);
	while (rc == 0 && (entry = readdir(d)) != NULL)
		if (strlen(entry->d_name) < SPOOL_NAME + sizeof(ASIDE GIVEN))
			rc = one(s, entry->d_name, n, e);
	closedir(d);
	return rc;
}

/* The name of a body without what stands behind it. */
static struct str
base_of(struct str name)
{
	return without(
	    name, str_ends(name, STR(ASIDE)) ? STR(ASIDE) : STR(SPOOL_SUFFIX));
}

/* Was it given?  Its name before that, X.hook or X.aside. */
static bool
was_given(const char *name, struct str *before)
{
	*before = str_of(name);
	if (!str_ends(*before, STR(GIVEN)))
		return false;
	*before = without(*before, STR(GIVEN));
	return str_ends(*before, STR(ASIDE)) ||
	       str_ends(*before, STR(SPOOL_SUFFIX));
}

/* What went to a pipe of which nobody said that it did its work. */
static int
wait_again(struct live_spool *s, const char *name, size_t *n, struct err *e)
{
	struct str before;
	int rc;

	if (!was_given(name, &before))
		return 0;
	++*n;
	rc = call(s, name, base_of(before), SPOOL_SUFFIX, e);
	return rc == 0 ? drop(s, name, e) : rc < 0 ? -1 : 0;
}

/* What went to one that did it; what was no item stays. */
static int
forget(struct live_spool *s, const char *name, size_t *n, struct err *e)
{
	struct str before;
	int rc = 0;

	if (!was_given(name, &before))
		return 0;
	++*n;
	if (str_ends(before, STR(ASIDE)))
		rc = call(s, name, before, "", e);
	return rc == 0 ? drop(s, name, e) : rc < 0 ? -1 : 0;
}

/* Until there is none: a name that is new is on disk before the old one goes,
 * and a folder that changes while it is read may hide some. */
static int
each_given(struct live_spool *s,
    int (*one)(
	struct live_spool *s, const char *name, size_t *n, struct err *e),
    struct err *e)
{
	size_t n;

	do {
		n = 0;
		if (sync_names(s, e) < 0 || each_name(s, one, &n, e) < 0)
			return -1;
	} while (n > 0);
	return 0;
}

static int
take_folder(struct live_spool *s, const char *path, struct err *e)
{
	*s = (struct live_spool){ .folder = -1 };
	s->path = xstrdup(path);
	s->lock = file_lock(path, "ingest", e);
	if (s->lock < 0)
		return -1;
	s->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return s->folder < 0 ? err_sys(e, errno, "%s", path) : 0;
}

int
live_spool_open(struct live_spool *s, const char *path, struct err *e)
{
	return take_folder(s, path, e) < 0 ? -1 : each_given(s, wait_again, e);
}

void
live_spool_close(struct live_spool *s)
{
	if (s->folder >= 0)
		close(s->folder);
	if (s->lock >= 0)
		close(s->lock);
	vec_release(&s->names);
	free(s->path);
	*s = (struct live_spool){ .lock = -1, .folder = -1 };
}

/* One that nobody wrote to for long: kith-hook has a lock on what it writes. */
static int
drop_left(struct live_spool *s, const char *name, struct err *e)
{
	struct stat st;
	int fd, rc = 0;

	if (fstatat(s->folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !S_ISREG(st.st_mode) ||
	    time_clock() / TIME_SECOND - st.st_mtim.tv_sec < LIVE_LEFT)
		return 0;
	fd = openat(s->folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		rc = drop(s, name, e);
	close(fd);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	const struct live_spool_name *x = a, *y = b;

	return strcmp(x->s, y->s);
}

static void
sort_names(struct live_spool *s)
{
	if (s->names.n > 0)
		qsort(s->names.v, s->names.n, sizeof(*s->names.v), by_name);
}

/* The oldest window of all: twice as many are held, and the later half goes
 * when there is no room, so that n names cost n times a logarithm. */
static int
add_name(struct live_spool *s, const char *name, size_t *cut, struct err *e)
{
	struct live_spool_name entry;

	if (name[0] == '.' && str_ends(str_of(name), STR(SPOOL_NEW)))
		return drop_left(s, name, e);
	if (!spooled_is_name(name) || strlen(name) >= sizeof(entry.s))
		return 0;
	if (*cut > 0 && strcmp(name, s->names.v[LIVE_WINDOW - 1].s) > 0)
		return 0;
	snprintf(entry.s, sizeof(entry.s), "%s", name);
	vec_add(&s->names, entry);
	if (s->names.n < 2 * (size_t)LIVE_WINDOW)
		return 0;
	sort_names(s);
	s->names.n = LIVE_WINDOW;
	++*cut;
	return 0;
}

/* Where nothing waited, and the folder is as it was then, nothing does: who
 * follows looks often, and much may lie there that was given. */
static int
look(struct live_spool *s, struct err *e)
{
	int64_t now = time_clock() / TIME_SECOND;
	struct stat st;
	size_t cut = 0;

	s->names.n = s->at = 0;
	if (fstat(s->folder, &st) < 0)
		return err_sys(e, errno, "%s", s->path);
	if (s->changed.tv_sec != 0 && s->changed.tv_sec == st.st_mtim.tv_sec &&
	    s->changed.tv_nsec == st.st_mtim.tv_nsec)
		return 0;
	s->changed = (struct timespec){ 0 };
	if (each_name(s, add_name, &cut, e) < 0)
		return -1;
	sort_names(s);
	if (s->names.n > LIVE_WINDOW)
		s->names.n = LIVE_WINDOW;
	/* Its clock is coarse: two changes may have one time. */
	if (s->names.n == 0 && now - st.st_mtim.tv_sec > 2)
		s->changed = st.st_mtim;
	return 0;
}

ptrdiff_t
live_spool_next(struct live_spool *s, size_t n,
    const struct live_spool_name **names, struct err *e)
{
	if (s->at == s->names.n && look(s, e) < 0)
		return -1;
	if (n > s->names.n - s->at)
		n = s->names.n - s->at;
	*names = n == 0 ? NULL : &s->names.v[s->at];
	s->at += n;
	return (ptrdiff_t)n;
}

int
live_spool_settle(struct live_spool *s, const struct live_spool_name *names,
    const bool *aside, size_t n, bool durably, struct err *e)
{
	bool new = false;
	int rc = 0;

	for (size_t i = 0; rc >= 0 && i < n; i++) {
		if (durably && !aside[i])
			continue;
		rc = call(s, names[i].s, base_of(str_of(names[i].s)),
		    durably    ? ASIDE
		    : aside[i] ? ASIDE GIVEN
			       : SPOOL_SUFFIX GIVEN,
		    e);
		new |= rc > 0;
	}
	if (rc < 0 || (new &&sync_names(s, e) < 0))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (drop(s, names[i].s, e) < 0)
			return -1;
	return durably ? sync_names(s, e) : 0;
}

int
live_spool_done(const char *path, struct err *e)
{
	struct live_spool s;
	int rc = take_folder(&s, path, e);

	if (rc == 0)
		rc = each_given(&s, forget, e);
	live_spool_close(&s);
	return rc;
}

struct counting {
	struct live_spool spool; /* first: each_name has it */
	struct live_spool_count *out;
	char first[SPOOL_NAME + sizeof(ASIDE GIVEN)];
};

static int
count_name(struct live_spool *s, const char *name, size_t *n, struct err *e)
{
	struct counting *c = (struct counting *)s;
	struct str before = str_of(name);

	(void)e;
	if (name[0] == '.')
		return 0;
	(void)was_given(name, &before);
	if (str_ends(str_of(name), STR(ASIDE))) {
		c->out->aside++;
		return 0;
	}
	if (!str_ends(before, STR(SPOOL_SUFFIX)) &&
	    !str_ends(before, STR(ASIDE)))
		return 0;
	++*n;
	if (c->first[0] == '\0' || strcmp(name, c->first) < 0)
		snprintf(c->first, sizeof(c->first), "%s", name);
	return 0;
}

int
live_spool_count(const char *path, struct live_spool_count *out, struct err *e)
{
	struct counting c = { .spool = { .path = (char *)(uintptr_t)path },
		.out = out };
	struct stat st;
	size_t n = 0;
	int folder;

	*out = (struct live_spool_count){ .oldest = TIME_NONE };
	if (each_name(&c.spool, count_name, &n, e) < 0)
		return -1;
	out->waiting = n;
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* It may be taken meanwhile. */
	if (n > 0 && fstatat(folder, c.first, &st, 0) == 0)
		out->oldest = (int64_t)st.st_mtime * TIME_SECOND;
	if (folder >= 0)
		close(folder);
	return 0;
}
