/*
 * Lines through a worker: the run reads them, hands over all that the input
 * holds at a time, from where they stand in it, and takes what comes back in
 * their order.  One that dies costs the line that it died of, which is a
 * reject: the lines in hand go to the next worker one by one.
 *
 * The run copies nothing in the input's way; the kernel copies twice what goes
 * there and what comes back.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/diag.h"
#include "core/io/frame.h"
#include "core/sandbox/worker.h"
#include "driver/worker.h"

enum {
	REPLY = 64 << 20, /* bytes that may come back beyond a record's */
	MEMORY_ITEMS = 40, /* of the largest that a worker may have */
};
#define MEMORY_LEAST (UINT64_C(2) << 30)

struct held {
	struct str line; /* in the input's own memory */
	uint64_t number; /* in the file */
};

struct workers {
	struct run *run;
	struct worker process; /* none yet, or the last one died */
	struct VEC(struct held) lines; /* in hand, one behind the other */
	struct buf
	    heads; /* of a request, the name, a struct frame_line a line */
	struct buf notes;
	struct buf said; /* of a worker that died */
	struct arena names; /* of sums */
	char *bytes; /* of a file that one reads */
	bool ended; /* the worker has said its last */
};

struct workers *
workers_new(struct run *r)
{
	struct workers *w = xcalloc(1, sizeof(*w));

	w->run = r;
	worker_init(&w->process);
	buf_init(&w->heads, SIZE_MAX / 4);
	buf_init(&w->notes, NOTES_MAX);
	buf_init(&w->said, 256);
	/* All that a block gives is taken before any of it leaves. */
	r->out.buf.max = 2 * r->out.buf.max + REPLY;
	return w;
}

void
workers_free(struct workers *w)
{
	if (w == NULL)
		return;
	/* One that has said its last is gone at once. */
	worker_end(&w->process, w->ended ? &w->said : NULL);
	buf_release(&w->heads);
	vec_release(&w->lines);
	buf_release(&w->notes);
	buf_release(&w->said);
	arena_release(&w->names);
	free(w->bytes);
	free(w);
}

/* One that works on lines, or reads a file. */
static int
begin(struct workers *w, const struct input *file,
    void (*work)(void *arg, int in, int out), void *arg, struct err *e)
{
	const struct common *c = &w->run->common;
	struct sandbox walls;
	struct worker_rights may = { .fd = -1,
		.memory = (uint64_t)(w->run->largest > 0 ? w->run->largest
							 : c->max_line) *
			  MEMORY_ITEMS,
		.walls = &walls,
		.required = c->sandbox == SANDBOX_REQUIRE };
	int rc;

	if (may.memory < MEMORY_LEAST)
		may.memory = MEMORY_LEAST;
	if (file != NULL)
		may.also = input_kept(file, &may.also_n);
	walls_of_worker(&walls);
	rc = worker_begin(&w->process, &may, work, arg, e);
	sandbox_release(&walls);
	return rc;
}

/* Lines from..to-1 of those in hand; none: the last request. */
static int
request(struct workers *w, size_t from, size_t to)
{
	struct frame_request q = { .kind = FRAME_END };
	struct str bytes = STR("");

	buf_reset(&w->heads);
	if (from < to) {
		struct str last = w->lines.v[to - 1].line;
		const char *name = input_name(w->run->in);

		bytes.p = w->lines.v[from].line.p;
		bytes.n = (size_t)(last.p + last.n - bytes.p);
		q = (struct frame_request){
			.kind = FRAME_LINES,
			.lines = (uint32_t)(to - from),
			.name = strlen(name) + 1,
			.bytes = bytes.n,
		};
	}
	frame_put(&w->heads, &q, sizeof(q));
	if (from < to)
		frame_put(&w->heads, input_name(w->run->in), (size_t)q.name);
	for (size_t i = from; i < to; i++) {
		const struct held *h = &w->lines.v[i];
		struct frame_line l = { h->number,
			(uint64_t)(h->line.p - bytes.p), h->line.n };

		frame_put(&w->heads, &l, sizeof(l));
	}
	return worker_put(&w->process, w->heads.p, w->heads.n) < 0 ||
		       worker_put(&w->process, bytes.p, bytes.n) < 0
		   ? -1
		   : 0;
}

/* A worker that says what it cannot say was taken over, or is broken. */
static int
nonsense(struct err *e)
{
	return err_set(e, "a worker's reply makes no sense; the run ends");
}

static int
reject(struct workers *w, size_t line, struct str why, struct err *e)
{
	const struct held *l = &w->lines.v[line];
	struct run *r = w->run;
	char at[24], text[1024];

	snprintf(at, sizeof(at), "%" PRIu64, l->number);
	snprintf(text, sizeof(text), "%.*s", STR_ARG(why));
	return sink_reject(
	    &r->sink, str_of(input_name(r->in)), str_of(at), text, l->line, e);
}

static int
take_reject(
    struct workers *w, size_t from, size_t to, struct str *in, struct err *e)
{
	uint64_t line;
	struct str why;

	if (frame_get_number(in, &line) < 0 || line >= to - from ||
	    frame_get_str(in, &why) < 0)
		return nonsense(e);
	return reject(w, from + (size_t)line, why, e);
}

static int
take_item(
    struct workers *w, size_t from, size_t to, struct str *in, struct err *e)
{
	uint64_t line, placed;
	struct str file, at, why, bytes;
	char number[24], text[1024];

	if (frame_get_number(in, &line) < 0 ||
	    frame_get_number(in, &placed) < 0 || frame_get_str(in, &file) < 0 ||
	    frame_get_str(in, &at) < 0 || frame_get_str(in, &why) < 0 ||
	    frame_get_str(in, &bytes) < 0 || (placed == 0 && line >= to - from))
		return nonsense(e);
	if (placed == 0) {
		snprintf(number, sizeof(number), "%" PRIu64,
		    w->lines.v[from + line].number);
		file = str_of(input_name(w->run->in));
		at = str_of(number);
	}
	snprintf(text, sizeof(text), "%.*s", STR_ARG(why));
	return sink_reject(&w->run->sink, file, at, text, bytes, e);
}

/* The names of sums live as long as the run. */
static int
take_sum(struct workers *w, struct str *in, struct err *e)
{
	struct run *r = w->run;
	const char *known = NULL;
	uint64_t add;
	struct str name;

	if (frame_get_number(in, &add) < 0 || frame_get_str(in, &name) < 0 ||
	    memchr(name.p, '\0', name.n) != NULL)
		return nonsense(e);
	for (size_t i = 0; i < r->sum_count; i++)
		if (str_is(name, r->sums[i].name))
			known = r->sums[i].name;
	if (known == NULL && r->sum_count == SUMS_MAX)
		return 0;
	sink_sum(&r->sink, known != NULL ? known : arena_cstr(&w->names, name),
	    (int64_t)add);
	return 0;
}

static int
take_said(struct str *in, struct err *e)
{
	uint64_t level, placed;
	struct str place, text;
	char where[4096];

	if (frame_get_number(in, &level) < 0 || level > DIAG_FATAL ||
	    frame_get_number(in, &placed) < 0 ||
	    frame_get_str(in, &place) < 0 || frame_get_str(in, &text) < 0)
		return nonsense(e);
	snprintf(where, sizeof(where), "%.*s", STR_ARG(place));
	diag((enum diag_level)level, placed != 0 ? where : NULL, "%.*s",
	    STR_ARG(text));
	return 0;
}

static int
take_fatal(struct str *in, struct err *e)
{
	uint64_t code;
	struct str why;

	if (frame_get_number(in, &code) < 0 || frame_get_str(in, &why) < 0)
		return nonsense(e);
	err_set(e, "%.*s", STR_ARG(why));
	e->code = code == ERR_AGAIN ? ERR_AGAIN : ERR_FAIL;
	return -1;
}

static int
take_note(
    struct workers *w, size_t from, size_t to, struct str *in, struct err *e)
{
	uint64_t kind;

	if (frame_get_number(in, &kind) < 0)
		return nonsense(e);
	switch (kind) {
	case NOTE_REJECT:
		return take_reject(w, from, to, in, e);
	case NOTE_ITEM:
		return take_item(w, from, to, in, e);
	case NOTE_SUM:
		return take_sum(w, in, e);
	case NOTE_SAID:
		return take_said(in, e);
	case NOTE_FATAL:
		return take_fatal(in, e);
	default:
		return nonsense(e);
	}
}

/* A reply into the notes and behind the run's output: 1; 0: it died; -1: it
 * says what cannot be. */
static int
read_reply(struct workers *w, struct frame_reply *a)
{
	struct buf *out = &w->run->out.buf;
	char *p;

	buf_reset(&w->notes);
	if (worker_get(&w->process, a, sizeof(*a)) < 0)
		return 0;
	if (a->notes > w->notes.max || a->bytes > out->max - out->n)
		return -1;
	p = buf_room(&w->notes, (size_t)a->notes);
	if (worker_get(&w->process, p, (size_t)a->notes) < 0)
		return 0;
	w->notes.n = (size_t)a->notes;
	p = buf_room(out, (size_t)a->bytes);
	return worker_get(&w->process, p, (size_t)a->bytes) < 0 ? 0 : 1;
}

/* What came back for lines from..to-1. */
static int
take(struct workers *w, size_t from, size_t to, const struct frame_reply *a,
    struct err *e)
{
	struct sink *s = &w->run->sink;
	struct str notes = buf_str(&w->notes);
	int rc = 0;

	s->out->n += (size_t)a->bytes;
	s->mark = s->out->n;
	s->outs += a->records;
	s->ins += a->ins;
	while (rc == 0 && notes.n > 0)
		rc = take_note(w, from, to, &notes, e);
	return rc == 0 && s->mark >= s->block ? sink_flush(s, e) : rc;
}

static void
reap(struct workers *w)
{
	buf_reset(&w->said);
	buf_add_z(&w->said, "the process that read it ");
	worker_end(&w->process, &w->said);
}

/* Lines from..to-1 through a worker.  1: they are done; 0: it died; -1. */
static int
hand_over(struct workers *w, size_t from, size_t to, struct err *e)
{
	struct frame_reply a;
	int rc;

	if (w->process.pid == 0 && begin(w, NULL, lines_work, w->run, e) < 0)
		return -1;
	rc = request(w, from, to) < 0 ? 0 : read_reply(w, &a);
	if (rc == 0)
		reap(w);
	if (rc < 0)
		return nonsense(e);
	return rc == 0 ? 0 : take(w, from, to, &a, e) < 0 ? -1 : 1;
}

/* One of the lines in hand ended the worker: which of them? */
static int
one_by_one(struct workers *w, struct err *e)
{
	int rc = 1;

	for (size_t i = 0; rc >= 0 && i < w->lines.n; i++) {
		rc = hand_over(w, i, i + 1, e);
		if (rc == 0)
			rc = reject(w, i, buf_str(&w->said), e);
	}
	return rc;
}

int
workers_flush(struct workers *w, struct err *e)
{
	int rc = w->lines.n == 0 ? 1 : hand_over(w, 0, w->lines.n, e);

	if (rc == 0)
		rc = one_by_one(w, e);
	w->lines.n = 0;
	return rc < 0 ? -1 : 0;
}

int
workers_line(struct workers *w, struct str line, struct err *e)
{
	struct input *in = w->run->in;
	struct str next;

	vec_add(&w->lines, (struct held){ line, input_lines(in) });
	/* What is here stays here until more is read. */
	return input_ahead(in, &next) ? 0 : workers_flush(w, e);
}

int
workers_end(struct workers *w, struct err *e)
{
	int rc = hand_over(w, 0, 0, e);

	w->ended = rc > 0;
	if (rc == 0)
		return err_set(
		    e, "after the last line, %.*s", STR_ARG(buf_str(&w->said)));
	return rc < 0 ? -1 : 0;
}

/* Bytes that it wants: 0, or -1 where it died. */
static int
give(struct workers *w, struct input *in, uint64_t wanted)
{
	struct err e;
	int64_t got;

	if (w->bytes == NULL)
		w->bytes = xmalloc(WANTED_MAX);
	if (wanted > WANTED_MAX)
		wanted = WANTED_MAX;
	got = input_raw(in, w->bytes, (size_t)wanted, &e);
	if (worker_put(&w->process, &got, sizeof(got)) < 0)
		return -1;
	return got < 0 ? worker_put(&w->process, &e, sizeof(e))
		       : worker_put(&w->process, w->bytes, (size_t)got);
}

int
workers_apart(struct workers *w, struct input *in,
    int (*work)(void *arg, struct err *e), void *arg, struct err *e)
{
	struct apart apart = { w->run, in, work, arg };
	struct frame_reply a = { 0 };
	int rc;

	if (begin(w, in, apart_work, &apart, e) < 0)
		return -1;
	do {
		rc = read_reply(w, &a);
		if (rc > 0)
			rc = take(w, 0, 0, &a, e) < 0 ? -2 : 1;
		sink_progress(&w->run->sink, input_bytes(in), input_size(in));
		if (rc > 0 && a.wanted > 0)
			rc = give(w, in, a.wanted) < 0 ? 0 : 1;
	} while (rc > 0 && a.last == 0);
	if (rc >= 0)
		reap(w);
	else
		worker_end(&w->process, NULL);
	if (rc == 0) {
		err_set(e, "%.*s", STR_ARG(buf_str(&w->said)));
		e->code = ERR_ITEM;
	}
	return rc > 0 ? 0 : rc == -1 ? nonsense(e) : -1;
}
