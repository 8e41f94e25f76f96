/*
 * report: tables and pages from records.  It reads the whole stream, keeps
 * what service is measured by, and writes at the end.
 */
#include "core/io/sort.h"
#include "driver/driver.h"
#include "hours/calendar.h"
#include "record/pipeline.h"
#include "record/waiting/gate.h"
#include "report/alone.h"
#include "report/reports.h"

struct report {
	const char *calendar, *rules; /* --calendar, --rules */
	struct report_options options;
	struct report_style style;
	struct run *run;
	struct record *record;
	struct pipeline pipeline;
	struct reports reports;
	struct gate gate;
	struct alone *alone;
};

#define WORD(name, operands, help, make) { name operands, help },

/* For --help and the completions. */
static const struct tool_word words[] = { REPORT_KINDS(WORD){ NULL, NULL } };

static const struct opt options[] = {
	{ 0, "older", OPT_DURATION, offsetof(struct report, options.older),
	    "DURATION",
	    "unanswered, silent: only longer ones; exit 1 if one waits" },
	{ 0, "fresh", OPT_DURATION, offsetof(struct report, gate.fresh),
	    "DURATION", "with --older: exit 2 when no record is so young" },
	{ 'f', "format", OPT_CHOICE, offsetof(struct report, style.format),
	    "FORMAT", "how it is written (default table)", 0, 0,
	    report_formats },
	{ 0, "by", OPT_CHOICE, offsetof(struct report, reports.by), "GROUP",
	    "channels, silent: what a row stands for", 0, 0, facts_by_names },
	{ 0, "since", OPT_TIME, offsetof(struct report, reports.facts.since),
	    "TIME", "only waits that began at this time or later" },
	{ 0, "until", OPT_TIME, offsetof(struct report, reports.facts.until),
	    "TIME", "as it stood at this time: later records do not count" },
	{ 'r', "rules", OPT_TEXT, offsetof(struct report, rules), "FILE",
	    "the rule file whose calendar tells business time" },
	{ 0, "calendar", OPT_TEXT, offsetof(struct report, calendar), "NAME",
	    "which of its calendars (default the first)" },
	{ 0, "channel", OPT_TEXT, offsetof(struct report, options.channel),
	    "CHANNEL", "consent: of this channel alone" },
	{ 0, "suppression", OPT_FLAG,
	    offsetof(struct report, options.suppression), NULL,
	    "consent: only addresses of those who opted out of marketing" },
	{ 0, "model", OPT_TEXT, offsetof(struct report, options.model), "FILE",
	    "linkage: the model as well, which merge --model wrote" },
	{ 0, "against", OPT_TEXT, offsetof(struct report, options.against),
	    "FILE", "with --model: another one, and what changed" },
	{ 0, "doubtful", OPT_FLAG, offsetof(struct report, options.doubtful),
	    NULL, "linkage: who may be one, for a verdict" },
	{ 0, "why", OPT_FLAG, offsetof(struct report, options.why), NULL,
	    "show the ids behind each figure" },
	{ 0, "define", OPT_FLAG, offsetof(struct report, style.text.define),
	    NULL, "print how each figure is counted" },
	{ 0, "title", OPT_TEXT, offsetof(struct report, style.title), "TEXT",
	    "html: the page's title" },
	{ 0 },
};

static void
report_defaults(void *self)
{
	struct report *p = self;

	p->reports.facts.since = p->reports.facts.until = TIME_NONE;
	p->reports.by = -1;
}

static int
common_open(struct run *r, void *self, struct err *e)
{
	struct report *p = self;
	const char *rules =
	    p->rules == NULL ? run_workspace(r)->rules : p->rules;

	p->run = r;
	p->record = record_new();
	return calendar_named(rules, p->calendar, &p->options.calendar, e);
}

/* Do other programs go by the exit status? */
static bool
is_gate(const struct report *p)
{
	return p->options.older > 0 && reports_has(&p->reports, "unanswered");
}

/* The reports' names, then the person of a timeline. */
static int
report_open(struct run *r, void *self, struct err *e)
{
	struct report *p = self;
	const char *zone = run_workspace(r)->zone;

	if (reports_ask(&p->reports, run_take_operand(r), e) < 0 ||
	    (p->reports.timeline &&
		reports_person(
		    &p->reports, run_take_operand(r), p->options.why, e) < 0) ||
	    reports_check(&p->reports, &p->options, e) < 0)
		return -1;
	if (p->gate.fresh > 0 && !is_gate(p))
		return err_set(e, "--fresh goes with unanswered --older");
	p->gate.now = p->gate.fresh > 0 ? run_now(r) : TIME_NONE;
	if (p->reports.timeline)
		run_allow(r, sort_folder(), SANDBOX_WRITE);
	pipeline_init(&p->pipeline, "conversation", run_workspace(r));
	if (zone != NULL)
		p->reports.facts.zone = zone_open(zone, e);
	return zone != NULL && p->reports.facts.zone == NULL ? -1 : 0;
}

static enum stage_result
report_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct report *p = self;

	(void)out;
	if (pipeline_read(&p->pipeline, p->record, line, e) != 0)
		return STAGE_REJECT;
	gate_see(&p->gate, p->record);
	return reports_add(&p->reports, p->record, e) == 0 ? STAGE_OK
							   : STAGE_FATAL;
}

/* What time it is, and by what time a wait that goes on is measured. */
static void
set_now(struct report *p)
{
	int64_t now = run_now(p->run), until = p->reports.facts.until;

	p->style.now = now;
	p->options.now = until != TIME_NONE && until < now ? until : now;
	p->reports.facts.now = p->options.now;
}

static int
report_end(void *self, struct sink *out, struct err *e)
{
	struct report *p = self;
	bool no, gate = is_gate(p);

	set_now(p);
	if (!gate)
		pipeline_warn(&p->pipeline);
	if (reports_write(&p->reports, &p->options, &p->style,
		run_quiet(p->run), out, &no, e) < 0)
		return -1;
	if (no)
		run_gate(p->run);
	if (!gate)
		return 0;
	/* The sentence stands behind the table. */
	return sink_flush(out, e) < 0 ? -1
				      : gate_judge(&p->gate, &p->pipeline, e);
}

/* What goes with no other report: diff, vcon, cloudevents. */
static bool
asks_for_one(const struct run *r, const void *self)
{
	const char *first = run_operands(r)[0];

	return (void)self, first != NULL && kind_alone(str_of(first));
}

static int
alone_open(struct run *r, void *self, struct err *e)
{
	struct report *p = self;
	struct str name = str_of(run_take_operand(r));

	p->alone = alone_new(name, run_operands(r), &p->style, e);
	if (p->alone != NULL && alone_sorts(p->alone))
		run_allow(r, sort_folder(), SANDBOX_WRITE);
	return p->alone == NULL ? -1 : 0;
}

static enum stage_result
alone_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct report *p = self;

	if (record_parse(p->record, line, e) < 0 ||
	    pipeline_check(p->record, e) != 0)
		return STAGE_REJECT;
	return alone_add(p->alone, (int)run_file(p->run), p->record, out, e) ==
		       0
		   ? STAGE_OK
		   : STAGE_FATAL;
}

static int
alone_end(void *self, struct sink *out, struct err *e)
{
	struct report *p = self;

	set_now(p);
	return alone_write(p->alone, &p->options, &p->style, out, e);
}

static void
report_close(void *self)
{
	struct report *p = self;

	pipeline_release(&p->pipeline);
	alone_free(p->alone);
	zone_free(p->reports.facts.zone);
	reports_release(&p->reports);
	calendar_free(p->options.calendar);
	record_free(p->record);
}

static const struct mode modes[] = {
	{ .when = asks_for_one,
	    .open = alone_open,
	    .line = alone_line,
	    .end = alone_end },
	{ .open = report_open, .line = report_line, .end = report_end },
};

const struct tool tool = {
	.name = "report",
	.about =
	    "show who waits, how each channel answers, what rules would change",
	.operands = "REPORT[,REPORT ...] [PERSON] [FILE ...]",
	.words = words,
	.opts = options,
	.size = sizeof(struct report),
	.stateless = true,
	.modes = modes,
	.defaults = report_defaults,
	.open = common_open,
	.close = report_close,
};
