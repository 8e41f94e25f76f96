/*
 * kith-report: tables, JSON, CSV and pages from records.  It reads the whole
 * stream, keeps what service is measured by, and writes at the end.
 */
#include <stdlib.h>
#include <unistd.h>

#include "core/calendar.h"
#include "core/diag.h"
#include "core/driver.h"
#include "core/sort.h"
#include "insight/kinds.h"
#include "insight/page.h"
#include "record/fields.h"

enum { KINDS = 8, PEOPLE = 16 };

enum format { FORMAT_TABLE, FORMAT_JSON, FORMAT_CSV, FORMAT_HTML };

static const char *const formats[] = { "table", "json", "csv", "html", NULL };

struct report {
	/* options */
	int64_t older;
	int format;
	const char *calendar, *rules, *title;
	bool why, define;
	/* what is asked for */
	const char *kinds;
	struct str who; /* timeline: as given */
	bool timeline, others;
	/* what is read */
	struct record *record;
	struct facts facts;
	struct calendar *hours;
	struct table *story;
	struct sorter *spool; /* timeline of a key: the person comes later */
	struct map people; /* whom the key means */
	bool unmerged; /* records without a conversation were seen */
};

static const struct opt options[] = {
	{ 0, "older", OPT_DURATION, offsetof(struct report, older), "DURATION",
	    "unanswered: only who waits longer; exit 1 when there is somebody" },
	{ 'f', "format", OPT_CHOICE, offsetof(struct report, format), "FORMAT",
	    "table, json, csv or html (default: table)", 0, 0, formats },
	{ 'r', "rules", OPT_TEXT, offsetof(struct report, rules), "FILE",
	    "rule file whose calendar tells business time" },
	{ 0, "calendar", OPT_TEXT, offsetof(struct report, calendar), "NAME",
	    "which of its calendars (default: the first)" },
	{ 0, "why", OPT_FLAG, offsetof(struct report, why), NULL,
	    "show the ids behind each figure" },
	{ 0, "define", OPT_FLAG, offsetof(struct report, define), NULL,
	    "print how each figure is counted" },
	{ 0, "title", OPT_TEXT, offsetof(struct report, title), "TEXT",
	    "html: the page's title" },
	{ 0 },
};

/* The report's names; timeline takes the person as the next operand. */
static int
take_kinds(struct run *r, struct report *p, struct err *e)
{
	const char *kinds = run_take_operand(r);
	struct str rest = str_of(kinds);
	size_t n = 0;

	if (kinds == NULL)
		return err_set(e,
		    "which report? summary, channels, unanswered or "
		    "timeline PERSON; several with commas between");
	p->kinds = kinds;
	while (rest.p != NULL) {
		struct str kind = str_split(&rest, ',');

		if (++n > KINDS)
			return err_set(e, "more than %d reports", KINDS);
		if (str_is(kind, "timeline"))
			p->timeline = true;
		else if (str_is(kind, "summary") || str_is(kind, "channels") ||
			 str_is(kind, "unanswered"))
			p->others = true;
		else
			return err_set(e,
			    "no report is called '%.*s'; there are summary, "
			    "channels, unanswered and timeline",
			    STR_ARG(kind));
	}
	if (p->timeline) {
		p->who = str_of(run_take_operand(r));
		if (p->who.n == 0)
			return err_set(e,
			    "timeline of whom? give a person id or a key such "
			    "as email:anna@example.org");
	}
	return 0;
}

static bool
is_person_id(struct str s)
{
	if (s.n != 27 || s.p[0] != 'p')
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') ||
			(s.p[i] >= '2' && s.p[i] <= '7')))
			return false;
	return true;
}

static int
report_open(struct run *r, void *self, struct err *e)
{
	struct report *p = self;

	if (take_kinds(r, p, e) < 0)
		return -1;
	if (p->rules == NULL)
		p->rules = run_config(r)->rules;
	if (p->calendar != NULL && p->rules == NULL)
		return err_set(e,
		    "--calendar %s: name the rule file that has it with "
		    "--rules FILE",
		    p->calendar);
	if (p->rules != NULL &&
	    (p->hours = calendar_named(p->rules, p->calendar, e)) == NULL)
		return -1;
	p->record = record_new();
	if (!p->timeline)
		return 0;
	p->story = timeline_new();
	if (is_person_id(p->who))
		*map_put(&p->people, p->who, NULL) = 1;
	else
		p->spool = sorter_new(64 << 20);
	return 0;
}

/* Whether one of the record's keys is what the user named. */
static bool
has_key(struct record *rec, struct str who)
{
	struct json_iter ids = json_each(record_get(rec, "ids"));
	struct json id;

	while (json_next(&ids, NULL, &id)) {
		struct arena *a = record_arena(rec);
		struct str type = json_str(json_get(id, "type"), a);
		struct str value = json_str(json_get(id, "value"), a);

		if (json_is(json_get(id, "trust"), "mentioned"))
			continue;
		if (str_eq_nocase(value, who))
			return true;
		if (who.n == type.n + 1 + value.n && who.p[type.n] == ':' &&
		    str_starts(who, type) &&
		    str_eq_nocase(str_sub(who, type.n + 1, who.n), value))
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
report_line(struct run *r, void *self, struct str line, struct err *e)
{
	struct report *p = self;
	struct str person;

	(void)r;
	if (record_parse(p->record, line, e) < 0)
		return STAGE_REJECT;
	if (p->others)
		facts_add(&p->facts, p->record);
	person = record_str(p->record, "person");
	if (json_type(record_get(p->record, "conversation")) == JSON_NONE)
		p->unmerged = true;
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
	struct table *t = p->story;

	if (str_is(kind, "summary"))
		return report_summary(&p->facts, o);
	if (str_is(kind, "channels"))
		return report_channels(&p->facts, o);
	if (str_is(kind, "unanswered"))
		return report_unanswered(&p->facts, o);
	p->story = NULL;
	return t;
}

static int
write_tables(struct run *r, struct report *p, struct table **tables, size_t n,
    struct err *e)
{
	const char *term = getenv("TERM"), *plain = getenv("NO_COLOR");
	struct table_style style = {
		.color = isatty(STDOUT_FILENO) &&
			 (plain == NULL || *plain == '\0') &&
			 (term == NULL || !str_is(str_of(term), "dumb")),
		.define = p->define,
	};
	struct buf *out = run_out(r);

	if (p->format == FORMAT_HTML)
		page_write(tables, n,
		    p->title == NULL ? "Customer service report" : p->title,
		    run_now(r), out);
	for (size_t i = 0; i < n && p->format != FORMAT_HTML; i++) {
		if (p->format == FORMAT_JSON)
			table_json(tables[i], out);
		else if (p->format == FORMAT_CSV)
			table_csv(tables[i], out);
		else
			table_text(tables[i], &style, out);
		if (p->format != FORMAT_JSON && i + 1 < n)
			buf_add_char(out, '\n');
	}
	return run_commit_text(r, e);
}

static int
report_end(struct run *r, void *self, struct err *e)
{
	struct report *p = self;
	struct report_options o = {
		.now = run_now(r),
		.calendar = p->hours,
		.older = p->older,
		.why = p->why,
	};
	struct table *tables[KINDS];
	struct str rest = str_of(p->kinds);
	size_t n = 0;
	int rc;

	if (p->unmerged && p->facts.threads.n == 0 && p->others)
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
		if (str_is(kind, "unanswered") && p->older > 0 &&
		    tables[n]->row_n > 0)
			run_gate(r);
		if (str_is(kind, "timeline") && tables[n]->row_n == 0)
			run_gate(r);
		n++;
	}
	rc = write_tables(r, p, tables, n, e);
	while (n > 0)
		table_free(tables[--n]);
	return rc;
}

static void
report_close(void *self)
{
	struct report *p = self;

	facts_release(&p->facts);
	calendar_free(p->hours);
	table_free(p->story);
	sorter_free(p->spool);
	map_release(&p->people);
	record_free(p->record);
}

const struct tool tool = {
	.name = "report",
	.about =
	    "show who waits, how each channel answers, and one person's story",
	.operands = "REPORT[,REPORT ...] [PERSON] [FILE ...]",
	.opts = options,
	.size = sizeof(struct report),
	.open = report_open,
	.line = report_line,
	.end = report_end,
	.close = report_close,
};
