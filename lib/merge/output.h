#ifndef KITH_MERGE_OUTPUT_H
#define KITH_MERGE_OUTPUT_H
/*
 * What merge found goes to a sink: records, rejects and sums.  With a state,
 * the sink's owner calls merger_keep before committed records leave.
 */
#include "merge/merge.h"
#include "record/sink.h"

/* After merger_learn: every record, in the order of time.  0 or -1. */
int merger_write(struct merger *m, struct sink *out, struct err *e);
/* With follow: what became of this record, at once, behind the events that
 * tell what it changed, and behind what merger_write_since writes.  report as
 * for merger_follow. */
enum stage_result merger_write_line(struct merger *m, struct str line,
    const struct merger_report *report, struct sink *out, struct err *e);
/* With follow, first of all: what an earlier run that was killed had learned
 * and not told, and acts of the files and the state that none has written.
 * 0 or -1. */
int merger_write_first(struct merger *m, const struct merger_report *report,
    struct sink *out, struct err *e);
/* The same of acts that came into the state meanwhile, behind the last record.
 * 0 or -1. */
int merger_write_since(struct merger *m, const struct merger_report *report,
    struct sink *out, struct err *e);

#endif
