/*
 * merge: who each record is of, and which conversation it continues; records
 * of all channels in the order of their time.
 */
#include <stdlib.h>

#include "core/diag.h"
#include "core/map.h"
#include "driver/driver.h"
#include "merge/merge.h"
#include "people/explain.h"

enum {
	TOLD_MOST = 20, /* lines about keys that are not believed */
	TEXT_MAX = 1 << 16, /* of a line about a key */
	/* Of --memory, the part of the output between two commits: each writes
	 * most pages of the state anew, since ids are hashes. */
	KEEP_SHARE = 16,
};

struct merge {
	const char *links, *explain;
	int64_t degree, memory;
	struct merger *merger;
	struct arena arena;
	struct run *run;
	struct sink *out;
	struct link_name a, b; /* of --explain */
	struct opt_list limits, windows;
	struct buf text;
	struct buf held; /* records that the state does not hold safely yet */
	size_t told;
	bool follow;
	struct map told_of; /* with follow: keys, once each */
};

static const struct opt opts[] = {
	{ 0, "window", OPT_LIST, offsetof(struct merge, windows), "[A,B=]TIME",
	    "how long a conversation goes on without a reference, between "
	    "channels (default 7d)",
	    0, 0, NULL },
	{ 0, "links", OPT_TEXT, offsetof(struct merge, links), "FILE",
	    "who an operator says is the same or different", 0, 0, NULL },
	{ 0, "explain", OPT_TEXT, offsetof(struct merge, explain), "A",
	    "tell what joins A with B, the operand", 0, 0, NULL },
	{ 0, "degree", OPT_INT, offsetof(struct merge, degree), "N",
	    "a key beside more others than this joins nobody (default 20)", 1,
	    1000, NULL },
	{ 0, "follow", OPT_FLAG, offsetof(struct merge, follow), NULL,
	    "each record at once, in the order of arrival", 0, 0, NULL },
	{ 0, "limit", OPT_LIST, offsetof(struct merge, limits), "TYPE=N",
	    "one person has at most N keys of this type (0: any number)", 0, 0,
	    NULL },
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
write_events(struct sink *out, struct str lines, struct err *e)
{
	for (struct str rest = lines; rest.n > 0; (void)str_split(&rest, '\n'))
		sink_sum(out, "events", 1);
	return sink_commit_lines(out, lines, e);
}

/* What a run that was killed had learned, and not told. */
static int
follow_open(struct run *r, void *self, struct err *e)
{
	struct merge *t = self;
	struct str lines;

	if (merger_untold(t->merger, &lines, e) != 0)
		return -1;
	return write_events(run_sink(r), lines, e);
}

static int
merge_open(struct run *r, void *self, struct err *e)
{
	struct merge *t = self;
	struct merger_options o = {
		.links = t->links != NULL ? t->links : run_config(r)->links,
		.state = run_state(r),
		.memory = (size_t)t->memory,
		.degree = (unsigned)t->degree,
		.explain = t->explain != NULL,
		.follow = t->follow && t->explain == NULL,
	};

	t->run = r;
	t->out = run_sink(r);
	buf_init(&t->held, SIZE_MAX / 2);
	buf_init(&t->text, TEXT_MAX);
	limits_default(&o.limits);
	for (size_t i = 0; i < t->limits.n; i++)
		if (limits_set(&o.limits, str_of(t->limits.v[i]), e) != 0)
			return -1;
	windows_default(&o.windows);
	for (size_t i = 0; i < t->windows.n; i++)
		if (windows_set(&o.windows, str_of(t->windows.v[i]), e) != 0)
			return -1;
	t->merger = merger_open(&o, e);
	return t->merger == NULL ? -1 : 0;
}

/* What was not believed, and why. */

static bool
may_tell(struct merge *t)
{
	if (t->told++ < TOLD_MOST)
		return true;
	if (t->told == TOLD_MOST + 1)
		diag(DIAG_NOTE, NULL,
		    "further keys are not believed; --explain tells of any");
	return false;
}

static void
on_doubt(void *arg, const struct graph_doubt *d)
{
	struct merge *t = arg;
	bool fresh = true;

	if (t->follow)
		(void)map_put(&t->told_of,
		    graph_text(merger_graph(t->merger), d->key), &fresh);
	if (!fresh)
		return;
	sink_sum(t->out, "not believed", 1);
	if (!may_tell(t))
		return;
	buf_reset(&t->text);
	explain_doubt(&t->text, merger_graph(t->merger), d);
	diag(DIAG_NOTE, NULL, "%s", buf_cstr(&t->text));
}

static void
on_held(void *arg, uint32_t key)
{
	struct merge *t = arg;
	const struct graph *g = merger_graph(t->merger);

	if (may_tell(t))
		diag(DIAG_NOTE, NULL, "%.*s is %s: it joins nobody",
		    STR_ARG(graph_text(g, key)),
		    explain_guard(graph_text(g, key)));
}

static void
on_useless(void *arg, const struct link *l, const char *why)
{
	(void)arg;
	diag(DIAG_INFO, NULL, "links file, line %u: %.*s, %.*s: %s", l->line,
	    STR_ARG(l->a.s), STR_ARG(l->b.s), why);
}

static int
learn(struct merge *t, struct err *e)
{
	struct merger_report report = {
		.arg = t,
		.doubt = on_doubt,
		.held = on_held,
		.useless = on_useless,
	};

	return merger_learn(t->merger, &report, e);
}

/* Giving out. */

/* Commits the state, and only then lets the records go. */
static int
release(struct merge *t, struct err *e)
{
	if (merger_keep(t->merger, e) != 0 ||
	    sink_commit_lines(t->out, buf_str(&t->held), e) != 0)
		return -1;
	buf_reset(&t->held);
	return 0;
}

static int
write_record(struct merge *t, const struct merged *m, struct err *e)
{
	if (!merger_keeps(t->merger)) {
		if (merged_write(m, sink_out(t->out), e) != 0)
			return -1;
		return sink_commit(t->out, e);
	}
	if (merged_write(m, &t->held, e) != 0 ||
	    buf_add_char(&t->held, '\n') != 0)
		return -1;
	return t->held.n < (size_t)t->memory / KEEP_SHARE ? 0 : release(t, e);
}

static int
reject(struct sink *out, const struct merged *m, struct err *e)
{
	struct json source = record_get(m->record, "source");
	struct arena *a = record_arena(m->record);
	struct str file = json_str(json_get(source, "file"), a);
	struct str at = json_str(json_get(source, "at"), a);
	struct err why = *e;

	return sink_reject(out, file.p == NULL ? STR("") : file,
	    at.p == NULL ? STR("") : at, why.msg, record_line(m->record), e);
}

/* Another one with the same id is written. */
static bool
is_left_out(struct sink *out, enum merger_result got)
{
	if (got == MERGER_DUPLICATE)
		sink_sum(out, "duplicates", 1);
	if (got == MERGER_VERSION)
		sink_sum(out, "versions", 1);
	return got == MERGER_DUPLICATE || got == MERGER_VERSION;
}

static void
sums_of(struct sink *out, const struct merged *m)
{
	if (m->quarantined)
		sink_sum(out, "quarantined", 1);
	if (m->claimed)
		sink_sum(out, "claims", 1);
	if (m->updated)
		sink_sum(out, "updated", 1);
}

static void
warn_without_ids(struct merge *t)
{
	if (merger_lacks_ids(t->merger))
		diag(DIAG_WARN, NULL,
		    "no record has ids, so nobody is recognised: run them "
		    "through kith identify first");
}

/* --follow: the record at once, behind what it told of people. */

static enum stage_result
follow_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct merge *t = self;
	const struct merger_report report = { .arg = t, .doubt = on_doubt };
	struct merged m;
	enum merger_result got = merger_follow(t->merger, line, &report, &m, e);

	if (got == MERGER_FAIL)
		return STAGE_FATAL;
	if (is_left_out(out, got))
		return STAGE_OK;
	if (got == MERGER_CONFLICT)
		return STAGE_REJECT;
	if (write_events(out, m.events, e) != 0)
		return STAGE_FATAL;
	sums_of(out, &m);
	if (record_write(m.record, sink_out(out), e) != 0 ||
	    sink_commit(out, e) != 0)
		return STAGE_FATAL;
	return STAGE_OK;
}

/* What records taught is kept before they leave. */
static int
follow_settle(void *self, struct err *e)
{
	return merger_keep(((struct merge *)self)->merger, e);
}

static int
follow_end(void *self, struct sink *out, struct err *e)
{
	struct merge *t = self;

	warn_without_ids(t);
	sink_sum(
	    out, "new conversations", (int64_t)merger_conversations(t->merger));
	/* Once more, for the events that have left. */
	return sink_flush(out, e) != 0 ? -1 : merger_keep(t->merger, e);
}

/* All records, then all in the order of their time. */

static enum stage_result
merge_line(void *self, struct sink *out, struct str line, struct err *e)
{
	int rc = merger_take(((struct merge *)self)->merger, line, e);

	(void)out;
	return rc == 0 ? STAGE_OK : rc > 0 ? STAGE_REJECT : STAGE_FATAL;
}

static int
merge_end(void *self, struct sink *out, struct err *e)
{
	struct merge *t = self;
	enum merger_result got;
	struct merged m;

	warn_without_ids(t);
	if (learn(t, e) != 0)
		return -1;
	while ((got = merger_next(t->merger, &m, e)) != MERGER_END) {
		if (got == MERGER_FAIL)
			return -1;
		if (is_left_out(out, got))
			continue;
		if (got == MERGER_CONFLICT && reject(out, &m, e) != 0)
			return -1;
		if (got == MERGER_RECORD && write_record(t, &m, e) != 0)
			return -1;
		sums_of(out, &m);
	}
	sink_sum(
	    out, "new conversations", (int64_t)merger_conversations(t->merger));
	return release(t, e);
}

/* --explain A B [FILE ...] */

static int
read_name(
    struct merge *t, const char *typed, struct link_name *out, struct err *e)
{
	if (link_name_read(str_of(typed), out, &t->arena) != 0)
		return err_set(e,
		    "%s: no key such as email:a@example.org, and no id of a "
		    "person or message",
		    typed);
	return merger_want(t->merger, *out, e);
}

static int
explain_open(struct run *r, void *self, struct err *e)
{
	struct merge *t = self;
	const char *b = run_take_operand(r);

	if (b == NULL)
		return err_set(e, "--explain takes two: --explain A B");
	if (merger_keeps(t->merger))
		run_read_operands(r);
	if (read_name(t, t->explain, &t->a, e) != 0)
		return -1;
	return read_name(t, b, &t->b, e);
}

static int
explain_end(void *self, struct sink *out, struct err *e)
{
	struct merge *t = self;
	bool joined;

	warn_without_ids(t);
	if (merger_learn(t->merger, NULL, e) != 0)
		return -1;
	joined =
	    explain_pair(sink_out(out), merger_graph(t->merger), t->a.s, t->b.s,
		merger_key_of(t->merger, t->a), merger_key_of(t->merger, t->b));
	if (!joined)
		run_gate(t->run);
	return sink_commit_text(out, e);
}

static void
merge_close(void *self)
{
	struct merge *t = self;

	merger_close(t->merger);
	arena_release(&t->arena);
	buf_release(&t->held);
	buf_release(&t->text);
	map_release(&t->told_of);
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
	    .settle = follow_settle,
	    .end = follow_end },
	{ .line = merge_line, .end = merge_end },
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
