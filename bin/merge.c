/*
 * merge: who each record is of, and which conversation it continues; records
 * of all channels in the order of their time.
 */
#include "driver/driver.h"
#include "merge/output.h"
#include "merge/link/link.h"
#include "merge/notes.h"

enum {
	/* Of --memory, between two commits: each writes most pages anew. */
	KEEP_SHARE = 16,
};

struct merge {
	const char *explain, *model;
	struct opt_list links, acts, limits, windows;
	int64_t degree, memory;
	struct merger *merger;
	struct notes notes;
	struct run *run;
	struct link_name a, b; /* of --explain */
	struct arena arena; /* of their texts */
	const char *link; /* a probability; "": the default's */
	bool follow;
};

static const struct opt opts[] = {
	{ 0, "window", OPT_LIST, offsetof(struct merge, windows), "[A,B=]TIME",
	    "how long a conversation goes on without a reference, between "
	    "channels (default 7d)" },
	{ 0, "link", OPT_MAYBE, offsetof(struct merge, link), "[=P]",
	    "join rows that are one by a probability of P (0.9)", 0, 0, NULL },
	{ 0, "model", OPT_TEXT, offsetof(struct merge, model), "FILE",
	    "how rows are linked: written where it is missing", 0, 0, NULL },
	{ 0, "links", OPT_LIST, offsetof(struct merge, links), "FILE",
	    "who an operator says is the same or different", 0, 0, NULL },
	{ 0, "acts", OPT_LIST, offsetof(struct merge, acts), "FILE",
	    "what operators decided: lines of route --act", 0, 0, NULL },
	{ 0, "explain", OPT_TEXT, offsetof(struct merge, explain), "A",
	    "tell what joins A with B, the operand", 0, 0, NULL },
	{ 0, "degree", OPT_INT, offsetof(struct merge, degree), "N",
	    "a key beside more others than this joins nobody (default 20)", 1,
	    1000, NULL },
	{ 0, "follow", OPT_FLAG, offsetof(struct merge, follow), NULL,
	    "each record at once, in the order of arrival", 0, 0, NULL },
	{ 0, "limit", OPT_LIST, offsetof(struct merge, limits), "TYPE=N",
	    "one person has at most N keys of this type (0: any number)" },
	{ 0, "memory", OPT_SIZE, offsetof(struct merge, memory), "SIZE",
	    "sort in so much memory, then on disk (default 256M)", 1 << 20,
	    INT64_C(1) << 40, NULL },
	{ 0 },
};

static void
merge_defaults(void *self)
{
	struct merge *t = self;

	t->degree = GRAPH_DEGREE;
	t->memory = 256 << 20;
}

static int
merge_open(struct run *r, void *self, struct err *e)
{
	struct merge *t = self;
	struct merger_options o = {
		.workspace = run_workspace(r),
		.links = workspace_paths(
		    &run_workspace(r)->links, &t->links, &t->arena),
		.acts = workspace_paths(
		    &run_workspace(r)->acts, &t->acts, &t->arena),
		.state = run_state(r),
		.memory = (size_t)t->memory,
		.now = run_now(r),
		.degree = (unsigned)t->degree,
		.explain = t->explain != NULL,
		.follow = t->follow && t->explain == NULL,
		.model = t->model,
	};

	t->run = r;
	if (merger_link_told(&o, t->link, e) != 0)
		return -1;
	run_allow_beside(r, o.model);
	limits_default(&o.limits);
	windows_default(&o.windows);
	for (size_t i = 0; i < t->limits.n; i++)
		if (limits_set(&o.limits, str_of(t->limits.v[i]), e) != 0)
			return -1;
	for (size_t i = 0; i < t->windows.n; i++)
		if (windows_set(&o.windows, str_of(t->windows.v[i]), e) != 0)
			return -1;
	if ((t->merger = merger_open(&o, e)) == NULL)
		return -1;
	notes_init(&t->notes, t->merger, run_sink(r), o.follow);
	return 0;
}

/* Before the state forgets what it told. */
static int
sync_events(struct merge *t, struct err *e)
{
	return merger_gave_events(t->merger) ? run_sync_out(t->run, e) : 0;
}

/* The state is committed, and only then committed records leave. */
static int
merge_settle(void *self, struct err *e)
{
	struct merge *t = self;

	return sync_events(t, e) != 0 ? -1 : merger_keep(t->merger, e);
}

/* What is committed leaves here, and the state notes that events have. */
static int
finish(struct merge *t, struct sink *out, struct err *e)
{
	sink_sum(
	    out, "new conversations", (int64_t)merger_conversations(t->merger));
	return sink_flush(out, e) != 0 || sync_events(t, e) != 0
		   ? -1
		   : merger_left(t->merger, e);
}

/* --follow: the record at once, behind what it told of people. */

/* What a run that was killed had learned, and what was decided since. */
static int
follow_open(struct run *r, void *self, struct err *e)
{
	struct merge *t = self;

	return merger_write_first(t->merger, &t->notes.report, run_sink(r), e);
}

static enum stage_result
follow_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct merge *t = self;

	return merger_write_line(t->merger, line, &t->notes.report, out, e);
}

static int
follow_end(void *self, struct sink *out, struct err *e)
{
	struct merge *t = self;

	if (merger_write_since(t->merger, &t->notes.report, out, e) != 0)
		return -1;
	merger_warn(t->merger);
	return finish(t, out, e);
}

/* All records, then all in the order of their time. */

static enum stage_result
merge_line(void *self, struct sink *out, struct str line, struct err *e)
{
	int rc = merger_add(((struct merge *)self)->merger, line, e);

	(void)out;
	return rc == 0 ? STAGE_OK : rc > 0 ? STAGE_REJECT : STAGE_FATAL;
}

static int
merge_end(void *self, struct sink *out, struct err *e)
{
	struct merge *t = self;

	merger_warn(t->merger);
	if (merger_learn(t->merger, &t->notes.report, e) != 0)
		return -1;
	if (merger_keeps(t->merger))
		sink_hold(out, (size_t)t->memory / KEEP_SHARE);
	if (merger_write(t->merger, out, e) != 0)
		return -1;
	return finish(t, out, e);
}

/* --explain A B [FILE ...] */

static int
explain_open(struct run *r, void *self, struct err *e)
{
	struct merge *t = self;
	const char *b = run_take_operand(r);

	if (b == NULL)
		return err_set(e, "--explain takes two: --explain A B");
	if (merger_keeps(t->merger))
		run_read_operands(r);
	if (link_name_typed(t->explain, &t->a, &t->arena, e) != 0 ||
	    link_name_typed(b, &t->b, &t->arena, e) != 0 ||
	    merger_want(t->merger, t->a, e) != 0)
		return -1;
	return merger_want(t->merger, t->b, e);
}

static int
explain_end(void *self, struct sink *out, struct err *e)
{
	struct merge *t = self;

	merger_warn(t->merger);
	if (merger_learn(t->merger, NULL, e) != 0)
		return -1;
	if (!merger_explain(t->merger, sink_out(out), t->a, t->b))
		run_gate(t->run);
	return sink_commit_text(out, e);
}

static void
merge_close(void *self)
{
	struct merge *t = self;

	notes_release(&t->notes);
	merger_close(t->merger);
	arena_release(&t->arena);
}

static const struct mode modes[] = {
	{ .option = "explain",
	    .with = "follow",
	    .open = explain_open,
	    .line = merge_line,
	    .end = explain_end },
	{ .option = "follow",
	    .open = follow_open,
	    .line = follow_line,
	    .settle = merge_settle,
	    .end = follow_end },
	{ .line = merge_line, .settle = merge_settle, .end = merge_end },
};

const struct tool tool = {
	.name = "merge",
	.about = "recognise people, continue conversations across channels",
	.operands = "[FILE ...]",
	.opts = opts,
	.size = sizeof(struct merge),
	.modes = modes,
	.defaults = merge_defaults,
	.open = merge_open,
	.close = merge_close,
};
