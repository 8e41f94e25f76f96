/*
 * Archives and compressed streams, by a worker where that is wanted: it has
 * libarchive and the file, and does what it is asked, one request at a time;
 * we have its answers.  What comes by a pipe it asks us for in turn.
 *
 * One that died, or never answers, is followed by another, which begins again
 * and passes over what was given, and over what it died of: once for an entry,
 * so that it ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/io/frame.h"
#include "core/io/packed.h"
#include "core/io/unpackworker.h"
#include "core/sandbox/worker.h"
#include "core/text/utf8.h"
#include "core/time.h"

enum { NAME_BYTES = 4096 };
#define MEMORY (UINT64_C(2) << 30)

struct unpacker {
	struct packed *packed; /* here; NULL where a worker has it */
	struct worker worker;
	/* That, or a stream whose first bytes are known. */
	struct unpack_input input;
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
	struct worker_rights may = { .fd = z->input.fd,
		.memory = MEMORY + z->input.bytes.n,
		.walls = &walls,
		.required = workers.required };

	if (z->read != NULL && workers.idles) {
		z->worker = workers.idle;
		workers.idles = false;
		return 0;
	}
	/* The one before has left it anywhere. */
	if (z->input.fd >= 0 && lseek(z->input.fd, 0, SEEK_SET) < 0)
		return err_sys(e, errno, "%s", z->input.path);
	return z->read != NULL
		   ? worker_begin(&z->worker, &may, unpack_streams, NULL, e)
		   : worker_begin(&z->worker, &may, unpack_one, &z->input, e);
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

	z->input.fd = -1;
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
			z->packed = z->input.fd >= 0 ? packed_file(z->input.fd,
							   z->input.path, e)
				    : z->read != NULL
					? packed_stream(z->read, z->arg,
					      buf_str(&z->head), e)
					: packed_memory(z->input.bytes, e);
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

	z->input.path = path;
	z->input.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (z->input.fd >= 0)
		return open_it(z, e);
	err_sys(e, errno, "%s", path);
	unpack_close(z);
	return NULL;
}

struct unpacker *
unpack_memory(struct str bytes, struct err *e)
{
	struct unpacker *z = unpacker_new();

	z->input.bytes = bytes;
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
	if (z->input.fd >= 0)
		close(z->input.fd);
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
