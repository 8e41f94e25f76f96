#include "hook/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include "core/text/ascii.h"
#include "core/time.h"

static const char magic[] = "kith-hook 1 ";

static int
write_all(int fd, struct str s)
{
	while (s.n > 0) {
		ssize_t n = write(fd, s.p, s.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		s = str_sub(s, (size_t)n, s.n);
	}
	return 0;
}

/* A type is a word or none: who sent it chose it. */
static struct str
plain(struct str type)
{
	size_t n = 0;

	while (n < type.n && n < 100 && type.p[n] > ' ' && type.p[n] <= '~' &&
	       type.p[n] != ';')
		n++;
	return str_sub(type, 0, n);
}

/* No two have one, whatever clocks do: by time, process and chance. */
static int
make_name(char out[SPOOL_NAME], int64_t at, struct err *e)
{
	uint32_t chance;

	if (getrandom(&chance, sizeof(chance), 0) != sizeof(chance))
		return err_sys(e, errno, "getrandom");
	snprintf(out, SPOOL_NAME, "%017" PRId64 "-%ld-%08" PRIx32, at,
	    (long)getpid(), chance);
	return 0;
}

static int
fill(int fd, const struct spooled *s)
{
	char head[SPOOL_HEAD], when[TIME_SIZE];
	struct str type = plain(s->type);
	int n;

	time_format(s->at, when);
	n = snprintf(head, sizeof(head), "%s%.*s %s %.*s\n", magic,
	    STR_ARG(s->source), when, STR_ARG(type.n > 0 ? type : STR("-")));
	if (n < 0 || n >= (int)sizeof(head)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return write_all(fd, str_make(head, (size_t)n)) < 0 ||
		       write_all(fd, s->body) < 0 || fsync(fd) < 0
		   ? -1
		   : 0;
}

/* In the folder that is open: what is there then is whole. */
static int
place(int folder, const char *name, const struct spooled *s)
{
	char beside[SPOOL_NAME + 8], whole[SPOOL_NAME + 8];
	int fd, rc, why;

	snprintf(beside, sizeof(beside), ".%s%s", name, SPOOL_NEW);
	snprintf(whole, sizeof(whole), "%s%s", name, SPOOL_SUFFIX);
	fd = openat(
	    folder, beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	/* Who removes what was left behind leaves what somebody writes. */
	rc = flock(fd, LOCK_EX) < 0 ? -1 : fill(fd, s);
	why = errno;
	if (close(fd) < 0 && rc == 0) {
		rc = -1;
		why = errno;
	}
	if (rc == 0 && renameat(folder, beside, folder, whole) < 0) {
		rc = -1;
		why = errno;
	}
	if (rc < 0) {
		unlinkat(folder, beside, 0);
	} else if (fsync(folder) < 0) {
		/* Not kept for sure: it will be sent again, and must not be
		 * there twice by our fault. */
		rc = -1;
		why = errno;
		unlinkat(folder, whole, 0);
	}
	errno = why;
	return rc;
}

int
spooled_write(const char *folder, const struct spooled *s, struct err *e)
{
	char name[SPOOL_NAME];
	int fd, rc;

	if (make_name(name, s->at, e) < 0)
		return -1;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno, "%s", folder);
	rc = place(fd, name, s);
	if (rc < 0)
		err_sys(e, errno, "%s", folder);
	close(fd);
	return rc;
}

int
spooled_parse(struct str file, struct spooled *out)
{
	ptrdiff_t end = str_chr(str_sub(file, 0, SPOOL_HEAD), '\n');
	struct str rest = str_sub(file, 0, end < 0 ? 0 : (size_t)end), when;

	if (!str_starts(rest, str_of(magic)))
		return -1;
	rest = str_sub(rest, sizeof(magic) - 1, rest.n);
	out->source = str_split(&rest, ' ');
	if (rest.p == NULL)
		return -1;
	when = str_split(&rest, ' ');
	out->type = str_is(rest, "-") ? STR_NONE : rest;
	out->body = str_sub(file, (size_t)end + 1, file.n);
	return out->source.n == 0 || rest.n == 0 ||
		       time_parse(when, &out->at) < 0
		   ? -1
		   : 0;
}

bool
spooled_is_name(const char *name)
{
	return ascii_is_digit(name[0]) &&
	       str_ends(str_of(name), STR(SPOOL_SUFFIX));
}
