/*
 * The file of --rejects.  It is opened at once, so that a place where none can
 * be is said before anything is read, and emptied late: not before the
 * arguments were found right, and never where it is a file that the run reads
 * or writes otherwise, which would be lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "driver/run.h"

/* What a check looks at. */
struct rejects {
	const struct run *run;
	struct stat st; /* of the file */
	bool other; /* it holds something, and that is no rejects */
	struct err *e;
};

/* How to refuse; never 0. */
static int
refuse(struct rejects *j, const char *what, const char *path)
{
	return err_set(j->e,
	    "--rejects %s is %s%s, which would be lost; name another file",
	    j->run->common.rejects, what, path);
}

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Is the file in this folder, or in one below it? */
static bool
is_below(const char *path, const struct stat *folder)
{
	char at[PATH_MAX], *slash;
	struct stat st;

	/* Where it cannot be looked at, nothing is overwritten. */
	if (realpath(path, at) == NULL)
		return errno != ENOENT;
	while ((slash = strrchr(at, '/')) != NULL) {
		*slash = '\0';
		if (stat(slash == at ? "/" : at, &st) == 0 &&
		    is_same(&st, folder))
			return true;
	}
	return false;
}

/*
 * From a file or folder that the run works with; there may be none.  A file
 * of rejects may lie in such a folder, say that of the state.
 */
static int
keep_apart(struct rejects *j, const char *path)
{
	struct stat st;

	if (path == NULL || stat(path, &st) < 0)
		return 0;
	if (!S_ISDIR(st.st_mode))
		return is_same(&st, &j->st) ? refuse(j, "the file ", path) : 0;
	return j->other && is_below(j->run->common.rejects, &st)
		   ? refuse(j, "a file of ", path)
		   : 0;
}

/* All of a folder is read, so there it would be its own input. */
static int
check_input(struct rejects *j, const char *path)
{
	struct stat st;

	if (path == NULL || stat(path, &st) < 0)
		return 0;
	if (is_same(&st, &j->st))
		return refuse(j, "the input ", path);
	if (S_ISDIR(st.st_mode) && is_below(j->run->common.rejects, &st))
		return err_set(j->e,
		    "--rejects %s is in the input %s, and would be read; "
		    "write it elsewhere",
		    j->run->common.rejects, path);
	return 0;
}

static int
check_inputs(struct rejects *j)
{
	if (check_input(j, j->run->only) < 0)
		return -1;
	for (char *const *o = j->run->operands; *o != NULL; o++)
		if (check_input(j, *o) < 0)
			return -1;
	return 0;
}

static int
check_standard_files(struct rejects *j)
{
	static const char *const names[] = { "standard input",
		"standard output", "standard error" };
	struct stat st;

	for (int fd = 0; fd <= 2; fd++)
		if (fstat(fd, &st) == 0 && is_same(&st, &j->st))
			return refuse(j, names[fd], "");
	return 0;
}

static int
check_option(struct rejects *j, const struct opt *o, const void *at)
{
	const struct opt_list *l = at;

	if (o->kind == OPT_TEXT)
		return keep_apart(j, *(const char *const *)at);
	for (size_t i = 0; i < l->n; i++)
		if (keep_apart(j, l->v[i]) < 0)
			return -1;
	return 0;
}

static int
check_options(struct rejects *j, const struct opt *opts, const void *values)
{
	for (const struct opt *o = opts; o != NULL && o->name != NULL; o++) {
		const void *at = (const char *)values + o->at;

		if (opt_takes_path(o) && at != &j->run->common.rejects &&
		    check_option(j, o, at) < 0)
			return -1;
	}
	return 0;
}

static int
check_workspace(struct rejects *j)
{
	const struct workspace *c = j->run->config;
	const char *const paths[] = { c->path, run_state(j->run), c->rules,
		c->patterns, c->segments, c->transports, c->templates };
	const struct workspace_list *const lists[] = { &c->links, &c->acts };

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (keep_apart(j, paths[i]) < 0)
			return -1;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		for (size_t k = 0; k < lists[i]->n; k++)
			if (keep_apart(j, lists[i]->v[k].p) < 0)
				return -1;
	return 0;
}

/* What the power left of a file that it went in: a sector of zeros and more. */
static bool
is_torn(const char *p, size_t n)
{
	return n > 0 && p[0] == '\0' && memcmp(p, p + 1, n - 1) == 0;
}

/* What is no file of rejects by its first bytes, or cannot be read. */
static bool
holds_other(const struct run *r, const struct stat *st)
{
	static const char head[] = REJECT_HEAD;
	char got[512];
	int fd;
	ssize_t n;

	if (st->st_size == 0)
		return false;
	fd = open(r->common.rejects, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	n = read(fd, got, sizeof(got));
	close(fd);
	if (n > 0 && is_torn(got, (size_t)n))
		return false;
	return n < (ssize_t)sizeof(head) - 1 ||
	       memcmp(got, head, sizeof(head) - 1) != 0;
}

int
rejects_open(struct run *r, struct err *e)
{
	int fd;

	if (r->common.rejects == NULL)
		return 0;
	if (file_check_links(r->common.rejects, e) != 0)
		return -1;
	fd = open(r->common.rejects, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_sys(e, errno, "%s", r->common.rejects);
	output_init(&r->rejects, fd);
	return 0;
}

/* What is no file (a pipe, a terminal, /dev/null) holds nothing to lose. */
static int
empty(const struct run *r, struct err *e)
{
	struct rejects j = { .run = r, .e = e };

	if (fstat(r->rejects.fd, &j.st) < 0)
		return err_sys(e, errno, "%s", r->common.rejects);
	if (!S_ISREG(j.st.st_mode))
		return 0;
	j.other = holds_other(r, &j.st);
	if (check_standard_files(&j) < 0 || check_inputs(&j) < 0 ||
	    check_options(&j, r->tool->opts, r->self) < 0 ||
	    check_options(&j, driver_opts, &r->common) < 0 ||
	    check_workspace(&j) < 0)
		return -1;
	if (ftruncate(r->rejects.fd, 0) < 0)
		return err_sys(e, errno, "%s", r->common.rejects);
	/* What customers wrote is nobody else's; one of another's cannot be
	 * closed by us. */
	(void)fchmod(r->rejects.fd, 0600);
	return 0;
}

int
rejects_begin(struct run *r, struct err *e)
{
	if (r->rejects.fd < 0 || r->rejects_begun)
		return 0;
	r->rejects_begun = true;
	if (empty(r, e) == 0)
		return 0;
	close(r->rejects.fd);
	r->rejects.fd = -1;
	r->common.rejects = NULL;
	return -1;
}
