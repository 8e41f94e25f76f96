#include "people/acts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io/file.h"
#include "core/map.h"
#include "record/fields.h"

/* Zeros stand where the power went before a line was on the disk: nobody was
 * told that it is kept. */
static bool
is_torn(struct str line)
{
	return str_chr(line, '\0') >= 0;
}

/* The lines of a file's bytes, from the first; torn ones are none in a file
 * that we append to. */
static int
each_line(struct str rest, const char *path, bool appended, acts_each *each,
    void *arg, struct err *e)
{
	struct record *r = record_new();
	unsigned number = 0;
	struct buf padded;
	int rc = 0;

	buf_init(&padded, ACTS_MAX);
	while (rc == 0 && rest.p != NULL) {
		struct str line = str_trim(str_line(&rest));
		struct act a;

		number++;
		if (line.n == 0 || line.p[0] == '#' ||
		    (appended && is_torn(line)))
			continue;
		buf_reset(&padded);
		buf_add_str(&padded, line);
		rc = record_parse(r, buf_str(&padded), e);
		if (rc == 0 && !act_read(r, &a))
			rc = err_set(e,
			    "no act: a line of `kith route --act`, or another "
			    "event with data.act");
		if (rc == 0)
			rc = act_check(&a, e);
		if (rc == 0)
			rc = each(arg, buf_str(&padded), &a, e);
		if (rc != 0)
			err_prefix(e, "%s:%u", path, number);
	}
	buf_release(&padded);
	record_free(r);
	return rc == 0 ? 0 : -1;
}

int
acts_read(const char *path, acts_each *each, void *arg, struct err *e)
{
	struct buf bytes;
	int rc;

	buf_init(&bytes, ACTS_MAX);
	rc = file_read(path, &bytes, e);
	if (rc == 0)
		rc = each_line(buf_str(&bytes), path, false, each, arg, e);
	buf_release(&bytes);
	return rc;
}

static void
path_of(const char *dir, struct buf *out)
{
	buf_init(out, 8192);
	buf_printf(out, "%s/acts.jsonl", dir);
}

/* Up to the last newline: what is behind was not finished. */
static struct str
whole(struct str s)
{
	while (s.n > 0 && s.p[s.n - 1] != '\n')
		s.n--;
	return s;
}

/* Those behind *at in the file's whole lines. */
static int
read_behind(
    const char *path, size_t *at, acts_each *each, void *arg, struct err *e)
{
	struct buf bytes;
	struct str lines;
	int rc;

	buf_init(&bytes, ACTS_MAX);
	rc = file_read_own(path, &bytes, e);
	lines = whole(buf_str(&bytes));
	if (rc == 0) {
		size_t from = lines.n < *at ? 0 : *at;

		*at = lines.n;
		rc = each_line(
		    str_sub(lines, from, lines.n), path, true, each, arg, e);
	}
	buf_release(&bytes);
	return rc;
}

int
acts_of_state_behind(
    const char *dir, size_t *at, acts_each *each, void *arg, struct err *e)
{
	struct buf path;
	struct stat st;
	int rc = 0;

	if (dir == NULL)
		return 0;
	path_of(dir, &path);
	if (lstat(buf_cstr(&path), &st) == 0
		? (uint64_t)st.st_size != *at
		: !file_is_missing(buf_cstr(&path)))
		rc = read_behind(buf_cstr(&path), at, each, arg, e);
	buf_release(&path);
	return rc;
}

int
acts_of_state(const char *dir, acts_each *each, void *arg, struct err *e)
{
	size_t at = 0;

	return acts_of_state_behind(dir, &at, each, arg, e);
}

static struct str
id_of(struct record *r, struct str line)
{
	struct err e;

	return record_parse(r, line, &e) != 0 ? STR_NONE : record_str(r, "id");
}

/* Those of the lines whose id is not in the file yet go to out. */
static void
only_new(struct str had, struct str lines, struct buf *out)
{
	struct record *r = record_new();
	struct map ids = { 0 };
	struct buf line;
	bool fresh;

	buf_init(&line, ACTS_MAX);
	for (int turn = 0; turn < 2; turn++) {
		struct str rest = turn == 0 ? had : lines;

		while (rest.n > 0) {
			struct str id;

			buf_reset(&line);
			buf_add_str(&line, str_line(&rest));
			id = id_of(r, buf_str(&line));
			if (id.p == NULL)
				continue;
			map_put(&ids, id, &fresh);
			if (turn == 1 && fresh) {
				buf_add_str(out, buf_str(&line));
				buf_add_char(out, '\n');
			}
		}
	}
	buf_release(&line);
	map_release(&ids);
	record_free(r);
}

static int
write_all(int fd, struct str s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		s = str_sub(s, (size_t)n, s.n);
	}
	return 0;
}

/* The file is open and nobody else writes to it. */
static int
append(int fd, const char *path, struct str lines, struct err *e)
{
	struct buf had, more;
	int rc = -1, copy = dup(fd);

	buf_init(&had, ACTS_MAX);
	buf_init(&more, ACTS_MAX);
	if (copy >= 0 && file_read_open(copy, path, &had, e) == 0) {
		struct str kept = whole(buf_str(&had));

		only_new(kept, lines, &more);
		/* What a run wrote that was killed is not on disk yet. */
		if ((more.n > 0 && (ftruncate(fd, (off_t)kept.n) < 0 ||
				       write_all(fd, buf_str(&more)) < 0)) ||
		    fsync(fd) < 0)
			rc = err_set(e, "%s: %s", path, strerror(errno));
		else
			rc = file_sync_name(path, e);
	}
	buf_release(&had);
	buf_release(&more);
	return rc;
}

int
acts_keep(const char *dir, struct str lines, struct err *e)
{
	struct buf path;
	int fd, rc = -1;

	if (lines.n == 0)
		return 0;
	if (file_make_dir(dir, e) != 0)
		return -1;
	path_of(dir, &path);
	fd = open(buf_cstr(&path),
	    O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		err_set(e, "%s: %s", buf_cstr(&path), strerror(errno));
	else
		rc = append(fd, buf_cstr(&path), lines, e);
	if (fd >= 0)
		close(fd);
	buf_release(&path);
	return rc;
}
