/*
 * Lines of the operands, one after the other, through the mode.
 */
#include <inttypes.h>
#include <stdio.h>

#include "driver/run.h"

enum { PROGRESS_LINES = 64 /* between two looks at the clock */ };

static void
show_progress(struct run *r)
{
	sink_progress(&r->sink, input_bytes(r->in), input_size(r->in));
}

static int
on_idle(void *arg, struct err *e)
{
	struct run *r = arg;

	show_progress(r);
	if (r->workers != NULL && workers_flush(r->workers, e) < 0)
		return -1;
	if (r->mode->idle != NULL && r->mode->idle(r->self, &r->sink, e) < 0)
		return -1;
	return sink_flush(&r->sink, e);
}

static enum stage_result
reject_line(struct run *r, struct str line, const char *why, struct err *e)
{
	char at[24];

	sink_rollback(&r->sink);
	snprintf(at, sizeof(at), "%" PRIu64, input_lines(r->in));
	return sink_reject(&r->sink, str_of(input_name(r->in)), str_of(at), why,
		   line, e) < 0
		   ? STAGE_FATAL
		   : STAGE_OK;
}

static enum stage_result
one_line(struct run *r, struct str line, struct err *e)
{
	struct err why;
	enum stage_result rc;
	struct str next;

	r->sink.ins++;
	if (r->mode->foresee != NULL && input_ahead(r->in, &next))
		r->mode->foresee(r->self, next);
	if (r->watched && --r->until_look == 0) {
		r->until_look = PROGRESS_LINES;
		show_progress(r);
	}
	if (r->workers != NULL)
		return workers_line(r->workers, line, e) < 0 ? STAGE_FATAL
							     : STAGE_OK;
	rc = r->mode->line(r->self, &r->sink, line, e);
	if (rc == STAGE_OK)
		sink_rollback(&r->sink); /* what was begun, not committed */
	if (rc != STAGE_REJECT)
		return rc;
	why = *e;
	return reject_line(r, line, why.msg, e);
}

static enum stage_result
long_line(struct run *r, struct str head, struct err *e)
{
	char why[128];

	if (r->workers != NULL && workers_flush(r->workers, e) < 0)
		return STAGE_FATAL;
	r->sink.ins++;
	snprintf(why, sizeof(why),
	    "a line of more than %" PRId64
	    " bytes; --max-line sets the ceiling",
	    r->common.max_line);
	return reject_line(r, head, why, e);
}

/* Those behind the line in hand. */
static void
prepare(struct run *r)
{
	struct str line;

	while (r->mode->prepare != NULL && !r->unprepared &&
	       input_further(r->in, &line))
		if (line.n > 0)
			r->unprepared = !r->mode->prepare(r->self, line);
}

static int
read_lines(struct run *r, struct err *e)
{
	for (;;) {
		struct str line;
		enum input_result got = input_line(r->in, &line, e);
		enum stage_result rc = STAGE_OK;

		prepare(r);
		if (got == INPUT_END)
			return 0;
		if (got == INPUT_FAIL)
			return -1;
		if (got == INPUT_LONG)
			rc = long_line(r, line, e);
		else if (line.n > 0 && !(line.n == 1 && line.p[0] == '\r'))
			rc = one_line(r, line, e);
		if (rc == STAGE_FATAL)
			return -1;
	}
}

static int
read_file(struct run *r, const char *path, struct err *e)
{
	struct err other;
	int rc;

	r->in = input_open(path, (size_t)r->common.max_line, e);
	if (r->in == NULL)
		return -1;
	input_on_idle(r->in, on_idle, r);
	rc = read_lines(r, e);
	/* What could be read counts, whatever came behind it. */
	if (r->workers != NULL &&
	    workers_flush(r->workers, rc < 0 ? &other : e) < 0)
		rc = -1;
	input_close(r->in);
	r->in = NULL;
	return rc;
}

int
lines_read(struct run *r, struct err *e)
{
	r->until_look = PROGRESS_LINES;
	if (r->not_operands)
		return r->only == NULL ? 0 : read_file(r, r->only, e);
	if (r->operands[0] == NULL)
		return r->operands_only ? 0 : read_file(r, "-", e);
	for (r->file = 0; r->operands[r->file] != NULL; r->file++)
		if (read_file(r, r->operands[r->file], e) < 0)
			return -1;
	return 0;
}
