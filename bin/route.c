/*
 * kith-route: the right queue, person and time for each request, by rules.
 */
#include "core/diag.h"
#include "core/io/stream.h"
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
	struct buf *out = run_out(r);
	size_t i;

	for (i = 0; i < is->n; i++)
		buf_printf(out, "%s:%d:%d: %s: %s\n", path, is->v[i].line,
		    is->v[i].column, is->v[i].error ? "error" : "warning",
		    is->v[i].text);
	if (is->errors + is->warnings > is->n)
		buf_printf(out, "%s: %zu more\n", path,
		    is->errors + is->warnings - is->n);
	return run_commit_text(r, e);
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
open_route(struct run *r, void *arg, struct err *e)
{
	struct self *s = arg;
	const char *state = run_state(r);

	if (s->check + (s->explain != NULL) + (s->test != NULL) + s->overdue >
	    1)
		return err_set(e, "--check, --explain, --overdue and --test "
				  "exclude each other");
	if (s->rules_path == NULL)
		s->rules_path = run_config(r)->rules;
	if (s->rules_path == NULL)
		return err_set(e, "no rule file: give one with -r FILE, or "
				  "with rules: in the workspace file");
	if (s->check)
		return 0;
	if (read_rules(s, e) != 0)
		return -1;
	if (s->test != NULL) {
		cases_open(&s->cases, s->rules);
		return 0;
	}
	s->record = record_new();
	s->pipeline.needs = "conversation";
	s->opened = true;
	/* An explanation replays the stream; it leaves no trace. */
	return route_open(&s->route, s->rules,
	    s->explain == NULL ? state : NULL, s->overdue,
	    (s->rules->asks >> ASK_OLDER & 1) != 0 ? run_now(r) : TIME_NONE, e);
}

/* --- records --- */

/* A program that fails is said once, and counted. */
static void
say_failure(struct run *r, struct self *s)
{
	struct route *rt = &s->route;

	if (rt->failed == s->said)
		return;
	if (s->said == 0)
		diag(DIAG_WARN, run_place(r),
		    "rule %.*s of line %d does not hold, because its `if` "
		    "fails: %s",
		    STR_ARG(rt->failed_rule->name), rt->failed_rule->line,
		    rt->failed_why.msg);
	run_sum(r, "failed ifs", (int64_t)(rt->failed - s->said));
	s->said = rt->failed;
}

static enum stage_result
explain(struct run *r, struct self *s, struct err *e)
{
	struct buf *out = run_out(r);
	size_t n = out->n;

	if (!str_is(record_str(s->record, "id"), s->explain))
		return route_record(&s->route, s->record, e) != 0 ? STAGE_FATAL
								  : STAGE_OK;
	if (route_explain(&s->route, s->record, out, e) != 0)
		return STAGE_FATAL;
	s->explained += out->n > n;
	return run_commit_text(r, e) != 0 ? STAGE_FATAL : STAGE_OK;
}

static enum stage_result
line(struct run *r, void *arg, struct str text, struct err *e)
{
	struct self *s = arg;

	if (record_parse(s->record, text, e) != 0 ||
	    pipeline_see(&s->pipeline, s->record, e) != 0)
		return STAGE_REJECT;
	if (s->explain != NULL)
		return explain(r, s, e);
	if (route_record(&s->route, s->record, e) != 0)
		return STAGE_FATAL;
	say_failure(r, s);
	if (s->overdue)
		return STAGE_OK;
	if (record_write(s->record, run_out(r), e) != 0) {
		run_rollback(r);
		return STAGE_REJECT;
	}
	return run_commit(r, e) != 0 ? STAGE_FATAL : STAGE_OK;
}

struct giving {
	struct run *run;
	struct self *self;
};

static int
give(void *arg, struct record *record, struct err *e)
{
	struct giving *g = arg;

	if (record_write(record, run_out(g->run), e) != 0)
		return -1;
	g->self->late++;
	return run_commit(g->run, e);
}

static int
settle(struct run *r, void *arg, struct err *e)
{
	struct self *s = arg;

	(void)r;
	if (!s->opened)
		return 0;
	if (work_sweep(&s->route.work, false, e) != 0)
		return -1;
	return work_commit(&s->route.work, e);
}

static int
end(struct run *r, void *arg, struct err *e)
{
	struct self *s = arg;
	struct giving g = { r, s };

	if (!s->opened)
		return 0;
	if (pipeline_lacks(&s->pipeline))
		diag(DIAG_WARN, NULL,
		    "no record has a conversation: run them through "
		    "kith identify and kith merge first");
	if (s->explain != NULL && s->explained == 0) {
		diag(DIAG_NOTE, NULL, "no record has the id %s", s->explain);
		run_gate(r);
	}
	if (s->overdue) {
		if (route_overdue(&s->route, run_now(r), give, &g, e) != 0)
			return -1;
		if (s->late > 0)
			run_gate(r);
		run_sum(r, "overdue", (int64_t)s->late);
	}
	if (work_sweep(&s->route.work, true, e) != 0)
		return -1;
	return work_commit(&s->route.work, e);
}

/* --- test cases --- */

static int
run_cases(struct run *r, struct self *s, struct input *in, struct err *e)
{
	struct str text;
	enum input_result got;

	while ((got = input_line(in, &text, e)) == INPUT_LINE) {
		if (text.n == 0)
			continue;
		if (cases_run(&s->cases, text, run_out(r), e) != 0)
			return err_prefix(e, "%s:%llu", s->test,
			    (unsigned long long)input_lines(in));
		if (run_commit_text(r, e) != 0)
			return -1;
	}
	if (got == INPUT_LONG)
		return err_set(e, "%s: a line too long", s->test);
	return got == INPUT_END ? 0 : -1;
}

static int
test(struct run *r, void *arg, struct err *e)
{
	struct self *s = arg;
	struct input *in = input_open(s->test, run_max_line(r), e);
	int rc;

	if (in == NULL)
		return -1;
	rc = run_cases(r, s, in, e);
	input_close(in);
	if (rc != 0)
		return -1;
	buf_printf(run_out(r), "1..%zu\n", s->cases.count);
	if (s->cases.failed > 0)
		run_gate(r);
	return run_commit_text(r, e);
}

static int
go(struct run *r, void *arg, struct err *e)
{
	struct self *s = arg;

	return s->check ? check(r, s, e) : test(r, s, e);
}

static bool
wants_go(void *arg)
{
	struct self *s = arg;

	return s->check || s->test != NULL;
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

const struct tool tool = {
	.name = "route",
	.about = "give each request its queue, person and time, by rules",
	.operands = "[FILE ...]",
	.opts = opts,
	.size = sizeof(struct self),
	.open = open_route,
	.line = line,
	.go = go,
	.wants_go = wants_go,
	.settle = settle,
	.end = end,
	.close = close_route,
};
