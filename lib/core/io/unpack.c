/*
 * Archives and compressed streams, by a worker where that is wanted: it has
 * libarchive and the file, and does what it is asked, one request at a time;
 * we have its answers.  What comes by a pipe it asks us for in turn.
 *
 * One that died is followed by another, which begins again and passes over what
 * was given, and over what it died of: once for an entry, so that it ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io/frame.h"
#include "core/io/packed.h"
#include "core/sandbox/worker.h"
#include "core/text/utf8.h"
#include "core/time.h"

enum {
	ANSWER_MAX = 1 << 20, /* bytes that a request may ask for */
	WANTED_MAX = 60 << 10, /* of a stream at once: a pipe holds them */
	NAME_BYTES = 4096,
};
#define MEMORY (UINT64_C(2) << 30)

enum request { NEXT = 1, READ, OPEN /* n bytes follow */, CLOSE };
enum answer { DONE = 1, FAILED, WANT };

struct question {
	uint64_t what, n;
};

struct unpacker {
	struct packed *packed; /* here; NULL where a worker has it */
	struct worker worker;
	/* One of: a file, bytes, a stream whose first bytes are known. */
	int fd; /* else -1 */
	const char *path;
	struct str bytes;
	ptrdiff_t (*read)(void *arg, void *p, size_t n, struct err *e);
	void *arg;
	struct buf head;
	uint64_t entries; /* asked for */
	uint64_t died_at; /* of these */
	uint64_t out; /* bytes that came */
	bool open, lost, ended;
	struct buf answer, name;
};

/* Process-wide, as the walls are. */
static struct {
	bool wanted, required;
	/* One that has read a stream reads the next: what it needs comes by
	 * its pipe, and a folder may hold thousands. */
	bool idles;
	struct worker idle;
} workers;

void
unpack_by_workers(bool required)
{
	workers.wanted = true;
	workers.required = required;
}

/* In the worker. */

struct unpacking {
	int in, out;
};

/* What ends it is that nobody is there to ask or to answer. */
static void
say(int fd, const struct buf *b)
{
	uint64_t n = b->n;

	if (frame_write(fd, &n, sizeof(n)) < 0 ||
	    frame_write(fd, b->p, b->n) < 0)
		_exit(0);
}

static void
hear(int fd, void *p, size_t n)
{
	if (frame_read(fd, p, n) < 0)
		_exit(0);
}

static ptrdiff_t
want(void *arg, void *p, size_t n, struct err *e)
{
	struct unpacking *u = arg;
	struct buf b;
	int64_t got;

	if (n > WANTED_MAX)
		n = WANTED_MAX;
	buf_init(&b, 64);
	frame_put_number(&b, WANT);
	frame_put_number(&b, n);
	say(u->out, &b);
	buf_release(&b);
	hear(u->in, &got, sizeof(got));
	if (got < 0)
		hear(u->in, e, sizeof(*e));
	else
		hear(u->in, p, (size_t)got);
	return (ptrdiff_t)got;
}

static void
put_failure(struct buf *b, const struct err *e)
{
	frame_put_number(b, FAILED);
	frame_put_str(b, str_of(e->msg));
}

static void
answer_next(struct packed *p, struct buf *b)
{
	struct unpack_entry entry;
	struct err e;
	int rc = packed_next(p, &entry, &e);

	if (rc < 0)
		put_failure(b, &e);
	else
		frame_put_number(b, DONE);
	frame_put_number(b, (uint64_t)(rc > 0));
	frame_put_number(b, entry.name != NULL);
	frame_put_str(b, str_of(entry.name == NULL ? "" : entry.name));
	frame_put_number(b, (uint64_t)entry.size);
	frame_put_number(b, (uint64_t)entry.mtime);
}

static void
answer_read(struct packed *p, struct buf *b, size_t n)
{
	size_t head = sizeof(uint64_t);
	char *room = n > ANSWER_MAX ? NULL : buf_room(b, head + n);
	uint64_t done = DONE;
	struct err e;
	ptrdiff_t got;

	if (room == NULL)
		_exit(0);
	got = packed_read(p, room + head, n, &e);
	if (got < 0) {
		put_failure(b, &e);
		return;
	}
	memcpy(room, &done, head);
	b->n = head + (size_t)got;
}

/* What is asked of one, until it is closed. */
static void
serve(struct packed *p, int in, int out)
{
	struct question q;
	struct buf b;

	buf_init(&b, ANSWER_MAX + 64);
	for (;;) {
		hear(in, &q, sizeof(q));
		if (q.what == CLOSE)
			break;
		buf_reset(&b);
		if (q.what == NEXT)
			answer_next(p, &b);
		else
			answer_read(p, &b, (size_t)q.n);
		say(out, &b);
	}
	buf_release(&b);
}

static void
open_and_serve(struct packed *p, const struct err *e, int in, int out)
{
	struct buf b;

	buf_init(&b, ANSWER_MAX);
	if (p == NULL)
		put_failure(&b, e);
	else
		frame_put_number(&b, DONE);
	say(out, &b);
	buf_release(&b);
	if (p == NULL)
		return;
	serve(p, in, out);
	packed_close(p);
}

static void
unpack_one(void *arg, int in, int out)
{
	struct unpacker *z = arg;
	struct err e;

	open_and_serve(z->fd >= 0 ? packed_file(z->fd, z->path, &e)
				  : packed_memory(z->bytes, &e),
	    &e, in, out);
}

static void
unpack_streams(void *arg, int in, int out)
{
	struct unpacking u = { in, out };
	struct question q;
	struct buf head;
	struct err e;

	(void)arg;
	buf_init(&head, SIZE_MAX / 4);
	while (frame_read(in, &q, sizeof(q)) == 0 && q.what == OPEN) {
		char *p;

		buf_reset(&head);
		p = buf_room(&head, (size_t)q.n);
		if (p == NULL)
			return;
		hear(in, p, (size_t)q.n);
		head.n = (size_t)q.n;
		open_and_serve(
		    packed_stream(want, &u, buf_str(&head), &e), &e, in, out);
	}
}

/* On our side. */

/* Bytes of the stream that it asks for: 0, or -1 where it died. */
static int
give(struct unpacker *z, size_t n)
{
	char bytes[WANTED_MAX];
	struct err e;
	int64_t got;

	if (z->read == NULL || n > sizeof(bytes))
		return -1;
	got = z->read(z->arg, bytes, n, &e);
	if (worker_put(&z->worker, &got, sizeof(got)) < 0)
		return -1;
	return got < 0 ? worker_put(&z->worker, &e, sizeof(e))
		       : worker_put(&z->worker, bytes, (size_t)got);
}

/* Where the bytes of an answer go: no copy of them is made. */
struct room {
	void *p;
	size_t n;
	size_t got;
};

/* What it answers, in z->answer but for what has its own room (which may be
 * NULL): 0, or -1 where it died. */
static int
listen(struct unpacker *z, struct room *room, struct str *in, uint64_t *what)
{
	for (;;) {
		uint64_t n;
		char *p;

		buf_reset(&z->answer);
		if (worker_get(&z->worker, &n, sizeof(n)) < 0 ||
		    n < sizeof(*what) ||
		    worker_get(&z->worker, what, sizeof(*what)) < 0)
			return -1;
		n -= sizeof(*what);
		if (*what == DONE && room != NULL) {
			room->got = (size_t)n;
			return n > room->n
				   ? -1
				   : worker_get(&z->worker, room->p, (size_t)n);
		}
		if (n > z->answer.max ||
		    (p = buf_room(&z->answer, (size_t)n)) == NULL ||
		    worker_get(&z->worker, p, (size_t)n) < 0)
			return -1;
		z->answer.n = (size_t)n;
		*in = buf_str(&z->answer);
		if (*what != WANT)
			return 0;
		if (frame_get_number(in, &n) < 0 || give(z, (size_t)n) < 0)
			return -1;
	}
}

/* -1 with the sentence of what it died of, or of what it says. */
static int
lost(struct unpacker *z, struct err *e)
{
	struct buf why;

	buf_init(&why, 256);
	worker_end(&z->worker, &why);
	z->lost = true;
	/* Bytes of a pipe come once. */
	z->ended = z->read != NULL || z->died_at == z->entries;
	z->died_at = z->entries;
	err_set(e, "the process that unpacks it %s", buf_cstr(&why));
	e->code = ERR_ITEM;
	buf_release(&why);
	return -1;
}

static int
failed(struct str in, struct err *e)
{
	struct str why;

	return frame_get_str(&in, &why) < 0 ? err_set(e, "damaged")
					    : err_set(e, "%.*s", STR_ARG(why));
}

/* Makes a worker, or takes the one that idles. */
static int
get_worker(struct unpacker *z, struct err *e)
{
	struct sandbox walls = { .worker = true };
	struct worker_rights may = { .fd = z->fd,
		.memory = MEMORY + z->bytes.n,
		.walls = &walls,
		.required = workers.required };

	if (z->read != NULL && workers.idles) {
		z->worker = workers.idle;
		workers.idles = false;
		return 0;
	}
	/* The one before has left it anywhere. */
	if (z->fd >= 0 && lseek(z->fd, 0, SEEK_SET) < 0)
		return err_sys(e, errno, "%s", z->path);
	return worker_begin(&z->worker, &may,
	    z->read != NULL ? unpack_streams : unpack_one, z, e);
}

static int
begin(struct unpacker *z, struct err *e)
{
	struct question q = { OPEN, z->head.n };
	uint64_t what;
	struct str in;

	if (get_worker(z, e) < 0)
		return -1;
	z->lost = false;
	if ((z->read != NULL &&
		(worker_put(&z->worker, &q, sizeof(q)) < 0 ||
		    worker_put(&z->worker, z->head.p, z->head.n) < 0)) ||
	    listen(z, NULL, &in, &what) < 0)
		return lost(z, e);
	z->open = what == DONE;
	return z->open ? 0 : failed(in, e);
}

static int
ask(struct unpacker *z, enum request what, struct room *room, struct str *in,
    uint64_t *got)
{
	struct question q = { what, room == NULL ? 0 : room->n };

	return worker_put(&z->worker, &q, sizeof(q)) < 0
		   ? -1
		   : listen(z, room, in, got);
}

/* As far as the one before came: 0, or -1, it ends here. */
static int
again(struct unpacker *z)
{
	struct err e;
	struct str in;
	uint64_t what;

	if (begin(z, &e) < 0)
		return -1;
	for (uint64_t i = 0; i < z->entries; i++)
		if (ask(z, NEXT, NULL, &in, &what) < 0)
			return lost(z, &e);
	return 0;
}

static int
take_entry(struct unpacker *z, struct str in, uint64_t what,
    struct unpack_entry *entry, struct err *e)
{
	uint64_t more, named, size, mtime;
	struct str why, name;

	if (what == FAILED && frame_get_str(&in, &why) < 0)
		return lost(z, e);
	if (frame_get_number(&in, &more) < 0 ||
	    frame_get_number(&in, &named) < 0 ||
	    frame_get_str(&in, &name) < 0 || frame_get_number(&in, &size) < 0 ||
	    frame_get_number(&in, &mtime) < 0)
		return lost(z, e);
	buf_reset(&z->name);
	utf8_clean(str_sub(name, 0, NAME_BYTES), &z->name);
	entry->name = named != 0 ? buf_cstr(&z->name) : NULL;
	entry->size = (int64_t)size;
	entry->mtime = (int64_t)mtime;
	if (what == FAILED)
		return err_set(e, "%.*s", STR_ARG(why));
	z->ended = more == 0;
	return more != 0;
}

static struct unpacker *
unpacker_new(void)
{
	struct unpacker *z = xcalloc(1, sizeof(*z));

	z->fd = -1;
	z->died_at = UINT64_MAX;
	worker_init(&z->worker);
	buf_init(&z->head, SIZE_MAX / 4);
	buf_init(&z->name, 2 * NAME_BYTES);
	buf_init(&z->answer, ANSWER_MAX + 3 * NAME_BYTES);
	return z;
}

/* Here or by a worker; NULL where neither can. */
static struct unpacker *
open_it(struct unpacker *z, struct err *e)
{
	if (packed_load(e) == 0) {
		if (!workers.wanted)
			z->packed = z->fd >= 0 ? packed_file(z->fd, z->path, e)
				    : z->read != NULL
					? packed_stream(z->read, z->arg,
					      buf_str(&z->head), e)
					: packed_memory(z->bytes, e);
		if (workers.wanted ? begin(z, e) == 0 : z->packed != NULL)
			return z;
	}
	unpack_close(z);
	return NULL;
}

struct unpacker *
unpack_stream(ptrdiff_t (*read)(void *arg, void *p, size_t n, struct err *e),
    void *arg, struct str head, struct err *e)
{
	struct unpacker *z = unpacker_new();

	z->read = read;
	z->arg = arg;
	buf_add_str(&z->head, head);
	return open_it(z, e);
}

struct unpacker *
unpack_archive(const char *path, struct err *e)
{
	struct unpacker *z = unpacker_new();

	z->path = path;
	z->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (z->fd >= 0)
		return open_it(z, e);
	err_sys(e, errno, "%s", path);
	unpack_close(z);
	return NULL;
}

struct unpacker *
unpack_memory(struct str bytes, struct err *e)
{
	struct unpacker *z = unpacker_new();

	z->bytes = bytes;
	return open_it(z, e);
}

/* One that answered ends when nobody asks any more. */
static void
release_worker(struct unpacker *z)
{
	struct question q = { CLOSE, 0 };

	if (z->worker.pid == 0)
		return;
	if (z->read != NULL && !workers.idles &&
	    (!z->open || worker_put(&z->worker, &q, sizeof(q)) == 0)) {
		workers.idle = z->worker;
		workers.idles = true;
		return;
	}
	buf_reset(&z->answer);
	worker_end(&z->worker, &z->answer);
}

void
unpack_end_workers(void)
{
	struct buf why;

	if (!workers.idles)
		return;
	buf_init(&why, 256);
	worker_end(&workers.idle, &why);
	buf_release(&why);
	workers.idles = false;
}

void
unpack_close(struct unpacker *z)
{
	if (z == NULL)
		return;
	if (z->packed != NULL)
		packed_close(z->packed);
	release_worker(z);
	if (z->fd >= 0)
		close(z->fd);
	buf_release(&z->head);
	buf_release(&z->name);
	buf_release(&z->answer);
	free(z);
}

int
unpack_next(struct unpacker *z, struct unpack_entry *entry, struct err *e)
{
	struct str in;
	uint64_t what;

	if (z->packed != NULL)
		return packed_next(z->packed, entry, e);
	*entry = (struct unpack_entry){ .size = -1, .mtime = TIME_NONE };
	if (z->ended)
		return 0;
	if (z->lost && again(z) < 0) {
		z->ended = true;
		return 0;
	}
	z->entries++;
	if (ask(z, NEXT, NULL, &in, &what) < 0)
		return lost(z, e);
	return take_entry(z, in, what, entry, e);
}

ptrdiff_t
unpack_read(struct unpacker *z, void *p, size_t n, struct err *e)
{
	struct room room = { p, n, 0 };
	struct str in;
	uint64_t what;

	if (z->packed != NULL)
		return packed_read(z->packed, p, n, e);
	if (z->ended || z->lost)
		return 0;
	if (n > ANSWER_MAX)
		room.n = ANSWER_MAX;
	if (ask(z, READ, &room, &in, &what) < 0)
		return lost(z, e);
	if (what == FAILED)
		return failed(in, e);
	z->out += room.got;
	if (z->out > (uint64_t)UNPACK_MAX_TOTAL)
		return lost(z, e);
	return (ptrdiff_t)room.got;
}
