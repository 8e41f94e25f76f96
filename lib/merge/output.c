#include "merge/output.h"

#include "merge/acts/acts.h"

/* Not before the sink has all of them are they marked as given: it may write
 * some while it takes the others. */
static int
write_events(
    struct merger *m, struct sink *out, struct str lines, struct err *e)
{
	for (struct str rest = lines; rest.n > 0; (void)str_split(&rest, '\n'))
		sink_sum(out, "events", 1);
	if (sink_commit_lines(out, lines, e) != 0)
		return -1;
	merger_events_given(m);
	return 0;
}

static int
write_unsent(struct merger *m, struct sink *out, struct err *e)
{
	struct str lines;

	do {
		if (merger_unsent(m, &lines, e) != 0 ||
		    write_events(m, out, lines, e) != 0)
			return -1;
	} while (lines.n > 0);
	return 0;
}

/* By its source: the line that it came in is long past. */
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
add_sums(struct sink *out, const struct merged *m)
{
	if (m->quarantined)
		sink_sum(out, "quarantined", 1);
	if (m->claimed)
		sink_sum(out, "claims", 1);
	if (m->updated)
		sink_sum(out, "updated", 1);
}

static enum stage_result
write_line(struct merger *m, struct str line,
    const struct merger_report *report, struct sink *out, struct err *e)
{
	struct merged found;
	enum merger_result got = merger_follow(m, line, report, &found, e);

	if (got == MERGER_FAIL)
		return STAGE_FATAL;
	if (is_left_out(out, got))
		return STAGE_OK;
	if (got == MERGER_CONFLICT)
		return STAGE_REJECT;
	if (write_events(m, out, found.events, e) != 0)
		return STAGE_FATAL;
	add_sums(out, &found);
	if (record_write(found.record, sink_out(out), e) != 0 ||
	    sink_commit(out, e) != 0)
		return STAGE_FATAL;
	return STAGE_OK;
}

/* What the state has of those that are let in by now. */
static int
write_let_in(struct merger *m, const struct merger_report *report,
    struct sink *out, struct err *e)
{
	struct arena a = { 0 };
	struct str id, line;
	struct buf padded;
	int rc = 0;

	buf_init(&padded, SIZE_MAX / 2);
	while (rc == 0 && merger_let_in_next(m, &id)) {
		rc = merger_let_in_line(m, id, &a, &line, e);
		if (rc != 1)
			continue;
		buf_reset(&padded);
		buf_add_str(&padded, line);
		rc = write_line(m, buf_str(&padded), report, out, e) ==
			     STAGE_FATAL
			 ? -1
			 : 0;
	}
	buf_release(&padded);
	arena_release(&a);
	return rc;
}

static enum stage_result
write_one(struct merger *m, struct str line, const struct merger_report *report,
    struct sink *out, struct err *e)
{
	enum stage_result rc = write_line(m, line, report, out, e);

	return rc == STAGE_OK && write_let_in(m, report, out, e) != 0
		   ? STAGE_FATAL
		   : rc;
}

static int
write_acts(struct merger *m, struct str acts,
    const struct merger_report *report, struct sink *out, struct err *e)
{
	struct buf line;
	int rc = 0;

	buf_init(&line, SIZE_MAX / 2);
	while (rc == 0 && acts.n > 0) {
		buf_reset(&line);
		buf_add_str(&line, str_line(&acts));
		if (write_one(m, buf_str(&line), report, out, e) != STAGE_OK)
			rc = -1;
	}
	buf_release(&line);
	return rc;
}

int
merger_write_first(struct merger *m, const struct merger_report *report,
    struct sink *out, struct err *e)
{
	struct str acts;

	if (write_unsent(m, out, e) != 0 ||
	    merger_acts_first(m, &acts, e) != 0 ||
	    write_acts(m, acts, report, out, e) != 0)
		return -1;
	return write_let_in(m, report, out, e);
}

int
merger_write_since(struct merger *m, const struct merger_report *report,
    struct sink *out, struct err *e)
{
	struct str acts;

	return merger_acts_since(m, &acts, e) != 0
		   ? -1
		   : write_acts(m, acts, report, out, e);
}

enum stage_result
merger_write_line(struct merger *m, struct str line,
    const struct merger_report *report, struct sink *out, struct err *e)
{
	return merger_write_since(m, report, out, e) != 0
		   ? STAGE_FATAL
		   : write_one(m, line, report, out, e);
}

int
merger_write(struct merger *m, struct sink *out, struct err *e)
{
	enum merger_result got;
	struct merged found;

	while ((got = merger_next(m, &found, e)) != MERGER_END) {
		if (got == MERGER_FAIL)
			return -1;
		if (is_left_out(out, got))
			continue;
		if (got == MERGER_CONFLICT && reject(out, &found, e) != 0)
			return -1;
		if (got == MERGER_RECORD &&
		    (merged_write(&found, sink_out(out), e) != 0 ||
			sink_commit(out, e) != 0))
			return -1;
		add_sums(out, &found);
	}
	merger_warn_acts(m);
	return 0;
}
