/*
 * kith-report: tables, JSON, CSV and pages from records.  It reads the whole
 * stream, keeps what service is measured by, and writes at the end.
 */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/diag.h"
#include "core/hash.h"
#include "core/io/sort.h"
#include "core/nearest.h"
#include "driver/driver.h"
#include "hours/calendar.h"
#include "identify/ids.h"
#include "record/fields.h"
#include "record/pipeline.h"
#include "report/diff.h"
#include "report/kinds.h"
#include "report/page.h"

enum { KINDS = 8, PEOPLE = 16 };

enum format {
	FORMAT_TABLE,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_HTML,
	FORMAT_PROMETHEUS,
};

static const char *const formats[] = { "table", "json", "csv", "html",
	"prometheus", NULL };
static const char *const groups[] = { "channel", "queue", "team", "assignee",
	"priority", "day", "week", "month", NULL };

/* The reports made from facts; timeline and diff have ways of their own. */
static const struct kind {
	const char *name;
	struct table *(*make)(struct facts *, const struct report_options *);
} reports[] = {
	{ "summary", report_summary },
	{ "channels", report_channels },
	{ "unanswered", report_unanswered },
	{ "sla", report_sla },
	{ "journeys", report_journeys },
	{ NULL, NULL },
};

#define REPORTS                                                           \
	"summary, channels, unanswered, sla, journeys, timeline PERSON, " \
	"diff OLD NEW"

struct report {
	/* options */
	int64_t older, since, until;
	int format, by;
	const char *calendar, *rules, *title;
	bool why, define;
	/* what is asked for */
	const char *kinds;
	struct str who; /* timeline: as given */
	bool timeline, others;
	struct diff *diff;
	struct run *run;
	/* what is read */
	struct record *record;
	struct facts facts;
	struct calendar *hours;
	struct table *story;
	struct sorter *spool; /* timeline of a key: the person comes later */
	struct map people; /* whom the key means */
	struct pipeline pipeline;
};

/* For --help and the completions. */
static const struct tool_word words[] = {
	{ "summary", "all in a few figures" },
	{ "channels", "how each channel answers, or each --by" },
	{ "unanswered", "who waits for an answer, longest first" },
	{ "sla", "what was promised, kept and broken" },
	{ "journeys", "who moves from which channel to which" },
	{ "timeline PERSON", "one person's story; an id, or email:anna@..." },
	{ "diff OLD NEW", "what other rules would change: two files" },
	{ NULL, NULL },
};

static const struct opt options[] = {
	{ 0, "older", OPT_DURATION, offsetof(struct report, older), "DURATION",
	    "unanswered: only who waits longer; exit 1 when there is somebody" },
	{ 'f', "format", OPT_CHOICE, offsetof(struct report, format), "FORMAT",
	    "how it is written (default table)", 0, 0, formats },
	{ 0, "by", OPT_CHOICE, offsetof(struct report, by), "GROUP",
	    "channels: what a row stands for (default channel)", 0, 0, groups },
	{ 0, "since", OPT_TIME, offsetof(struct report, since), "TIME",
	    "only waits that began at this time or later" },
	{ 0, "until", OPT_TIME, offsetof(struct report, until), "TIME",
	    "as it stood at this time: later records do not count" },
	{ 'r', "rules", OPT_TEXT, offsetof(struct report, rules), "FILE",
	    "the rule file whose calendar tells business time" },
	{ 0, "calendar", OPT_TEXT, offsetof(struct report, calendar), "NAME",
	    "which of its calendars (default the first)" },
	{ 0, "why", OPT_FLAG, offsetof(struct report, why), NULL,
	    "show the ids behind each figure" },
	{ 0, "define", OPT_FLAG, offsetof(struct report, define), NULL,
	    "print how each figure is counted" },
	{ 0, "title", OPT_TEXT, offsetof(struct report, title), "TEXT",
	    "html: the page's title" },
	{ 0 },
};

static void
report_defaults(void *self)
{
	struct report *p = self;

	p->since = p->until = TIME_NONE;
}

static const struct kind *
kind_named(struct str name)
{
	for (const struct kind *k = reports; k->name != NULL; k++)
		if (str_is(name, k->name))
			return k;
	return NULL;
}

static int
no_report(struct str name, struct err *e)
{
	static const char *const names[] = { "summary", "channels",
		"unanswered", "sla", "journeys", "timeline", "diff" };
	const char *near = nearest(name, names, sizeof(names) / sizeof(*names));

	if (near != NULL)
		return err_set(e,
		    "no report is called '%.*s'; did you mean %s?",
		    STR_ARG(name), near);
	return err_set(
	    e, "no report is called '%.*s'; there are " REPORTS, STR_ARG(name));
}

/* The report's names; timeline and diff take what they need behind them. */
static int
take_kinds(struct run *r, struct report *p, struct err *e)
{
	struct str rest;
	size_t n = 0;

	p->kinds = run_take_operand(r);
	if (p->kinds == NULL)
		return err_set(e,
		    "which report? " REPORTS "; several with commas between");
	rest = str_of(p->kinds);
	while (rest.p != NULL) {
		struct str kind = str_split(&rest, ',');

		if (++n > KINDS)
			return err_set(e, "more than %d reports", KINDS);
		if (str_is(kind, "timeline"))
			p->timeline = true;
		else if (kind_named(kind) != NULL)
			p->others = true;
		else
			return no_report(kind, e);
	}
	if (!p->timeline)
		return 0;
	p->who = str_of(run_take_operand(r));
	/* A file stands where the person was forgotten. */
	if (p->who.n == 0 || access(p->who.p, F_OK) == 0)
		return err_set(e,
		    "timeline of whom? give a person id or a key such as "
		    "email:anna@example.org");
	return 0;
}

static int
read_calendar(struct run *r, struct report *p, struct err *e)
{
	if (p->rules == NULL)
		p->rules = run_config(r)->rules;
	if (p->calendar != NULL && p->rules == NULL)
		return err_set(e,
		    "--calendar %s: name the rule file that has it with "
		    "--rules FILE",
		    p->calendar);
	if (p->rules != NULL &&
	    calendar_named(p->rules, p->calendar, &p->hours, e) < 0)
		return -1;
	return 0;
}

static int
report_open(struct run *r, void *self, struct err *e)
{
	struct report *p = self;

	p->run = r;
	if (take_kinds(r, p, e) < 0 || read_calendar(r, p, e) < 0)
		return -1;
	p->record = record_new();
	p->pipeline.needs = "conversation";
	p->facts.by = (enum facts_by)p->by;
	p->facts.since = p->since;
	p->facts.until = p->until;
	if (run_config(r)->zone != NULL &&
	    (p->facts.zone = zone_open(run_config(r)->zone, e)) == NULL)
		return -1;
	if (!p->timeline)
		return 0;
	p->story = timeline_new();
	if (id_is(p->who, "p"))
		*map_put(&p->people, p->who, NULL) = 1;
	else
		p->spool = sorter_new(64 << 20);
	return 0;
}

/* Whether one of the record's keys is what the user named. */
static bool
has_key(struct record *rec, struct str who)
{
	struct ids ids = ids_each(record_get(rec, "ids"), record_arena(rec));
	struct evidence e;

	while (ids_next(&ids, &e)) {
		if (e.trust == TRUST_MENTIONED)
			continue;
		if (str_eq_nocase(e.value, who))
			return true;
		if (who.n == e.type.n + 1 + e.value.n &&
		    who.p[e.type.n] == ':' && str_starts(who, e.type) &&
		    str_eq_nocase(str_sub(who, e.type.n + 1, who.n), e.value))
			return true;
	}
	return false;
}

/* The person's own records, and those shown beside (claims). */
static bool
is_about(struct record *rec, const struct map *people)
{
	struct json_iter claims = json_each(record_get(rec, "claims"));
	struct json claim;

	if (map_get(people, record_str(rec, "person")) != NULL)
		return true;
	while (json_next(&claims, NULL, &claim))
		if (map_get(people, json_str(json_get(claim, "person"),
					record_arena(rec))) != NULL)
			return true;
	return false;
}

static enum stage_result
report_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct report *p = self;
	struct str person;

	(void)out;
	if (record_parse(p->record, line, e) < 0 ||
	    pipeline_see(&p->pipeline, p->record, e) != 0)
		return STAGE_REJECT;
	if (p->others)
		facts_add(&p->facts, p->record);
	person = record_str(p->record, "person");
	if (!p->timeline)
		return STAGE_OK;
	if (p->spool == NULL) {
		if (is_about(p->record, &p->people))
			timeline_add(p->story, p->record, p->why);
		return STAGE_OK;
	}
	if (person.n > 0 && has_key(p->record, p->who))
		map_put(&p->people, person, NULL);
	return sorter_add(p->spool, STR(""), line, e) < 0 ? STAGE_FATAL
							  : STAGE_OK;
}

/* The key is known to mean one person by now: their records. */
static int
read_spool(struct report *p, struct err *e)
{
	struct str key, line;
	int more;

	if (p->people.n > 1)
		return err_set(e,
		    "'%.*s' means %zu persons, %.*s and %.*s among them; name "
		    "one by its id",
		    STR_ARG(p->who), p->people.n,
		    STR_ARG(p->people.entries[0].key),
		    STR_ARG(p->people.entries[1].key));
	if (sorter_finish(p->spool, e) < 0)
		return -1;
	while ((more = sorter_next(p->spool, &key, &line, e)) > 0) {
		if (record_parse(p->record, line, e) < 0)
			return -1;
		if (is_about(p->record, &p->people))
			timeline_add(p->story, p->record, p->why);
	}
	return more;
}

static struct table *
make_table(struct report *p, struct str kind, const struct report_options *o)
{
	const struct kind *k = kind_named(kind);
	struct table *t = p->story;

	if (k != NULL)
		return k->make(&p->facts, o);
	p->story = NULL;
	return t;
}

/* COLUMNS where it is exported, else the terminal's; 0 without one. */
static int
terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t n;

	if (columns != NULL && str_to_int(str_of(columns), &n) == 0 && n > 0 &&
	    n < INT16_MAX)
		return (int)n;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		return size.ws_col;
	return 0;
}

static int
write_tables(struct report *p, struct sink *sink, struct table **tables,
    size_t n, struct err *e)
{
	const char *term = getenv("TERM"), *plain = getenv("NO_COLOR");
	struct table_style style = {
		.color = isatty(STDOUT_FILENO) &&
			 (plain == NULL || *plain == '\0') &&
			 (term == NULL || !str_is(str_of(term), "dumb")),
		.define = p->define,
		.width = terminal_width(),
	};
	struct buf *out = sink_out(sink);

	if (p->format == FORMAT_HTML)
		report_page(tables, n,
		    p->title == NULL ? "Customer service report" : p->title,
		    run_now(p->run), out);
	for (size_t i = 0; i < n && p->format != FORMAT_HTML; i++) {
		if (p->format == FORMAT_JSON)
			table_json(tables[i], out);
		else if (p->format == FORMAT_CSV)
			table_csv(tables[i], out);
		else if (p->format == FORMAT_TABLE)
			table_text(tables[i], &style, out);
		else if (table_prometheus(tables[i], out, e) < 0)
			return -1;
		if (i + 1 < n &&
		    (p->format == FORMAT_TABLE || p->format == FORMAT_CSV))
			buf_add_char(out, '\n');
	}
	return sink_commit_text(sink, e);
}

/* What time a wait that goes on is measured by. */
static int64_t
as_of(const struct report *p)
{
	int64_t now = run_now(p->run);

	return p->until != TIME_NONE && p->until < now ? p->until : now;
}

static int
report_end(void *self, struct sink *out, struct err *e)
{
	struct report *p = self;
	struct report_options o = {
		.now = as_of(p),
		.calendar = p->hours,
		.older = p->older,
		.why = p->why,
	};
	struct table *tables[KINDS];
	struct str rest = str_of(p->kinds);
	size_t n = 0, all_rows = 0;
	int rc;

	if (pipeline_lacks(&p->pipeline))
		diag(DIAG_WARN, NULL,
		    "no record has a conversation: run them through "
		    "kith identify and kith merge first");
	if (p->spool != NULL && read_spool(p, e) < 0)
		return -1;
	while (rest.p != NULL) {
		struct str kind = str_split(&rest, ',');

		if (str_is(kind, "timeline") && p->story == NULL)
			continue;
		tables[n] = make_table(p, kind, &o);
		all_rows += tables[n]->row_n;
		if (str_is(kind, "unanswered") && p->older > 0 &&
		    tables[n]->row_n > 0)
			run_gate(p->run);
		if (str_is(kind, "timeline") && tables[n]->row_n == 0)
			run_gate(p->run);
		n++;
	}
	/* A night in which nobody waits sends no mail. */
	rc = run_quiet(p->run) && all_rows == 0 && p->format == FORMAT_TABLE
		 ? 0
		 : write_tables(p, out, tables, n, e);
	while (n > 0)
		table_free(tables[--n]);
	return rc;
}

/* diff: one file after the other. */

static bool
asks_for_diff(const struct run *r, const void *self)
{
	const char *first = run_operands(r)[0];

	(void)self;
	return first != NULL && str_is(str_of(first), "diff");
}

static int
diff_open(struct run *r, void *self, struct err *e)
{
	struct report *p = self;
	char *const *files;

	p->run = r;
	(void)run_take_operand(r);
	files = run_operands(r);
	if (files[0] == NULL || files[1] == NULL || files[2] != NULL)
		return err_set(e,
		    "diff compares two files: kith route's output by the rules "
		    "as they are, and by other rules");
	p->record = record_new();
	p->diff = diff_new();
	return read_calendar(r, p, e);
}

static enum stage_result
diff_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct report *p = self;

	(void)out;
	if (record_parse(p->record, line, e) < 0)
		return STAGE_REJECT;
	diff_add(p->diff, (int)run_file(p->run), p->record);
	return STAGE_OK;
}

static int
diff_end(void *self, struct sink *out, struct err *e)
{
	struct report *p = self;
	struct table *t = diff_report(p->diff, as_of(p), p->why);
	int rc = write_tables(p, out, &t, 1, e);

	table_free(t);
	return rc;
}

static void
report_close(void *self)
{
	struct report *p = self;

	diff_free(p->diff);
	zone_free(p->facts.zone);
	facts_release(&p->facts);
	calendar_free(p->hours);
	table_free(p->story);
	sorter_free(p->spool);
	map_release(&p->people);
	record_free(p->record);
}

static const struct mode modes[] = {
	{ .when = asks_for_diff,
	    .open = diff_open,
	    .line = diff_line,
	    .end = diff_end },
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
	.modes = modes,
	.defaults = report_defaults,
	.close = report_close,
};
