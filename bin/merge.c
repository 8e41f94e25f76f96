/*
 * merge: who each record is of, and which conversation it continues; records
 * of all channels in the order of their time.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/diag.h"
#include "core/io/stream.h"
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
write_events(struct run *r, struct str lines, struct err *e)
{
	while (lines.n > 0) {
		buf_add_str(run_out(r), str_split(&lines, '\n'));
		run_sum(r, "events", 1);
		if (run_commit(r, e) != 0)
			return -1;
	}
	return 0;
}

/* What a run that was killed had learned, and not told. */
static int
tell_untold(struct run *r, struct merge *t, struct err *e)
{
	struct str lines;

	if (merger_untold(t->merger, &lines, e) != 0)
		return -1;
	return write_events(r, lines, e);
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
	if (t->merger == NULL)
		return -1;
	return o.follow ? tell_untold(r, t, e) : 0;
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
	run_sum(t->run, "not believed", 1);
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
release(struct run *r, struct merge *t, struct err *e)
{
	struct str rest = buf_str(&t->held);

	if (merger_keep(t->merger, e) != 0)
		return -1;
	while (rest.n > 0) {
		buf_add_str(run_out(r), str_split(&rest, '\n'));
		if (run_commit(r, e) != 0)
			return -1;
	}
	buf_reset(&t->held);
	return 0;
}

static int
write_record(
    struct run *r, struct merge *t, const struct merged *m, struct err *e)
{
	if (!merger_keeps(t->merger)) {
		if (merged_write(m, run_out(r), e) != 0)
			return -1;
		return run_commit(r, e);
	}
	if (merged_write(m, &t->held, e) != 0 ||
	    buf_add_char(&t->held, '\n') != 0)
		return -1;
	return t->held.n < (size_t)t->memory / KEEP_SHARE ? 0
							  : release(r, t, e);
}

static int
reject(struct run *r, const struct merged *m, struct err *e)
{
	struct json source = record_get(m->record, "source");
	struct arena *a = record_arena(m->record);
	struct str file = json_str(json_get(source, "file"), a);
	struct str at = json_str(json_get(source, "at"), a);
	struct err why = *e;

	return run_reject(r, file.p == NULL ? STR("") : file,
	    at.p == NULL ? STR("") : at, why.msg, record_line(m->record), e);
}

/* Another one with the same id is written. */
static bool
is_left_out(struct run *r, enum merger_result got)
{
	if (got == MERGER_DUPLICATE)
		run_sum(r, "duplicates", 1);
	if (got == MERGER_VERSION)
		run_sum(r, "versions", 1);
	return got == MERGER_DUPLICATE || got == MERGER_VERSION;
}

static void
sums_of(struct run *r, const struct merged *m)
{
	if (m->quarantined)
		run_sum(r, "quarantined", 1);
	if (m->claimed)
		run_sum(r, "claims", 1);
	if (m->updated)
		run_sum(r, "updated", 1);
}

/* The record at once, behind what it told of people. */
static enum stage_result
follow_line(struct run *r, struct merge *t, struct str line, struct err *e)
{
	const struct merger_report report = { .arg = t, .doubt = on_doubt };
	struct merged m;
	enum merger_result got = merger_follow(t->merger, line, &report, &m, e);

	if (got == MERGER_FAIL)
		return STAGE_FATAL;
	if (is_left_out(r, got))
		return STAGE_OK;
	if (got == MERGER_CONFLICT)
		return STAGE_REJECT;
	if (write_events(r, m.events, e) != 0)
		return STAGE_FATAL;
	sums_of(r, &m);
	if (record_write(m.record, run_out(r), e) != 0 || run_commit(r, e) != 0)
		return STAGE_FATAL;
	return STAGE_OK;
}

/* With --follow: what records taught is kept before they leave. */
static int
merge_settle(struct run *r, void *self, struct err *e)
{
	struct merge *t = self;

	(void)r;
	return t->follow ? merger_keep(t->merger, e) : 0;
}

static enum stage_result
merge_line(struct run *r, void *self, struct str line, struct err *e)
{
	struct merge *t = self;
	int rc;

	if (t->follow)
		return follow_line(r, t, line, e);
	rc = merger_take(t->merger, line, e);
	return rc == 0 ? STAGE_OK : rc > 0 ? STAGE_REJECT : STAGE_FATAL;
}

static int
merge_end(struct run *r, void *self, struct err *e)
{
	struct merge *t = self;
	enum merger_result got;
	struct merged m;

	if (merger_lacks_ids(t->merger))
		diag(DIAG_WARN, NULL,
		    "no record has ids, so nobody is recognised: run them "
		    "through kith identify first");
	if (t->explain != NULL)
		return 0;
	if (t->follow) {
		run_sum(r, "new conversations",
		    (int64_t)merger_conversations(t->merger));
		/* Once more, for the events that have left. */
		return run_flush(r, e) != 0 ? -1 : merger_keep(t->merger, e);
	}
	if (learn(t, e) != 0)
		return -1;
	while ((got = merger_next(t->merger, &m, e)) != MERGER_END) {
		if (got == MERGER_FAIL)
			return -1;
		if (is_left_out(r, got))
			continue;
		if (got == MERGER_CONFLICT && reject(r, &m, e) != 0)
			return -1;
		if (got == MERGER_RECORD && write_record(r, t, &m, e) != 0)
			return -1;
		sums_of(r, &m);
	}
	run_sum(
	    r, "new conversations", (int64_t)merger_conversations(t->merger));
	return release(r, t, e);
}

/* --explain A B [FILE ...] */

static bool
merge_wants_go(void *self)
{
	return ((struct merge *)self)->explain != NULL;
}

static int
take_file(struct run *r, struct merge *t, const char *path, struct err *e)
{
	struct input *in = input_open(path, run_max_line(r), e);
	enum input_result got = INPUT_FAIL;
	struct str line;
	char at[24];

	while (in != NULL && (got = input_line(in, &line, e)) > 0) {
		int rc = got == INPUT_LONG
			     ? (err_set(e, "longer than --max-line"), 1)
			 : line.n == 0 ? 0
				       : merger_take(t->merger, line, e);

		run_count_in(r);
		snprintf(at, sizeof(at), "%" PRIu64, input_lines(in));
		if (rc > 0) {
			struct err why = *e;

			rc = run_reject(r, str_of(input_name(in)), str_of(at),
			    why.msg, line, e);
		}
		if (rc < 0) {
			got = INPUT_FAIL;
			break;
		}
	}
	input_close(in);
	return got == INPUT_END ? 0 : -1;
}

static int
take_files(struct run *r, struct merge *t, char *const *files, struct err *e)
{
	if (*files == NULL && !merger_keeps(t->merger))
		return take_file(r, t, "-", e);
	for (; *files != NULL; files++)
		if (take_file(r, t, *files, e) != 0)
			return -1;
	return 0;
}

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
merge_explain(struct run *r, void *self, struct err *e)
{
	struct merge *t = self;
	char *const *operands = run_operands(r);
	struct link_name a, b;
	bool joined;

	if (operands[0] == NULL)
		return err_set(e, "--explain takes two: --explain A B");
	if (read_name(t, t->explain, &a, e) != 0 ||
	    read_name(t, operands[0], &b, e) != 0 ||
	    take_files(r, t, operands + 1, e) != 0)
		return -1;
	if (merger_learn(t->merger, NULL, e) != 0)
		return -1;
	joined = explain_pair(run_out(r), merger_graph(t->merger), a.s, b.s,
	    merger_key_of(t->merger, a), merger_key_of(t->merger, b));
	if (!joined)
		run_gate(r);
	return run_commit_text(r, e);
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

const struct tool tool = {
	.name = "merge",
	.about = "recognise people, continue conversations across channels",
	.operands = "[FILE ...]",
	.opts = opts,
	.size = sizeof(struct merge),
	.defaults = merge_defaults,
	.open = merge_open,
	.line = merge_line,
	.go = merge_explain,
	.settle = merge_settle,
	.end = merge_end,
	.close = merge_close,
	.wants_go = merge_wants_go,
};
