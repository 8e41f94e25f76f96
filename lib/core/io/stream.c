#include "core/io/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io/archive.h"
#include "core/text/utf8.h"

enum {
	LONG_HEAD = 4096, /* bytes of a line past the ceiling that are shown */
	MAGIC = 10, /* first bytes that tell a compressed stream */
	PATIENCE =
	    1000, /* ms that a head may still grow behind its first line */
	KEEP_OUTPUT = 4 << 20, /* memory an output keeps between blocks */
	PIPE_BYTES = 1 << 20, /* of 64 KiB the neighbours wait too often:
				 measured 0.75 s against 0.63 s for a stage
				 that splices 528 MB between two cats */
};

struct input {
	int fd; /* -1 where `read` gives the bytes */
	bool own_fd, regular, looked, end_seen;
	bool failed; /* for good: what was held is not given as a line */
	struct err failure;
	char *name;
	ptrdiff_t (*read)(void *arg, void *p, size_t n, struct err *e);
	void *arg;
	const struct input *under; /* whose bytes read gives, or NULL */
	struct unpacker *unpacker;
	bool rerouted; /* read gives the bytes, whatever stands beside it */
	int kept[INPUT_KEPT];
	size_t kept_n;
	/* The block: cap bytes and BUF_PAD behind; at..end is not given yet,
	 * and its first `seen` bytes hold no newline, or were given by
	 * input_more. */
	char *block;
	size_t cap, at, end, seen;
	uint64_t further; /* where the next line of input_further begins */
	size_t max_line;
	uint64_t lines, bytes, base, offset;
	int64_t size;
	int (*idle)(void *, struct err *);
	void *idle_arg;
	int64_t line_at; /* when a look at the head first saw a line, or 0 */
	char long_head[LONG_HEAD + BUF_PAD];
};

static struct input *
input_new(const char *name, size_t max_line)
{
	struct input *in = xcalloc(1, sizeof(*in));

	in->fd = -1;
	in->name = xstrdup(name);
	in->cap = STREAM_BLOCK;
	in->block = xmalloc(in->cap + BUF_PAD);
	memset(in->block, 0, BUF_PAD);
	in->max_line = max_line;
	in->size = -1;
	return in;
}

/* A wish: no error where the descriptor is no pipe or the system says no. */
static void
widen_pipe(int fd)
{
	fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);
}

struct input *
input_open(const char *path, size_t max_line, struct err *e)
{
	bool is_stdin = path == NULL || strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	struct input *in;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		err_sys(e, errno, "%s", is_stdin ? "standard input" : path);
		if (fd >= 0 && !is_stdin)
			close(fd);
		return NULL;
	}
	if (S_ISDIR(st.st_mode)) {
		err_set(e, "%s: a folder, not a file",
		    is_stdin ? "standard input" : path);
		if (!is_stdin)
			close(fd);
		return NULL;
	}
	in = input_new(is_stdin ? "stdin" : path, max_line);
	in->fd = fd;
	in->own_fd = !is_stdin;
	in->regular = S_ISREG(st.st_mode);
	if (S_ISFIFO(st.st_mode))
		widen_pipe(fd);
	if (in->regular) {
		in->size = st.st_size;
		posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
	return in;
}

struct input *
input_from(const char *name,
    ptrdiff_t (*read)(void *arg, void *p, size_t n, struct err *e), void *arg,
    size_t max_line, struct err *e)
{
	struct input *in = input_new(name, max_line);

	(void)e;
	in->read = read;
	in->arg = arg;
	return in;
}

static ptrdiff_t
take_bytes(void *arg, void *p, size_t n, struct err *e)
{
	struct str *left = arg, part = str_sub(*left, 0, n);

	(void)e;
	if (part.n > 0)
		memcpy(p, part.p, part.n);
	*left = str_sub(*left, part.n, left->n);
	return (ptrdiff_t)part.n;
}

struct input *
input_from_bytes(
    const char *name, struct str *left, size_t max_line, struct err *e)
{
	return input_from(name, take_bytes, left, max_line, e);
}

void
input_over(struct input *in, const struct input *file)
{
	in->under = file;
}

void
input_close(struct input *in)
{
	if (in == NULL)
		return;
	unpack_close(in->unpacker);
	if (in->own_fd)
		close(in->fd);
	free(in->name);
	free(in->block);
	free(in);
}

void
input_on_idle(struct input *in, int (*idle)(void *, struct err *), void *arg)
{
	in->idle = idle;
	in->idle_arg = arg;
}

/* What has the descriptor. */
static const struct input *
bottom(const struct input *in)
{
	while (in->under != NULL)
		in = in->under;
	return in;
}

/* Would a read wait for so many milliseconds? */
static bool
would_wait(const struct input *in, int ms)
{
	const struct input *file = bottom(in);
	struct pollfd p = { .fd = file->fd, .events = POLLIN };

	return file->fd >= 0 && !file->regular && poll(&p, 1, ms) == 0;
}

/* Tells the owner where the next read would wait. */
static int
before_read(struct input *in, struct err *e)
{
	if (in->idle != NULL && would_wait(in, 0))
		return in->idle(in->idle_arg, e);
	return 0;
}

/* Bytes as they are, before anything is decompressed. */
static ptrdiff_t
read_raw(void *arg, void *to, size_t n, struct err *e)
{
	struct input *in = arg;

	if (in->read != NULL)
		return in->read(in->arg, to, n, e);
	for (;;) {
		ssize_t got = read(in->fd, to, n);
		struct pollfd p = { .fd = in->fd, .events = POLLIN };

		if (got >= 0)
			return got;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			poll(&p, 1, -1);
		else if (errno != EINTR)
			return err_sys(e, errno, "%s", in->name);
	}
}

static ptrdiff_t
read_some(struct input *in, char *to, size_t n, struct err *e)
{
	ptrdiff_t got;
	off_t at;

	if (in->rerouted)
		return in->read(in->arg, to, n, e);
	if (before_read(in, e) < 0)
		return -1;
	if (in->unpacker != NULL) {
		got = unpack_read(in->unpacker, to, n, e);
		at = in->regular ? lseek(in->fd, 0, SEEK_CUR) : -1;
		if (at >= 0)
			in->bytes = (uint64_t)at;
		else if (got > 0)
			in->bytes += (uint64_t)got;
		return got < 0 ? err_prefix(e, "%s", in->name) : got;
	}
	got = read_raw(in, to, n, e);
	if (got > 0)
		in->bytes += (uint64_t)got;
	return got;
}

void
input_reroute(struct input *in,
    ptrdiff_t (*read)(void *arg, void *p, size_t n, struct err *e), void *arg)
{
	in->rerouted = true;
	in->read = read;
	in->arg = arg;
	in->fd = -1;
}

int
input_file(const struct input *in)
{
	return in->regular && in->own_fd && in->unpacker == NULL ? in->fd : -1;
}

void
input_keep(struct input *in, int fd)
{
	if (fd >= 0 && in->kept_n < INPUT_KEPT)
		in->kept[in->kept_n++] = fd;
}

void
input_keep_none(struct input *in)
{
	in->kept_n = 0;
}

const int *
input_kept(const struct input *in, size_t *n)
{
	*n = in->kept_n;
	return in->kept;
}

ptrdiff_t
input_raw(struct input *in, void *p, size_t n, struct err *e)
{
	return read_some(in, p, n, e);
}

/* Where a compressed stream could still begin like this: more is read before
 * anything is given. */
static bool
magic_begun(struct str head)
{
	static const struct str magics[] = {
		{ "\x1f\x8b", 2 },
		{ "BZh", 3 },
		{ "\x28\xb5\x2f\xfd", 4 },
		{ "\xfd"
		  "7zXZ",
		    6 },
		{ "\x04\x22\x4d\x18", 4 },
	};

	if (head.n == 0 || head.n >= MAGIC)
		return false;
	for (size_t i = 0; i < sizeof(magics) / sizeof(*magics); i++) {
		size_t n = head.n < magics[i].n ? head.n : magics[i].n;

		if (memcmp(head.p, magics[i].p, n) == 0)
			return true;
	}
	return false;
}

/* After the first bytes: from here on through the unpacker where they say so. */
static int
look(struct input *in, struct err *e)
{
	struct str head = str_make(in->block, in->end);

	if (!in->end_seen && magic_begun(head))
		return 0;
	in->looked = true;
	if (!unpack_is(head) || unpack_is_archive(head))
		return 0;
	in->unpacker = unpack_stream(read_raw, in, head, e);
	in->end = 0;
	in->end_seen = false;
	return in->unpacker == NULL ? err_prefix(e, "%s", in->name) : 0;
}

/* Room behind what is held: the tail moves to the front, a block that is full
 * of one line grows. */
static void
make_room(struct input *in)
{
	size_t most = in->max_line + 1;

	if (in->at > 0) {
		memmove(in->block, in->block + in->at, in->end - in->at);
		in->base += in->at;
		in->end -= in->at;
		in->at = 0;
	}
	if (in->end < in->cap)
		return;
	in->cap = in->cap > most / 2 && in->cap < most ? most : in->cap * 2;
	in->block = xrealloc(in->block, in->cap + BUF_PAD);
}

/* Reads once behind what is held: 1 with more, 0 at the end, -1. */
static int
fill(struct input *in, struct err *e)
{
	size_t before = in->end - in->at;

	do {
		size_t room;
		ptrdiff_t n;

		if (in->failed) {
			*e = in->failure;
			return -1;
		}
		if (in->end_seen)
			return 0;
		make_room(in);
		room = in->cap - in->end;
		n = read_some(in, in->block + in->end,
		    room < STREAM_BLOCK ? room : STREAM_BLOCK, e);
		if (n >= 0) {
			in->end += (size_t)n;
			memset(in->block + in->end, 0, BUF_PAD);
			in->end_seen = n == 0;
		}
		if (n < 0 || (!in->looked && look(in, e) < 0)) {
			in->failed = true;
			in->failure = *e;
			return -1;
		}
	} while (!in->looked || (in->end == 0 && !in->end_seen));
	return in->end > before;
}

static int64_t
milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Has a live pipe given a line, and nothing for long enough? */
static bool
is_quiet(struct input *in)
{
	const struct input *file = bottom(in);
	int64_t left;

	if (file->fd < 0 || file->regular || file->end_seen || in->failed ||
	    memchr(in->block + in->at, '\n', in->end - in->at) == NULL)
		return false;
	if (in->line_at == 0)
		in->line_at = milliseconds();
	left = in->line_at + PATIENCE - milliseconds();
	return would_wait(in, left > 0 ? (int)left : 0);
}

int
input_peek(struct input *in, size_t n, struct str *head, struct err *e)
{
	bool quiet = false;
	int rc = 1;

	if (n > STREAM_BLOCK)
		n = STREAM_BLOCK;
	while (rc > 0 && in->end - in->at < n && !(quiet = is_quiet(in)))
		rc = fill(in, e);
	/* What is there is given; the failure comes with the next read. */
	if (rc < 0 && in->end == in->at)
		return -1;
	*head = str_make(in->block + in->at, in->end - in->at);
	if (head->n > n)
		head->n = n;
	return quiet ? 1 : 0;
}

int
input_await(struct input *in, struct err *e)
{
	return fill(in, e);
}

int
input_block(struct input *in, struct str *bytes, struct err *e)
{
	int rc = 1;

	if (in->at == in->end)
		rc = fill(in, e);
	if (rc < 0)
		return -1;
	*bytes = str_make(in->block + in->at, in->end - in->at);
	in->offset = in->base + in->at;
	in->at = in->end;
	in->seen = 0;
	return bytes->n > 0;
}

int
input_more(struct input *in, struct str *bytes, struct err *e)
{
	int rc = 1;

	in->at += in->seen - bytes->n;
	in->seen = bytes->n;
	if (in->seen == in->end - in->at)
		rc = fill(in, e);
	*bytes = str_make(in->block + in->at, in->end - in->at);
	in->seen = bytes->n;
	return rc;
}

/* Takes n bytes of the block as a line and `skip` behind them. */
static struct str
take(struct input *in, size_t n, size_t skip)
{
	struct str line = str_make(in->block + in->at, n);

	in->offset = in->base + in->at;
	in->at += n + skip;
	in->seen = 0;
	in->lines++;
	return line;
}

/* The head of a line past the ceiling is kept, the rest passed over; `whole`
 * is its length where its end is in the block already, else SIZE_MAX. */
static enum input_result
skip_long(struct input *in, size_t whole, struct str *line, struct err *e)
{
	size_t held = in->end - in->at, n = whole < held ? whole : held;
	int rc = 1;

	if (n > LONG_HEAD)
		n = LONG_HEAD;
	memcpy(in->long_head, in->block + in->at, n);
	memset(in->long_head + n, 0, sizeof(in->long_head) - n);
	/* No character is cut in two. */
	for (size_t back = 1; back <= 3 && back <= n; back++)
		if (((unsigned char)in->long_head[n - back] & 0xc0) == 0xc0) {
			if (utf8_length(
				str_make(in->long_head + n - back, back)) == 0)
				n -= back;
			break;
		}
	*line = str_make(in->long_head, n);
	if (whole != SIZE_MAX) {
		take(in, whole, whole < held ? 1 : 0);
		return INPUT_LONG;
	}
	take(in, held, 0);
	for (;;) {
		const char *nl;
		uint64_t start = in->offset;

		rc = fill(in, e);
		if (rc <= 0)
			return rc < 0 ? INPUT_FAIL : INPUT_LONG;
		nl = memchr(in->block, '\n', in->end);
		in->at = nl == NULL ? in->end : (size_t)(nl - in->block) + 1;
		in->offset = start;
		if (nl != NULL)
			return INPUT_LONG;
	}
}

enum input_result
input_line(struct input *in, struct str *line, struct err *e)
{
	for (;;) {
		const char *from = in->block + in->at, *nl;
		size_t held = in->end - in->at;
		int rc;

		nl = memchr(from + in->seen, '\n', held - in->seen);
		if (nl != NULL && (size_t)(nl - from) > in->max_line)
			return skip_long(in, (size_t)(nl - from), line, e);
		if (nl != NULL) {
			*line = take(in, (size_t)(nl - from), 1);
			return INPUT_LINE;
		}
		/* The head is the same however the bytes arrive. */
		if (held > in->max_line && held >= LONG_HEAD)
			return skip_long(in, SIZE_MAX, line, e);
		in->seen = held;
		rc = fill(in, e);
		if (rc < 0)
			return INPUT_FAIL;
		if (rc == 0 && held == 0)
			return INPUT_END;
		if (rc == 0 && held > in->max_line)
			return skip_long(in, held, line, e);
		if (rc == 0) {
			*line = take(in, held, 0);
			return INPUT_LINE;
		}
	}
}

bool
input_ahead(struct input *in, struct str *line)
{
	const char *from = in->block + in->at, *nl;
	size_t held = in->end - in->at;

	nl = memchr(from + in->seen, '\n', held - in->seen);
	in->seen = nl == NULL ? held : (size_t)(nl - from);
	*line = str_make(from, in->seen);
	return nl != NULL;
}

bool
input_further(struct input *in, struct str *line)
{
	uint64_t here = in->base + in->at;
	const char *from, *nl;
	size_t at;

	if (in->further < here)
		in->further = here;
	at = (size_t)(in->further - in->base);
	from = in->block + at;
	nl = at >= in->end ? NULL : memchr(from, '\n', in->end - at);
	if (nl == NULL)
		return false;
	*line = str_make(from, (size_t)(nl - from));
	in->further += line->n + 1;
	return true;
}

const char *
input_name(const struct input *in)
{
	return in->name;
}

uint64_t
input_lines(const struct input *in)
{
	return in->lines;
}

uint64_t
input_bytes(const struct input *in)
{
	return in->bytes;
}

int64_t
input_size(const struct input *in)
{
	return in->size;
}

uint64_t
input_offset(const struct input *in)
{
	return in->offset;
}

void
output_init(struct output *o, int fd)
{
	*o = (struct output){ .fd = fd };
	buf_init(&o->buf, SIZE_MAX / 4);
	widen_pipe(fd);
}

/* How many of n bytes left; fewer only where writing failed. */
static size_t
write_some(int fd, const char *p, size_t n, struct err *e)
{
	size_t left = n;

	while (left > 0) {
		ssize_t done = write(fd, p, left);
		struct pollfd wait = { .fd = fd, .events = POLLOUT };

		if (done >= 0) {
			p += done;
			left -= (size_t)done;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			poll(&wait, 1, -1);
		} else if (errno != EINTR) {
			err_sys(e, errno,
			    fd == STDOUT_FILENO ? "standard output"
						: "writing");
			break;
		}
	}
	return n - left;
}

void
output_fail(struct output *o, const struct err *why)
{
	if (o->failed)
		return;
	o->failed = true;
	o->failure = *why;
}

int
output_flush_part(struct output *o, size_t n, struct err *e)
{
	struct buf *b = &o->buf;
	struct err why;
	size_t done;

	if (o->failed) {
		*e = o->failure;
		return -1;
	}
	done = n == 0 ? 0 : write_some(o->fd, b->p, n, &why);
	o->written += done;
	if (done < b->n)
		memmove(b->p, b->p + done, b->n - done);
	b->n -= done;
	if (b->n == 0 && b->cap > KEEP_OUTPUT)
		buf_release(b);
	if (done == n)
		return 0;
	output_fail(o, &why);
	*e = why;
	return -1;
}

int
output_flush(struct output *o, struct err *e)
{
	return output_flush_part(o, o->buf.n, e);
}

int
output_ready(struct output *o, struct err *e)
{
	return o->buf.n < STREAM_OUT ? 0 : output_flush(o, e);
}

int
output_sync(struct output *o, struct err *e)
{
	if (fsync(o->fd) == 0 || errno == EINVAL || errno == EROFS)
		return 0;
	return err_sys(
	    e, errno, o->fd == STDOUT_FILENO ? "standard output" : "syncing");
}

int
output_close(struct output *o, struct err *e)
{
	int rc = output_flush(o, e);

	buf_release(&o->buf);
	if (o->fd >= 0 && close(o->fd) < 0 && rc == 0)
		rc = err_sys(e, errno,
		    o->fd == STDOUT_FILENO ? "standard output" : "closing");
	o->fd = -1;
	return rc;
}
