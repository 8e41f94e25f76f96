/*
 * In the worker: it has libarchive and the file, and does what it is asked, one
 * request at a time.  What comes by a pipe it asks for in turn.
 */
#include "core/io/unpackworker.h"

#include <unistd.h>

#include "core/buf.h"
#include "core/io/frame.h"

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

void
unpack_one(void *arg, int in, int out)
{
	const struct unpack_input *a = arg;
	struct err e;

	open_and_serve(a->fd >= 0 ? packed_file(a->fd, a->path, &e)
				  : packed_memory(a->bytes, &e),
	    &e, in, out);
}

void
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
