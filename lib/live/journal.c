#include "live/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/hash.h"
#include "core/io/file.h"
#include "core/text/ascii.h"

enum {
	HELD = 1 << 20, /* bytes that are written at once */
	BLOCK = 256 << 10, /* that are read */
	PATH_BYTES = 4096,
	NUMBER = 32, /* bytes of a file that holds one */
};

static const char prefix[] = "journal.";

static void
path_of(const struct journal *j, const char *name, char out[PATH_BYTES])
{
	snprintf(out, PATH_BYTES, "%s/%s", j->folder, name);
}

static void
path_of_file(const struct journal *j, uint64_t begin, char out[PATH_BYTES])
{
	snprintf(out, PATH_BYTES, "%s/%s%020" PRIu64, j->folder, prefix, begin);
}

/* For a line that a disk may have torn, not for one that somebody forged. */
static uint64_t
checksum(struct str line)
{
	static const uint8_t key[16] = "kith's journal";

	return hash_sip13(key, line.p, line.n);
}

/* The number that a file of ours holds: 1, 0 where there is none, -1. */
static int
read_number(const char *path, uint64_t *out, struct err *e)
{
	struct buf b;
	int64_t n;
	int rc = -1;

	if (file_is_missing(path))
		return 0;
	buf_init(&b, NUMBER);
	if (file_read_own(path, &b, e) == 0) {
		rc = str_to_int(str_trim(buf_str(&b)), &n) == 0 && n >= 0;
		*out = rc > 0 ? (uint64_t)n : 0;
		if (rc == 0)
			rc = err_set(e,
			    "%s: must be a number; remove it, and what has "
			    "left is written once more",
			    path);
	}
	buf_release(&b);
	return rc;
}

static int
write_number(const char *path, uint64_t n, struct err *e)
{
	char text[NUMBER];
	int len = snprintf(text, sizeof(text), "%" PRIu64 "\n", n);

	return file_write_durable(path, str_make(text, (size_t)len), 0600, e);
}

static int
by_position(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static int
list_files(struct journal *j, struct err *e)
{
	DIR *d = opendir(j->folder);
	const struct dirent *entry;

	if (d == NULL)
		return err_sys(e, errno, "%s", j->folder);
	while ((entry = readdir(d)) != NULL) {
		struct str name = str_of(entry->d_name);
		int64_t n;

		if (str_starts(name, str_of(prefix)) &&
		    name.n == sizeof(prefix) - 1 + 20 &&
		    str_is_digits(str_sub(name, sizeof(prefix) - 1, name.n)) &&
		    str_to_int(str_sub(name, sizeof(prefix) - 1, name.n), &n) ==
			0)
			vec_add(&j->files, (uint64_t)n);
	}
	closedir(d);
	if (j->files.n > 0)
		qsort(j->files.v, j->files.n, sizeof(*j->files.v), by_position);
	return 0;
}

/* The entries of a file, one after the other. */
struct scan {
	int fd;
	struct buf in;
	size_t taken, looked; /* of `in`; behind `taken` without a newline */
	uint64_t good; /* bytes of whole entries so far */
	enum journal_kind kind;
	struct str text;
};

/* Is it a line of ours?  Its kind and text. */
static bool
take_entry(struct scan *s, struct str line)
{
	uint64_t hash = 0;

	if (line.n < JOURNAL_HEAD || line.p[16] != ' ' || line.p[18] != ' ')
		return false;
	for (size_t i = 0; i < 16; i++) {
		int digit = ascii_hex(line.p[i]);

		if (digit < 0)
			return false;
		hash = hash << 4 | (uint64_t)digit;
	}
	s->kind = (enum journal_kind)line.p[17];
	s->text = str_sub(line, JOURNAL_HEAD, line.n);
	return hash == checksum(str_sub(line, 17, line.n));
}

/* More of the file: 1, 0 at its end, -1. */
static int
scan_more(struct scan *s, struct err *e)
{
	ssize_t n;
	char *to;

	if (s->taken > 0) {
		memmove(s->in.p, s->in.p + s->taken, s->in.n - s->taken);
		s->in.n -= s->taken;
		s->taken = 0;
	}
	to = buf_room(&s->in, BLOCK);
	if (to == NULL)
		return 0;
	do
		n = read(s->fd, to, BLOCK);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_sys(e, errno, "reading the journal");
	s->in.n += (size_t)n;
	return n > 0;
}

/* 1 with the next entry, 0 where the next is none or torn, -1. */
static int
scan_next(struct scan *s, struct err *e)
{
	const char *end;
	struct str line;
	int rc;

	for (;;) {
		line = str_sub(buf_str(&s->in), s->taken, s->in.n);
		end = line.n > s->looked
			  ? memchr(line.p + s->looked, '\n', line.n - s->looked)
			  : NULL;
		if (end != NULL)
			break;
		s->looked = line.n;
		rc = scan_more(s, e);
		if (rc <= 0)
			return rc;
	}
	line.n = (size_t)(end - line.p);
	s->looked = 0;
	if (!take_entry(s, line))
		return 0;
	s->taken += line.n + 1;
	s->good += line.n + 1;
	return 1;
}

static int
scan_open(struct scan *s, const struct journal *j, uint64_t begin, int flags,
    struct err *e)
{
	char path[PATH_BYTES];

	path_of_file(j, begin, path);
	*s = (struct scan){ .fd = open(path, flags | O_NOFOLLOW | O_CLOEXEC) };
	if (s->fd < 0)
		return err_sys(e, errno, "%s", path);
	buf_init(&s->in, JOURNAL_ENTRY + JOURNAL_HEAD + BLOCK);
	return 0;
}

static void
scan_close(struct scan *s)
{
	buf_release(&s->in);
	close(s->fd);
}

/* The last file, without what was torn off. */
static int
mend_tail(struct journal *j, struct err *e)
{
	uint64_t begin = j->files.v[j->files.n - 1];
	struct scan s;
	int rc;

	if (scan_open(&s, j, begin, O_RDWR, e) < 0)
		return -1;
	while ((rc = scan_next(&s, e)) > 0)
		continue;
	if (rc == 0 && ftruncate(s.fd, (off_t)s.good) < 0)
		rc = err_sys(e, errno, "%s: its torn end", j->folder);
	/* What a run before wrote and did not sync must be here to stay: it
	 * will be read and given. */
	if (rc == 0 && fdatasync(s.fd) < 0)
		rc = err_sys(e, errno, "%s", j->folder);
	if (rc == 0)
		rc = lseek(s.fd, (off_t)s.good, SEEK_SET) < 0
			 ? err_sys(e, errno, "%s", j->folder)
			 : 0;
	j->end = begin + s.good;
	j->fd = rc == 0 ? dup(s.fd) : -1;
	if (rc == 0 && j->fd < 0)
		rc = err_sys(e, errno, "%s", j->folder);
	scan_close(&s);
	return rc;
}

static int
read_mark(struct journal *j, struct err *e)
{
	char path[PATH_BYTES];

	path_of(j, "mark", path);
	if (read_number(path, &j->mark, e) < 0)
		return -1;
	if (j->files.n == 0)
		j->end = j->mark;
	/* It was moved before the files were lost, or cut. */
	if (j->mark > j->end) {
		j->damaged = true;
		j->end = j->mark;
		if (j->fd >= 0)
			close(j->fd);
		j->fd = -1;
	}
	return 0;
}

int
journal_open(struct journal *j, const char *folder, struct err *e)
{
	*j = (struct journal){ .lock = -1, .fd = -1, .file_max = JOURNAL_FILE };
	buf_init(&j->held, JOURNAL_ENTRY);
	buf_init(&j->out, JOURNAL_ENTRY);
	j->folder = xstrdup(folder);
	if (strlen(folder) + sizeof(prefix) + NUMBER > PATH_BYTES)
		return err_set(e, "%s: name too long", folder);
	j->lock = file_lock(folder, "journal", e);
	if (j->lock < 0 || list_files(j, e) < 0)
		return -1;
	if (j->files.n > 0 && mend_tail(j, e) < 0)
		return -1;
	return read_mark(j, e);
}

void
journal_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	if (j->lock >= 0)
		close(j->lock);
	buf_release(&j->held);
	buf_release(&j->out);
	vec_release(&j->files);
	free(j->folder);
	*j = (struct journal){ .lock = -1, .fd = -1 };
}

/* The file that `end` begins. */
static int
next_file(struct journal *j, struct err *e)
{
	char path[PATH_BYTES];

	path_of_file(j, j->end, path);
	if (j->fd >= 0)
		close(j->fd);
	j->fd = open(
	    path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (j->fd < 0)
		return err_sys(e, errno, "%s", path);
	if (j->files.n == 0 || j->files.v[j->files.n - 1] != j->end)
		vec_add(&j->files, j->end);
	j->named = false;
	return 0;
}

/* What is held, behind the end: all of it or nothing. */
static int
write_all_held(struct journal *j, struct err *e)
{
	struct str rest = buf_str(&j->held);
	uint64_t begin;

	if (rest.n == 0)
		return 0;
	if (j->fd >= 0 && j->end - j->files.v[j->files.n - 1] >= j->file_max) {
		/* What is in a file that is not the last was synced. */
		if (fdatasync(j->fd) < 0)
			return err_sys(e, errno, "%s", j->folder);
		close(j->fd);
		j->fd = -1;
	}
	if (j->fd < 0 && next_file(j, e) < 0)
		return -1;
	begin = j->files.v[j->files.n - 1];
	while (rest.n > 0) {
		ssize_t n = write(j->fd, rest.p, rest.n);
		int why = errno;

		if (n < 0 && why == EINTR)
			continue;
		if (n < 0) {
			off_t good = (off_t)(j->end - begin);

			/* Where not even that works, the next one who
			 * opens it will see that it is torn. */
			if (ftruncate(j->fd, good) == 0)
				(void)lseek(j->fd, good, SEEK_SET);
			buf_reset(&j->held);
			return err_sys(e, why, "%s", j->folder);
		}
		rest = str_sub(rest, (size_t)n, rest.n);
	}
	j->end += j->held.n;
	buf_reset(&j->held);
	return 0;
}

static int
write_held(struct journal *j, struct err *e)
{
	int rc = write_all_held(j, e);

	j->failed |= rc < 0;
	return rc;
}

int
journal_add(
    struct journal *j, enum journal_kind kind, struct str text, struct err *e)
{
	size_t at = j->held.n;
	char hash[17];

	buf_add(&j->held, "0000000000000000 ", 17);
	buf_add_char(&j->held, (char)kind);
	buf_add_char(&j->held, ' ');
	buf_add_str(&j->held, text);
	if (j->held.over) {
		buf_reset(&j->held);
		return err_set(
		    e, "an item of more than %zu bytes", JOURNAL_ENTRY);
	}
	snprintf(hash, sizeof(hash), "%016" PRIx64,
	    checksum(str_sub(buf_str(&j->held), at + 17, j->held.n)));
	memcpy(j->held.p + at, hash, 16);
	buf_add_char(&j->held, '\n');
	return j->held.n < HELD ? 0 : write_held(j, e);
}

int
journal_sync(struct journal *j, struct err *e)
{
	char path[PATH_BYTES];

	if (write_held(j, e) < 0)
		return -1;
	if (j->fd < 0)
		return 0;
	if (fdatasync(j->fd) < 0)
		return err_sys(e, errno, "%s", j->folder);
	if (j->named)
		return 0;
	path_of(j, "journal", path);
	if (file_sync_name(path, e) < 0)
		return -1;
	j->named = true;
	return 0;
}

/* From the one that holds the position on. */
static size_t
first_file(const struct journal *j, uint64_t from)
{
	size_t i = j->files.n;

	while (i > 0 && j->files.v[i - 1] > from)
		i--;
	return i > 0 ? i - 1 : 0;
}

int
journal_read(struct journal *j, uint64_t from,
    int (*entry)(
	void *arg, enum journal_kind kind, struct str text, struct err *e),
    void *arg, struct err *e)
{
	int rc = write_held(j, e);

	for (size_t i = first_file(j, from); rc == 0 && i < j->files.n; i++) {
		uint64_t begin = j->files.v[i];
		uint64_t end = i + 1 < j->files.n ? j->files.v[i + 1] : j->end;
		struct scan s;

		if (scan_open(&s, j, begin, O_RDONLY, e) < 0)
			return -1;
		if (from > begin) {
			s.good = from - begin;
			(void)lseek(s.fd, (off_t)s.good, SEEK_SET);
		}
		while (rc == 0 && begin + s.good < end) {
			int got = scan_next(&s, e);

			if (got < 0)
				rc = -1;
			if (got <= 0)
				break;
			rc = entry(arg, s.kind, s.text, e);
		}
		if (rc == 0 && begin + s.good < end)
			j->damaged = true;
		scan_close(&s);
	}
	return rc;
}

/* Those that end before the mark. */
static int
remove_files(struct journal *j, struct err *e)
{
	char path[PATH_BYTES];
	size_t n = 0;

	while (n < j->files.n &&
	       (n + 1 < j->files.n ? j->files.v[n + 1] : j->end) <= j->mark)
		n++;
	for (size_t i = 0; i < n; i++) {
		path_of_file(j, j->files.v[i], path);
		if (unlink(path) < 0 && errno != ENOENT)
			return err_sys(e, errno, "%s", path);
	}
	if (n == j->files.n && j->fd >= 0) {
		close(j->fd);
		j->fd = -1;
	}
	if (n > 0)
		memmove(j->files.v, j->files.v + n,
		    (j->files.n - n) * sizeof(*j->files.v));
	j->files.n -= n;
	return 0;
}

int
journal_set_mark(struct journal *j, uint64_t mark, struct err *e)
{
	char path[PATH_BYTES];

	if (mark < j->mark || mark > j->end)
		return err_set(e, "%s: the journal has no place %" PRIu64,
		    j->folder, mark);
	path_of(j, "mark", path);
	if (mark != j->mark && write_number(path, mark, e) < 0)
		return -1;
	j->mark = mark;
	return remove_files(j, e);
}

int
journal_note(struct journal *j, uint64_t given, struct err *e)
{
	char path[PATH_BYTES];

	path_of(j, "given", path);
	return write_number(path, given, e);
}

int
journal_forget_note(struct journal *j, struct err *e)
{
	char path[PATH_BYTES];

	path_of(j, "given", path);
	if (unlink(path) < 0 && errno != ENOENT)
		return err_sys(e, errno, "%s", path);
	return 0;
}

int
journal_done(const char *folder, struct err *e)
{
	char path[PATH_BYTES];
	struct journal j;
	uint64_t given = 0;
	int rc;

	if ((size_t)snprintf(path, sizeof(path), "%s/given", folder) >=
	    sizeof(path))
		return err_set(e, "%s: name too long", folder);
	if (file_is_missing(path))
		return 0;
	rc = journal_open(&j, folder, e);
	if (rc == 0)
		rc = read_number(path, &given, e) < 0 ? -1 : 0;
	/* Less than the mark: a disk was put back. */
	if (rc == 0 && given > j.mark && given <= j.end)
		rc = journal_set_mark(&j, given, e);
	if (rc == 0)
		rc = journal_forget_note(&j, e);
	journal_close(&j);
	return rc;
}
