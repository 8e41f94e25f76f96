/*
 * In the worker: lines of a request through the mode, what it says and writes
 * into a reply.  All of a reply leaves in one go, when its lines are done: who
 * dies before that has said nothing.
 */
#include "driver/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/diag.h"
#include "core/io/frame.h"

struct worker_lines {
	struct run *run;
	int out;
	struct buf request; /* name, then lines */
	struct buf notes;
	const char *file;
	uint32_t line; /* of the request, from 0 */
	uint64_t number; /* in the file, from 1 */
	uint64_t told, told_ins; /* records that were replied */
	uint64_t wanted; /* with the next reply */
	bool last; /* it is that of a file */
	int in; /* for what is wanted */
	char place[4096];
};

static void
put_place(struct worker_lines *w, const char *place)
{
	frame_put_number(&w->notes, place != NULL);
	frame_put_str(&w->notes, str_of(place == NULL ? "" : place));
}

static int
item(struct sink *s, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	struct worker_lines *w = ((struct run *)s)->worker;

	(void)e;
	frame_put_number(&w->notes, NOTE_ITEM);
	frame_put_number(&w->notes, w->line);
	frame_put_number(&w->notes, file.p != NULL);
	frame_put_str(&w->notes, file);
	frame_put_str(&w->notes, at);
	frame_put_str(&w->notes, str_of(why));
	frame_put_str(&w->notes, bytes);
	return 0;
}

static void
sum(struct sink *s, const char *name, int64_t add)
{
	struct worker_lines *w = ((struct run *)s)->worker;

	frame_put_number(&w->notes, NOTE_SUM);
	frame_put_number(&w->notes, (uint64_t)add);
	frame_put_str(&w->notes, str_of(name));
}

static const char *
place(struct sink *s)
{
	struct worker_lines *w = ((struct run *)s)->worker;

	snprintf(w->place, sizeof(w->place), "%s:%llu", w->file,
	    (unsigned long long)w->number);
	return w->place;
}

/* Records stay until the reply. */
static int
keep(struct sink *s, struct err *e)
{
	return (void)s, (void)e, 0;
}

static void
said(void *arg, enum diag_level level, const char *where, const char *text)
{
	struct worker_lines *w = arg;

	frame_put_number(&w->notes, NOTE_SAID);
	frame_put_number(&w->notes, level);
	put_place(w, where);
	frame_put_str(&w->notes, str_of(text));
}

static void
put_fatal(struct worker_lines *w, const struct err *e)
{
	frame_put_number(&w->notes, NOTE_FATAL);
	frame_put_number(&w->notes, e->code);
	frame_put_str(&w->notes, str_of(e->msg));
}

/* Whoever waits for it is gone where it cannot be written. */
static void
send_reply(struct worker_lines *w)
{
	struct sink *s = &w->run->sink;
	struct frame_reply head = { s->ins - w->told_ins, s->outs - w->told,
		w->notes.n, s->mark, w->wanted, w->last };

	if (w->notes.over)
		_exit(EXIT_BAD);
	w->told = s->outs;
	w->told_ins = s->ins;
	if (frame_write(w->out, &head, sizeof(head)) < 0 ||
	    frame_write(w->out, w->notes.p, w->notes.n) < 0 ||
	    frame_write(w->out, s->out->p, s->mark) < 0)
		_exit(EXIT_BAD);
	buf_reset(&w->notes);
	s->mark = 0;
}

static void
reply(struct worker_lines *w)
{
	send_reply(w);
	sink_rollback(&w->run->sink);
}

static void
one_line(struct worker_lines *w, struct str line)
{
	struct run *r = w->run;
	struct err e = { .code = ERR_FAIL };
	enum stage_result rc = r->mode->line(r->self, &r->sink, line, &e);

	sink_rollback(&r->sink);
	if (rc == STAGE_FATAL) {
		put_fatal(w, &e);
		reply(w);
		_exit(EXIT_BAD);
	}
	if (rc == STAGE_REJECT) {
		frame_put_number(&w->notes, NOTE_REJECT);
		frame_put_number(&w->notes, w->line);
		frame_put_str(&w->notes, str_of(e.msg));
	}
}

/* What comes behind the head of a request. */
static size_t
size_of(const struct frame_request *q)
{
	return (size_t)q->name + q->lines * sizeof(struct frame_line) +
	       (size_t)q->bytes;
}

static void
all_lines(struct worker_lines *w, const struct frame_request *q)
{
	struct str heads = buf_str(&w->request);
	const char *bytes = heads.p + heads.n - q->bytes;

	w->file = heads.p;
	heads = str_sub(heads, (size_t)q->name, heads.n);
	for (w->line = 0; w->line < q->lines; w->line++) {
		struct frame_line l;

		if (frame_get(&heads, &l, sizeof(l)) < 0)
			_exit(EXIT_BAD);
		w->number = l.number;
		one_line(w, str_make(bytes + l.at, (size_t)l.bytes));
	}
}

/* After the last line.  Whoever is at the end of the other pipe sees it. */
static _Noreturn void
end(struct worker_lines *w)
{
	struct run *r = w->run;
	struct err e = { .code = ERR_FAIL };

	w->file = "";
	if (r->mode->end != NULL && r->mode->end(r->self, &r->sink, &e) < 0)
		put_fatal(w, &e);
	sink_rollback(&r->sink);
	reply(w);
	_exit(EXIT_GOOD);
}

static void
begin(struct worker_lines *w, struct run *r, int out,
    const struct sink_owner *owner)
{
	*w = (struct worker_lines){ .run = r,
		.out = out,
		.told = r->sink.outs,
		.told_ins = r->sink.ins,
		.file = "" };
	r->worker = w;
	r->sink.owner = owner;
	r->sink.mark = 0;
	sink_rollback(&r->sink);
	buf_init(&w->request, SIZE_MAX / 4);
	buf_init(&w->notes, NOTES_MAX);
	diag_divert(said, w);
}

void
lines_work(void *arg, int in, int out)
{
	static const struct sink_owner owner = {
		.flush = keep, .reject = item, .sum = sum, .place = place
	};
	struct run *r = arg;
	struct worker_lines *w = xcalloc(1, sizeof(*w));
	struct frame_request q;

	begin(w, r, out, &owner);
	while (frame_read(in, &q, sizeof(q)) == 0) {
		char *p;

		if (q.kind == FRAME_END)
			end(w);
		buf_reset(&w->request);
		p = buf_room(&w->request, size_of(&q) + BUF_PAD);
		if (p == NULL || frame_read(in, p, size_of(&q)) < 0)
			break;
		w->request.n = size_of(&q);
		all_lines(w, &q);
		reply(w);
	}
}

/* A file. */

/* What was committed leaves, with what was said until then; the record in hand
 * stays. */
static int
push(struct sink *s, struct err *e)
{
	struct worker_lines *w = ((struct run *)s)->worker;
	size_t rest = s->out->n - s->mark, from = s->mark;

	(void)e;
	send_reply(w);
	if (rest > 0)
		memmove(s->out->p, s->out->p + from, rest);
	s->out->n = rest;
	return 0;
}

static ptrdiff_t
want(void *arg, void *p, size_t n, struct err *e)
{
	struct worker_lines *w = arg;
	int64_t got;

	w->wanted = n < WANTED_MAX ? n : WANTED_MAX;
	push(&w->run->sink, e);
	w->wanted = 0;
	if (frame_read(w->in, &got, sizeof(got)) < 0 ||
	    (got < 0 ? frame_read(w->in, e, sizeof(*e))
		     : frame_read(w->in, p, (size_t)got)) < 0)
		_exit(EXIT_BAD);
	return (ptrdiff_t)got;
}

void
apart_work(void *arg, int in, int out)
{
	static const struct sink_owner owner = {
		.flush = push, .reject = item, .sum = sum
	};
	struct apart *a = arg;
	struct worker_lines *w = xcalloc(1, sizeof(*w));
	struct err e = { .code = ERR_FAIL };

	begin(w, a->run, out, &owner);
	w->in = in;
	input_reroute(a->in, want, w);
	if (a->work(a->arg, &e) < 0)
		put_fatal(w, &e);
	w->last = true;
	reply(w);
}
