/*
 * kith-route: the right queue, person and time for each request, by rules.
 */
#include "core/diag.h"
#include "driver/driver.h"
#include "record/pipeline.h"
#include "route/cases.h"
#include "route/route.h"

struct self {
	const char *rules_path, *explain, *test;
	bool check, overdue;
	struct rules *rules;
	struct route route;
	struct cases cases;
	struct record *record;
	struct pipeline pipeline;
	struct run *run;
	bool opened;
	uint64_t said; /* failures of programs that were shown */
	uint64_t explained, late;
};

static const struct opt opts[] = {
	{ 'r', "rules", OPT_TEXT, offsetof(struct self, rules_path), "FILE",
	    "the rule file", 0, 0, NULL },
	{ 0, "check", OPT_FLAG, offsetof(struct self, check), NULL,
	    "only say what is wrong with the rule file", 0, 0, NULL },
	{ 0, "explain", OPT_TEXT, offsetof(struct self, explain), "ID",
	    "say why this record gets what it gets", 0, 0, NULL },
	{ 0, "overdue", OPT_FLAG, offsetof(struct self, overdue), NULL,
	    "only write what waits past its due time", 0, 0, NULL },
	{ 0, "test", OPT_TEXT, offsetof(struct self, test), "FILE",
	    "run the rule file's test cases", 0, 0, NULL },
	{ 0 },
};

/* --- the rule file --- */

static int
write_issues(
    struct run *r, const char *path, const struct issues *is, struct err *e)
{
	struct buf *out = sink_out(run_sink(r));
	size_t i;

	for (i = 0; i < is->n; i++)
		buf_printf(out, "%s:%d:%d: %s: %s\n", path, is->v[i].line,
		    is->v[i].column, is->v[i].error ? "error" : "warning",
		    is->v[i].text);
	if (is->errors + is->warnings > is->n)
		buf_printf(out, "%s: %zu more\n", path,
		    is->errors + is->warnings - is->n);
	return sink_commit_text(run_sink(r), e);
}

static int
check(struct run *r, void *arg, struct err *e)
{
	struct self *s = arg;
	struct issues is = { 0 };
	int rc;

	s->rules = rules_read(s->rules_path, &is, e);
	if (s->rules != NULL)
		rules_lint(s->rules, &is);
	rc = write_issues(r, s->rules_path, &is, e);
	if (rc == 0 && is.warnings > 0)
		run_gate(r);
	if (rc == 0 && is.errors > 0)
		rc = err_set(e, "%s: %zu error%s", s->rules_path, is.errors,
		    is.errors == 1 ? "" : "s");
	issues_release(&is);
	return rc;
}

static int
read_rules(struct self *s, struct err *e)
{
	struct issues is = { 0 };

	s->rules = rules_read(s->rules_path, &is, e);
	issues_release(&is);
	return s->rules == NULL ? -1 : 0;
}

static int
open_rules(struct run *r, void *arg, struct err *e)
{
	struct self *s = arg;

	s->run = r;
	if (s->rules_path == NULL)
		s->rules_path = run_config(r)->rules;
	if (s->rules_path == NULL)
		return err_set(e, "no rule file: give one with -r FILE, or "
				  "with rules: in the workspace file");
	return s->check ? 0 : read_rules(s, e);
}

static int
open_route(struct run *r, void *arg, struct err *e)
{
	struct self *s = arg;

	s->record = record_new();
	s->pipeline.needs = "conversation";
	s->opened = true;
	/* An explanation replays the stream; it leaves no trace. */
	return route_open(&s->route, s->rules,
	    s->explain == NULL ? run_state(r) : NULL, s->overdue,
	    (s->rules->asks >> ASK_OLDER & 1) != 0 ? run_now(r) : TIME_NONE, e);
}

/* --- records --- */

/* A program that fails is said once, and counted. */
static void
say_failure(struct sink *out, struct self *s)
{
	struct route *rt = &s->route;

	if (rt->failed == s->said)
		return;
	if (s->said == 0)
		diag(DIAG_WARN, sink_place(out),
		    "rule %.*s of line %d does not hold, because its `if` "
		    "fails: %s",
		    STR_ARG(rt->failed_rule->name), rt->failed_rule->line,
		    rt->failed_why.msg);
	sink_sum(out, "failed ifs", (int64_t)(rt->failed - s->said));
	s->said = rt->failed;
}

/* Reads the line; what it is of a conversation is remembered. */
static int
take(struct self *s, struct str text, struct err *e)
{
	return record_parse(s->record, text, e) != 0 ||
		       pipeline_see(&s->pipeline, s->record, e) != 0
		   ? -1
		   : 0;
}

static enum stage_result
explain_line(void *arg, struct sink *out, struct str text, struct err *e)
{
	struct self *s = arg;
	size_t n = sink_out(out)->n;

	if (take(s, text, e) != 0)
		return STAGE_REJECT;
	if (!str_is(record_str(s->record, "id"), s->explain))
		return route_record(&s->route, s->record, e) != 0 ? STAGE_FATAL
								  : STAGE_OK;
	if (route_explain(&s->route, s->record, sink_out(out), e) != 0)
		return STAGE_FATAL;
	s->explained += sink_out(out)->n > n;
	return sink_commit_text(out, e) != 0 ? STAGE_FATAL : STAGE_OK;
}

static enum stage_result
overdue_line(void *arg, struct sink *out, struct str text, struct err *e)
{
	struct self *s = arg;

	if (take(s, text, e) != 0)
		return STAGE_REJECT;
	if (route_record(&s->route, s->record, e) != 0)
		return STAGE_FATAL;
	say_failure(out, s);
	return STAGE_OK;
}

static enum stage_result
route_line(void *arg, struct sink *out, struct str text, struct err *e)
{
	struct self *s = arg;
	enum stage_result rc = overdue_line(s, out, text, e);

	if (rc != STAGE_OK)
		return rc;
	if (record_write(s->record, sink_out(out), e) != 0)
		return STAGE_REJECT;
	return sink_commit(out, e) != 0 ? STAGE_FATAL : STAGE_OK;
}

struct giving {
	struct sink *out;
	struct self *self;
};

static int
give(void *arg, struct record *record, struct err *e)
{
	struct giving *g = arg;

	if (record_write(record, sink_out(g->out), e) != 0)
		return -1;
	g->self->late++;
	return sink_commit(g->out, e);
}

static int
settle(void *arg, struct err *e)
{
	struct self *s = arg;

	if (!s->opened)
		return 0;
	if (work_sweep(&s->route.work, false, e) != 0)
		return -1;
	return work_commit(&s->route.work, e);
}

static int
route_end(void *arg, struct sink *out, struct err *e)
{
	struct self *s = arg;

	(void)out;
	if (pipeline_lacks(&s->pipeline))
		diag(DIAG_WARN, NULL,
		    "no record has a conversation: run them through "
		    "kith identify and kith merge first");
	if (work_sweep(&s->route.work, true, e) != 0)
		return -1;
	return work_commit(&s->route.work, e);
}

static int
explain_end(void *arg, struct sink *out, struct err *e)
{
	struct self *s = arg;

	if (s->explained == 0) {
		diag(DIAG_NOTE, NULL, "no record has the id %s", s->explain);
		run_gate(s->run);
	}
	return route_end(s, out, e);
}

static int
overdue_end(void *arg, struct sink *out, struct err *e)
{
	struct self *s = arg;
	struct giving g = { out, s };

	if (route_overdue(&s->route, run_now(s->run), give, &g, e) != 0)
		return -1;
	if (s->late > 0)
		run_gate(s->run);
	sink_sum(out, "overdue", (int64_t)s->late);
	return route_end(s, out, e);
}

/* --- test cases --- */

static int
test_open(struct run *r, void *arg, struct err *e)
{
	struct self *s = arg;

	(void)e;
	cases_open(&s->cases, s->rules);
	run_read(r, s->test);
	return 0;
}

static enum stage_result
test_line(void *arg, struct sink *out, struct str text, struct err *e)
{
	struct self *s = arg;
	const char *place = sink_place(out);

	if (cases_run(&s->cases, text, sink_out(out), e) != 0)
		return err_prefix(e, "%s", place);
	return sink_commit_text(out, e) != 0 ? STAGE_FATAL : STAGE_OK;
}

static int
test_end(void *arg, struct sink *out, struct err *e)
{
	struct self *s = arg;

	buf_printf(sink_out(out), "1..%zu\n", s->cases.count);
	if (s->cases.failed > 0)
		run_gate(s->run);
	return sink_commit_text(out, e);
}

static void
close_route(void *arg)
{
	struct self *s = arg;

	if (s->opened)
		route_close(&s->route);
	cases_close(&s->cases);
	record_free(s->record);
	rules_free(s->rules);
}

static const struct mode modes[] = {
	{ .option = "check", .go = check },
	{ .option = "explain",
	    .open = open_route,
	    .line = explain_line,
	    .settle = settle,
	    .end = explain_end },
	{ .option = "overdue",
	    .open = open_route,
	    .line = overdue_line,
	    .settle = settle,
	    .end = overdue_end },
	{ .option = "test",
	    .open = test_open,
	    .line = test_line,
	    .end = test_end },
	{ .open = open_route,
	    .line = route_line,
	    .settle = settle,
	    .end = route_end },
};

const struct tool tool = {
	.name = "route",
	.about = "give each request its queue, person and time, by rules",
	.operands = "[FILE ...]",
	.opts = opts,
	.size = sizeof(struct self),
	.modes = modes,
	.open = open_rules,
	.close = close_route,
};
