/*
 * The driver's sink: records to standard output, rejects to standard error or
 * a file, sums and progress to standard error.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/diag.h"
#include "core/io/file.h"
#include "core/text/base64.h"
#include "core/text/utf8.h"
#include "driver/run.h"
#include "json/escape.h"

enum { OUT_FACTOR = 4 /* a record's ceiling: this many of --max-line */ };

static struct run *
run_of(struct sink *s)
{
	return (struct run *)s;
}

/*
 * What a run that was killed, or a loss of power, left at the end of the file
 * is a line of its own: ours would be read as its rest, and lost with it.
 */
static void
end_half_line(struct run *r)
{
	struct buf *b = &r->out.buf;

	if (!r->behind_half || r->sink.outs == 0 || buf_add_char(b, '\n') < 0)
		return;
	memmove(b->p + 1, b->p, b->n - 1);
	b->p[0] = '\n';
	r->sink.mark++;
	r->behind_half = false;
}

/* Writes the committed records, not the rejects. */
static int
flush_records(struct run *r, struct err *e)
{
	size_t held;
	int rc;

	if (r->sink.mark == 0)
		return 0;
	if (!r->out.failed && r->mode != NULL && r->mode->settle != NULL &&
	    r->mode->settle(r->self, e) < 0)
		output_fail(&r->out, e);
	end_half_line(r);
	held = r->out.buf.n;
	rc = output_flush_part(&r->out, r->sink.mark, e);
	r->sink.mark -= held - r->out.buf.n;
	return rc;
}

static int
flush(struct sink *s, struct err *e)
{
	struct run *r = run_of(s);

	if (r->rejects.fd >= 0 && output_flush(&r->rejects, e) < 0)
		return err_prefix(e, "%s", r->common.rejects);
	return flush_records(r, e);
}

static void
write_reject(struct run *r, struct str file, struct str at, const char *why,
    struct str bytes)
{
	struct buf *out = &r->rejects.buf;
	bool text = utf8_is_valid(bytes);

	buf_printf(out, REJECT_HEAD "%s\",\"reason\":\"", r->tool->name);
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
	if (r->sink.rejected == REJECTS_SHOWN)
		diag(DIAG_NOTE, NULL,
		    "further rejects are only counted; "
		    "--rejects FILE keeps them all");
}

/* Without a place it is that of the line in hand, or of the record. */
static int
reject(struct sink *s, struct str file, struct str at, const char *why,
    struct str bytes, struct err *e)
{
	struct run *r = run_of(s);
	char number[24];

	if (file.p == NULL) {
		file = str_of(r->in == NULL ? "" : input_name(r->in));
		snprintf(number, sizeof(number), "%" PRIu64,
		    r->in == NULL ? s->outs + 1 : input_lines(r->in));
		at = str_of(number);
	}
	if (r->rejects.fd < 0) {
		if (s->rejected <= REJECTS_SHOWN)
			show_reject(r, file, at, why);
		return 0;
	}
	if (rejects_begin(r, e) < 0)
		return -1;
	write_reject(r, file, at, why, bytes);
	if (output_ready(&r->rejects, e) < 0)
		return err_prefix(e, "%s", r->common.rejects);
	return 0;
}

static void
sum(struct sink *s, const char *name, int64_t add)
{
	struct run *r = run_of(s);
	size_t i = 0;

	while (i < r->sum_count && strcmp(r->sums[i].name, name) != 0)
		i++;
	if (i == SUMS_MAX)
		return;
	if (i == r->sum_count)
		r->sums[r->sum_count++] = (struct sum){ name, 0 };
	r->sums[i].value += add;
}

/* Seconds of a clock that only goes forward. */
static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
progress(struct sink *s, uint64_t done, int64_t total)
{
	struct run *r = run_of(s);
	double now;
	char share[16] = "";

	if (!r->watched)
		return;
	now = seconds();
	if (now - r->shown < 0.25)
		return;
	r->shown = now;
	if (total > 0)
		snprintf(share, sizeof(share), ", %.0f %%",
		    100.0 * (double)done / (double)total);
	diag_progress("%" PRIu64 " in, %" PRIu64 " out, %.1f MB, %.1f MB/s%s",
	    s->ins, s->outs, (double)done / 1e6,
	    (double)done / 1e6 / (now - r->started), share);
}

static const char *
place(struct sink *s)
{
	struct run *r = run_of(s);

	if (r->in == NULL)
		return NULL;
	snprintf(r->place, sizeof(r->place), "%s:%" PRIu64, input_name(r->in),
	    input_lines(r->in));
	return r->place;
}

static int
apart(struct sink *s, struct input *in, int (*work)(void *arg, struct err *e),
    void *arg, struct err *e)
{
	struct run *r = run_of(s);

	if (r->common.sandbox == SANDBOX_OFF)
		return work(arg, e);
	if (r->workers == NULL)
		r->workers = workers_new(r);
	return workers_apart(r->workers, in, work, arg, e);
}

int
output_open(struct run *r, struct err *e)
{
	static const struct sink_owner owner = {
		.flush = flush,
		.reject = reject,
		.sum = sum,
		.progress = progress,
		.place = place,
		.apart = apart,
	};

	r->sink = (struct sink){
		.owner = &owner,
		.out = &r->out.buf,
		.block = STREAM_OUT,
	};
	r->out.buf.max =
	    (size_t)r->common.max_line * OUT_FACTOR + 2 * STREAM_BLOCK;
	r->behind_half = file_ends_in_half(STDOUT_FILENO);
	return rejects_open(r, e);
}

void
output_watch(struct run *r)
{
	r->watched = r->common.quiet == 0 && isatty(STDERR_FILENO) &&
		     !isatty(STDOUT_FILENO);
	r->started = r->shown = r->watched ? seconds() : 0;
}

/* Records that were committed and did not leave are not "out". */
static void
take_back_unwritten(struct run *r)
{
	struct str rest = str_make(r->out.buf.p, r->sink.mark);

	if (!r->out.failed)
		return;
	for (; r->sink.outs > 0 && str_chr(rest, '\n') >= 0; r->sink.outs--)
		(void)str_split(&rest, '\n');
}

int
output_finish(struct run *r, struct err *e)
{
	struct err first;
	int rc = 0;

	if (r->sink.out != NULL) {
		sink_rollback(&r->sink);
		rc = flush_records(r, &first);
		take_back_unwritten(r);
	}
	if (output_close(&r->out, e) < 0 && rc == 0) {
		first = *e;
		rc = -1;
	}
	if (r->rejects.fd >= 0 && output_close(&r->rejects, e) < 0 && rc == 0) {
		err_prefix(e, "%s", r->common.rejects);
		first = *e;
		rc = -1;
	}
	if (rc < 0)
		*e = first;
	return rc;
}

void
output_release(struct run *r)
{
	buf_release(&r->out.buf);
	buf_release(&r->rejects.buf);
}

void
output_sums(const struct run *r)
{
	const struct sink *s = &r->sink;
	char text[1024];
	int n;

	diag_progress_clear();
	if (r->common.rejects != NULL && s->rejected > 0)
		diag(DIAG_NOTE, NULL, "%" PRIu64 " rejected, see %s",
		    s->rejected, r->common.rejects);
	else if (s->rejected > REJECTS_SHOWN)
		diag(DIAG_NOTE, NULL, "%" PRIu64 " rejected in all",
		    s->rejected);
	n = snprintf(text, sizeof(text),
	    "in %" PRIu64 ", out %" PRIu64 ", rejected %" PRIu64, s->ins,
	    s->outs, s->rejected);
	for (size_t i = 0; i < r->sum_count && n < (int)sizeof(text); i++)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
		    ", %s %" PRId64, r->sums[i].name, r->sums[i].value);
	diag(DIAG_INFO, NULL, "%s", text);
}
