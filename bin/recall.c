/*
 * recall: what was known of the person by then, beside each record; or what is
 * known of one who is looked up, of each that a line asks for, of everybody.
 */
#include <unistd.h>

#include "driver/driver.h"
#include "recall/asked.h"
#include "record/pipeline.h"

struct recall {
	bool json, check, keys, people;
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
	/* Of many, those in a segment. */
	struct asked asked;
	const char *segment_name;
};

#define AT(member) offsetof(struct recall, member)

static const struct opt opts[] = {
	{ 0, "json", OPT_FLAG, AT(json), NULL,
	    "look-up: one JSON object instead of a page" },
	{ 0, "as-of", OPT_TIME, AT(as_of), "TIME",
	    "look-up: only what was known at this time" },
	{ 0, "open", OPT_DURATION, AT(context.open), "TIME",
	    "how long a conversation that waits for nobody stays open (default 7d)" },
	{ 0, "half-life", OPT_DURATION, AT(context.half_life), "TIME",
	    "when a visit counts half in an interest (default 14d)" },
	{ 0, "present", OPT_DURATION, AT(context.present), "TIME",
	    "how long the page last seen counts as open (default 15m)" },
	{ 0, "segments", OPT_TEXT, AT(segments_path), "FILE",
	    "put people into the segments of this file" },
	{ 0, "keys", OPT_FLAG, AT(keys), NULL,
	    "look up who stands on each line of input: a JSON object each" },
	{ 0, "people", OPT_FLAG, AT(people), NULL,
	    "everybody: a JSON object each" },
	{ 0, "segment", OPT_TEXT, AT(segment_name), "NAME",
	    "with --people: those in this segment" },
	{ 0, "check", OPT_FLAG, AT(check), NULL,
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
recall_open(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;

	if (t->context.half_life <= 0)
		return err_set(e, "--half-life must be greater than 0");
	if (t->segment_name != NULL && !t->people)
		return err_set(e, "--segment goes with --people");
	if ((t->keys || t->people) && run_state(r) == NULL)
		return err_set(
		    e, "--keys and --people ask a state: give it with -S DIR");
	if (t->segments_path == NULL)
		t->segments_path = run_workspace(r)->segments;
	if (segments_open(t->segments_path, t->check, &t->segments, e) != 0)
		return -1;
	t->run = r;
	t->record = record_new();
	pipeline_init(&t->pipeline, "conversation", run_workspace(r));
	t->recaller = recaller_new(run_state(r), &t->context, t->segments);
	t->asked = (struct asked){
		.recaller = t->recaller,
		.search = run_state(r) == NULL ? &t->search : NULL,
		.segments = t->segments,
		.region = run_workspace(r)->region,
		.as_of = t->as_of,
		.now = t->as_of != TIME_NONE ? t->as_of : run_now(r),
	};
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

/* WHO [FILE ...]: from the state, where there is one, else from the stream.  An
 * operand is one where it is no file but a name of somebody. */

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
lookup_end(void *self, struct sink *out, struct err *e)
{
	struct recall *t = self;
	bool known;

	if (asked_one(&t->asked, t->typed, t->json, out, &known, e) != 0)
		return -1;
	if (!known)
		run_gate(t->run);
	return recall_end(t, out, e);
}

/* --keys: each time as the state is by then. */
static enum stage_result
keys_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct recall *t = self;

	if (t->as_of == TIME_NONE)
		t->asked.now = run_clock(t->run);
	return asked_line(&t->asked, str_trim(line), out, e) == 0 ? STAGE_OK
								  : STAGE_FATAL;
}

/* --people */
static int
people_go(struct run *r, void *self, struct err *e)
{
	struct recall *t = self;

	if (asked_all(&t->asked, t->segment_name, run_sink(r), e) != 0)
		return -1;
	return recall_end(t, run_sink(r), e);
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
	{ .option = "keys", .line = keys_line, .end = recall_end },
	{ .option = "people", .go = people_go },
	{ .when = asks_for_somebody,
	    .open = lookup_open,
	    .line = lookup_line,
	    .end = lookup_end },
	{ .line = recall_line, .foresee = recall_foresee, .end = recall_end },
};

const struct tool tool = {
	.name = "recall",
	.about = "add what was known of the person by then; look people up",
	.operands = "[FILE ...] | WHO [FILE ...] | --keys [FILE ...]",
	.opts = opts,
	.size = sizeof(struct recall),
	.modes = modes,
	.defaults = recall_defaults,
	.open = recall_open,
	.close = recall_close,
};
