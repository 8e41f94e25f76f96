/*
 * recall: what was known of the person by then, beside each record; or, at a
 * prompt, what is known of one.
 */
#include <unistd.h>

#include "core/diag.h"
#include "driver/driver.h"
#include "recall/answer.h"
#include "recall/lookup.h"
#include "recall/search.h"
#include "record/pipeline.h"

struct recall {
	bool json, check;
	int64_t as_of;
	struct context_options context;
	const char *segments_path;
	struct segments *segments;
	struct recaller *recaller;
	struct record *record;
	struct pipeline pipeline;
	struct run *run;
	/* Of a look-up: what was typed, and in a stream who that is. */
	const char *typed;
	struct search search;
};

static const struct opt opts[] = {
	{ 0, "json", OPT_FLAG, offsetof(struct recall, json), NULL,
	    "look-up: one JSON object instead of a page" },
	{ 0, "as-of", OPT_TIME, offsetof(struct recall, as_of), "TIME",
	    "look-up: only what was known at this time" },
	{ 0, "open", OPT_DURATION, offsetof(struct recall, context.open),
	    "TIME",
	    "how long a conversation that waits for nobody stays open (default 7d)" },
	{ 0, "half-life", OPT_DURATION,
	    offsetof(struct recall, context.half_life), "TIME",
	    "when a visit counts half in an interest (default 14d)" },
	{ 0, "present", OPT_DURATION, offsetof(struct recall, context.present),
	    "TIME",
	    "how long the page last seen counts as open (default 15m)" },
	{ 0, "segments", OPT_TEXT, offsetof(struct recall, segments_path),
	    "FILE", "put people into the segments of this file" },
	{ 0, "check", OPT_FLAG, offsetof(struct recall, check), NULL,
	    "only check the file of segments" },
	{ 0 },
};

static void
recall_defaults(void *self)
{
	struct recall *t = self;

	t->context = (struct context_options){
		.open = 7 * TIME_DAY,
		.half_life = 14 * TIME_DAY,
		.present = 15 * TIME_MINUTE,
	};
	t->as_of = TIME_NONE;
}

static int
read_segments(struct run *r, struct recall *t, struct err *e)
{
	if (t->segments_path == NULL)
		t->segments_path = run_workspace(r)->segments;
	if (t->segments_path == NULL)
		return t->check ? err_set(e,
				      "--check: no file of segments: give one "
				      "with --segments FILE, or with "
				      "segments: in the workspace file")
				: 0;
	t->segments = segments_read(t->segments_path, e);
	return t->segments == NULL ? -1 : 0;
}

static int
recall_open(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;

	if (t->context.half_life <= 0)
		return err_set(e, "--half-life must be greater than 0");
	if (read_segments(r, t, e) != 0)
		return -1;
	t->run = r;
	t->record = record_new();
	pipeline_init(&t->pipeline, "conversation", run_workspace(r));
	t->recaller = recaller_new(run_state(r), &t->context, t->segments);
	return 0;
}

static enum stage_result
recall_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct recall *t = self;

	if (pipeline_read(&t->pipeline, t->record, line, e) != 0)
		return STAGE_REJECT;
	if (recaller_record(t->recaller, t->record, e) != 0)
		return STAGE_FATAL;
	if (record_write(t->record, sink_out(out), e) != 0)
		return STAGE_REJECT;
	return sink_commit(out, e) == 0 ? STAGE_OK : STAGE_FATAL;
}

static void
recall_foresee(void *self, struct str next)
{
	recaller_foresee(((struct recall *)self)->recaller, next);
}

static int
recall_end(void *self, struct sink *out, struct err *e)
{
	struct recall *t = self;

	(void)out, (void)e;
	pipeline_warn(&t->pipeline);
	if (t->segments != NULL)
		segments_warn(t->segments, t->segments_path);
	return 0;
}

/* WHO [FILE ...]: from the state, where there is one, else from the stream. */

/* An operand is a look-up where it is no file but a name of somebody. */
static bool
asks_for_somebody(const struct run *r, const void *self)
{
	const char *first = run_operands(r)[0];

	(void)self;
	return first != NULL && access(first, F_OK) != 0 &&
	       !str_is(str_of(first), "-");
}

static int
lookup_open(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;

	t->typed = run_take_operand(r);
	if (run_state(r) != NULL) {
		run_read(r, NULL);
		return 0;
	}
	t->search.as_of = t->as_of;
	return search_open(&t->search, t->typed, run_workspace(r)->region, e);
}

static enum stage_result
lookup_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct recall *t = self;

	(void)out;
	if (record_parse(t->record, line, e) != 0)
		return STAGE_REJECT;
	us_see(&t->pipeline.us, t->record);
	search_record(&t->search, t->recaller, t->record);
	return STAGE_OK;
}

static int
find(struct recall *t, struct profile **out, struct err *e)
{
	if (run_state(t->run) != NULL)
		return recaller_find(t->recaller, str_of(t->typed),
		    run_workspace(t->run)->region, t->as_of, out, e);
	return search_known(&t->search, t->recaller, out, e);
}

static int
tell(struct recall *t, struct sink *out, struct profile *k, struct err *e)
{
	struct answer a = {
		.recaller = t->recaller,
		.known = k,
		.as_of = t->as_of != TIME_NONE ? t->as_of : run_now(t->run),
	};

	return t->json ? answer_json(&a, out, e) : answer_page(&a, out, e);
}

static int
lookup_end(void *self, struct sink *out, struct err *e)
{
	struct recall *t = self;
	struct profile *k;

	if (find(t, &k, e) != 0)
		return -1;
	if (k == NULL) {
		diag(DIAG_NOTE, NULL, "%s: nobody is known by that%s", t->typed,
		    lookup_hint(
			str_of(t->typed), run_workspace(t->run)->region));
		run_gate(t->run);
	} else if (tell(t, out, k, e) != 0) {
		return -1;
	}
	return recall_end(t, out, e);
}

/* --check */
static int
check_go(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;

	buf_printf(sink_out(run_sink(r)), "%s: %zu segments, all good\n",
	    t->segments_path, segments_count(t->segments));
	return sink_commit_text(run_sink(r), e);
}

static void
recall_close(void *self)
{
	struct recall *t = self;

	pipeline_release(&t->pipeline);
	search_release(&t->search);
	recaller_free(t->recaller);
	segments_free(t->segments);
	record_free(t->record);
}

static const struct mode modes[] = {
	{ .option = "check", .go = check_go },
	{ .when = asks_for_somebody,
	    .open = lookup_open,
	    .line = lookup_line,
	    .end = lookup_end },
	{ .line = recall_line, .foresee = recall_foresee, .end = recall_end },
};

const struct tool tool = {
	.name = "recall",
	.about = "add what was known of the person by then; look people up",
	.operands = "[FILE ...] | WHO [FILE ...]",
	.opts = opts,
	.size = sizeof(struct recall),
	.modes = modes,
	.defaults = recall_defaults,
	.open = recall_open,
	.close = recall_close,
};
