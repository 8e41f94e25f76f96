/*
 * kith-route: the right queue, person and time for each request, by rules.
 */
#include "driver/driver.h"
#include "record/pipeline.h"
#include "route/actline.h"
#include "route/cases.h"
#include "route/rules/check.h"
#include "route/route.h"

struct route_tool {
	const char *rules_path, *explain, *test;
	struct actline act;
	bool check, overdue;
	int64_t fresh;
	struct rules *rules;
	struct route route;
	struct cases cases;
	struct record *record;
	struct pipeline pipeline;
	struct run *run;
};

#define AT(member) offsetof(struct route_tool, member)
static const struct opt opts[] = {
	{ 'r', "rules", OPT_TEXT, AT(rules_path), "FILE", "the rule file" },
	{ 0, "check", OPT_FLAG, AT(check), NULL,
	    "only say what is wrong with the rule file" },
	{ 0, "explain", OPT_TEXT, AT(explain), "ID",
	    "say why this record gets what it gets" },
	{ 0, "overdue", OPT_FLAG, AT(overdue), NULL,
	    "only write what waits past its due time" },
	{ 0, "fresh", OPT_DURATION, AT(fresh), "DURATION",
	    "with --overdue: exit 2 when no record is so young" },
	{ 0, "test", OPT_TEXT, AT(test), "FILE",
	    "run the rule file's test cases" },
	{ 0, "act", OPT_TEXT, AT(act.act), "ACT",
	    "print an operator's decision on the operands: done, snooze ..." },
	{ 0, "by", OPT_TEXT, AT(act.by), "NAME", "of --act: who decides" },
	{ 0, "until", OPT_TIME, AT(act.until), "TIME",
	    "of --act snooze: when it waits again" },
	{ 0, "assignee", OPT_TEXT, AT(act.assignee), "NAME",
	    "of --act assign: whose it is" },
	{ 0, "team", OPT_TEXT, AT(act.team), "NAME",
	    "of --act assign: the team that has it" },
	{ 0, "note", OPT_TEXT, AT(act.note), "TEXT", "of --act: why" },
	{ 0 },
};

static int
route_act(struct run *r, void *self, struct err *e)
{
	struct route_tool *t = self;

	t->act.now = run_now(r);
	return actline_give(
	    &t->act, run_operands(r), run_state(r), run_sink(r), e);
}

static int
route_check(struct run *r, void *self, struct err *e)
{
	struct route_tool *t = self;
	int rc = check(t->rules_path, run_state(r), run_sink(r), e);

	if (rc > 0)
		run_gate(r);
	return rc < 0 ? -1 : 0;
}

static int
route_tool_open(struct run *r, void *self, struct err *e)
{
	struct route_tool *t = self;

	t->run = r;
	if (t->act.act != NULL)
		return 0;
	if (t->rules_path == NULL)
		t->rules_path = run_workspace(r)->rules;
	if (t->rules_path == NULL)
		return err_set(e, "no rule file: give one with -r FILE, or "
				  "with rules: in the workspace file");
	if (t->check)
		return run_allow(r, "/", SANDBOX_READ), 0;
	if ((t->rules = rules_open(t->rules_path, e)) == NULL)
		return -1;
	return rules_say_left_out(t->rules), 0;
}

static int
replay_open(struct run *r, void *self, struct err *e)
{
	struct route_tool *t = self;

	t->record = record_new();
	pipeline_init(&t->pipeline, "conversation", run_workspace(r));
	/* An explanation replays the stream; it leaves no trace. */
	return route_open(&t->route, t->rules,
	    t->explain == NULL ? run_state(r) : NULL,
	    &(struct route_when){ run_now(r), t->fresh, t->overdue }, e);
}

static enum stage_result
explain_line(void *self, struct sink *out, struct str text, struct err *e)
{
	struct route_tool *t = self;

	if (pipeline_read(&t->pipeline, t->record, text, e) != 0)
		return STAGE_REJECT;
	if (route_explain(&t->route, t->record, t->explain, sink_out(out), e) !=
	    0)
		return STAGE_FATAL;
	return sink_commit_text(out, e) != 0 ? STAGE_FATAL : STAGE_OK;
}

static enum stage_result
overdue_line(void *self, struct sink *out, struct str text, struct err *e)
{
	struct route_tool *t = self;

	if (pipeline_read(&t->pipeline, t->record, text, e) != 0)
		return STAGE_REJECT;
	if (route_record(&t->route, t->record, e) != 0)
		return STAGE_FATAL;
	return route_say_troubles(&t->route, t->rules_path, out), STAGE_OK;
}

static enum stage_result
route_line(void *self, struct sink *out, struct str text, struct err *e)
{
	struct route_tool *t = self;
	enum stage_result rc = overdue_line(t, out, text, e);

	if (rc == STAGE_OK && record_write(t->record, sink_out(out), e) != 0)
		return STAGE_REJECT;
	return rc == STAGE_OK && sink_commit(out, e) != 0 ? STAGE_FATAL : rc;
}

static int
route_tool_settle(void *self, struct err *e)
{
	return route_settle(&((struct route_tool *)self)->route, false, e);
}

static int
route_tool_end(void *self, struct sink *out, struct err *e)
{
	struct route_tool *t = self;

	route_say_troubles(&t->route, t->rules_path, out);
	if (!t->overdue)
		pipeline_warn(&t->pipeline);
	return route_settle(&t->route, true, e);
}

static int
explain_end(void *self, struct sink *out, struct err *e)
{
	struct route_tool *t = self;

	if (!route_explained(&t->route, t->explain))
		run_gate(t->run);
	return route_tool_end(t, out, e);
}

static int
overdue_end(void *self, struct sink *out, struct err *e)
{
	struct route_tool *t = self;
	size_t late;

	if (route_overdue(&t->route, run_now(t->run), out, &late, e) != 0)
		return -1;
	if (late > 0)
		run_gate(t->run);
	return route_tool_end(t, out, e) != 0
		   ? -1
		   : route_judge(&t->route, &t->pipeline, out, e);
}

static int
test_open(struct run *r, void *self, struct err *e)
{
	struct route_tool *t = self;

	cases_open(&t->cases, t->rules);
	return (void)e, run_read(r, t->test), 0;
}

static enum stage_result
test_line(void *self, struct sink *out, struct str text, struct err *e)
{
	return cases_line(&((struct route_tool *)self)->cases, out, text, e);
}

static int
test_end(void *self, struct sink *out, struct err *e)
{
	struct route_tool *t = self;

	if (t->cases.failed > 0)
		run_gate(t->run);
	return cases_end(&t->cases, out, e);
}

static void
route_tool_close(void *self)
{
	struct route_tool *t = self;

	route_close(&t->route);
	cases_close(&t->cases);
	pipeline_release(&t->pipeline);
	record_free(t->record);
	rules_free(t->rules);
}

static const struct mode modes[] = {
	{ .option = "act", .go = route_act, .keeps = true },
	{ .option = "check", .go = route_check },
	{ .option = "explain",
	    .open = replay_open,
	    .line = explain_line,
	    .end = explain_end },
	{ .option = "overdue",
	    .open = replay_open,
	    .line = overdue_line,
	    .settle = route_tool_settle,
	    .end = overdue_end },
	{ .option = "test",
	    .open = test_open,
	    .line = test_line,
	    .end = test_end },
	{ .open = replay_open,
	    .line = route_line,
	    .settle = route_tool_settle,
	    .end = route_tool_end },
};

const struct tool tool = {
	.name = "route",
	.about = "give each request its queue, person and time, by rules",
	.operands = "[FILE ...]",
	.opts = opts,
	.size = sizeof(struct route_tool),
	.modes = modes,
	.open = route_tool_open,
	.close = route_tool_close,
};
