#include "driver/run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base64.h"
#include "core/diag.h"
#include "core/utf8.h"
#include "json/escape.h"

double
run_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

char *const *
run_operands(const struct run *r)
{
	return r->operands;
}

const char *
run_take_operand(struct run *r)
{
	return r->operands[0] == NULL ? NULL : *r->operands++;
}

const struct config *
run_config(const struct run *r)
{
	return r->config;
}

const char *
run_state(const struct run *r)
{
	const char *env = getenv("KITH_STATE");

	if (r->common.state != NULL)
		return r->common.state;
	return env != NULL && *env != '\0' ? env : r->config->state;
}

int64_t
run_now(struct run *r)
{
	if (r->common.now == TIME_NONE)
		r->common.now = time_clock();
	return r->common.now;
}

bool
run_now_given(const struct run *r)
{
	return r->now_given;
}

bool
run_quiet(const struct run *r)
{
	return r->common.quiet > 0;
}

size_t
run_max_line(const struct run *r)
{
	return (size_t)r->common.max_line;
}

struct buf *
run_out(struct run *r)
{
	return &r->out.buf;
}

void
run_rollback(struct run *r)
{
	r->out.buf.n = r->mark;
	r->out.buf.over = false;
}

/* The record in hand does not fit the output's ceiling. */
static int
too_big(struct run *r, struct err *e)
{
	char at[24];

	run_rollback(r);
	snprintf(at, sizeof(at), "%" PRIu64,
	    r->in == NULL ? r->outs + 1 : input_lines(r->in));
	return run_reject(r, str_of(r->in == NULL ? "" : input_name(r->in)),
	    str_of(at),
	    "the record would be too long; --max-line gives it more room",
	    STR(""), e);
}

/* Everything held is committed: writes it when a block is full. */
static int
committed(struct run *r, struct err *e)
{
	r->mark = r->out.buf.n;
	if (r->mark < STREAM_OUT)
		return 0;
	return run_flush(r, e);
}

int
run_commit(struct run *r, struct err *e)
{
	struct buf *out = &r->out.buf;

	if (out->over || buf_add_char(out, '\n') < 0)
		return too_big(r, e);
	r->outs++;
	return committed(r, e);
}

int
run_commit_text(struct run *r, struct err *e)
{
	if (r->out.buf.over) {
		run_rollback(r);
		return err_set(e, "the output does not fit into memory");
	}
	return committed(r, e);
}

int
run_flush_records(struct run *r, struct err *e)
{
	size_t held;
	int rc;

	if (r->mark == 0)
		return 0;
	if (!r->out.failed && r->tool->settle != NULL &&
	    r->tool->settle(r, r->self, e) < 0)
		output_fail(&r->out, e);
	held = r->out.buf.n;
	rc = output_flush_part(&r->out, r->mark, e);
	r->mark -= held - r->out.buf.n;
	return rc;
}

int
run_flush(struct run *r, struct err *e)
{
	if (r->rejects.fd >= 0 && output_flush(&r->rejects, e) < 0)
		return err_prefix(e, "%s", r->common.rejects);
	return run_flush_records(r, e);
}

static void
write_reject(struct run *r, struct str file, struct str at, const char *why,
    struct str bytes)
{
	struct buf *out = &r->rejects.buf;
	bool text = utf8_is_valid(bytes);

	buf_printf(out, "{\"tool\":\"%s\",\"reason\":\"", r->tool->name);
	json_escape(out, str_of(why));
	buf_add_z(out, "\",\"source\":{\"file\":\"");
	json_escape(out, file);
	buf_add_z(out, "\",\"at\":\"");
	json_escape(out, at);
	buf_add_z(out, text ? "\"},\"line\":\"" : "\"},\"base64\":\"");
	if (text)
		json_escape(out, bytes);
	else
		base64_add(out, bytes);
	buf_add_z(out, "\"}\n");
}

static void
show_reject(struct run *r, struct str file, struct str at, const char *why)
{
	char place[4096];

	snprintf(place, sizeof(place), "%.*s%s%.*s", STR_ARG(file),
	    file.n > 0 && at.n > 0 ? ":" : "", STR_ARG(at));
	diag(DIAG_ERROR, *place == '\0' ? NULL : place, "%s", why);
	if (r->rejected == REJECTS_SHOWN)
		diag(DIAG_NOTE, NULL,
		    "further rejects are only counted; "
		    "--rejects FILE keeps them all");
}

int
run_reject(struct run *r, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	r->rejected++;
	if (r->rejects.fd < 0) {
		if (r->rejected <= REJECTS_SHOWN)
			show_reject(r, file, at, why);
		return 0;
	}
	write_reject(r, file, at, why, bytes);
	if (output_ready(&r->rejects, e) < 0)
		return err_prefix(e, "%s", r->common.rejects);
	return 0;
}

const char *
run_place(const struct run *r)
{
	struct run *mine = (struct run *)(uintptr_t)r;

	if (r->in == NULL)
		return r->tool->name;
	snprintf(mine->place, sizeof(mine->place), "%s:%" PRIu64,
	    input_name(r->in), input_lines(r->in));
	return r->place;
}

void
run_count_in(struct run *r)
{
	r->ins++;
}

void
run_sum(struct run *r, const char *name, int64_t add)
{
	size_t i = 0;

	while (i < r->sum_count && strcmp(r->sums[i].name, name) != 0)
		i++;
	if (i == SUMS_MAX)
		return;
	if (i == r->sum_count)
		r->sums[r->sum_count++] = (struct sum){ name, 0 };
	r->sums[i].value += add;
}

void
run_gate(struct run *r)
{
	r->gate = true;
}

void
run_again(struct run *r)
{
	r->again = true;
}

void
run_progress(struct run *r, uint64_t done, int64_t total)
{
	double now;
	char share[16] = "";

	if (!r->watched)
		return;
	now = run_clock();
	if (now - r->shown < 0.25)
		return;
	r->shown = now;
	if (total > 0)
		snprintf(share, sizeof(share), ", %.0f %%",
		    100.0 * (double)done / (double)total);
	diag_progress("%" PRIu64 " in, %" PRIu64 " out, %.1f MB, %.1f MB/s%s",
	    r->ins, r->outs, (double)done / 1e6,
	    (double)done / 1e6 / (now - r->started), share);
}
