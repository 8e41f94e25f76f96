#ifndef KITH_REPORT_DIFF_H
#define KITH_REPORT_DIFF_H
/*
 * Two triages of the same records, by two rule files: who would go elsewhere,
 * and which promises would have been broken or kept.  Memory: that of two
 * facts and about 150 bytes a routed record.
 */
#include "report/facts/facts.h"
#include "report/table.h"

struct diff;

struct diff *diff_new(void);
void diff_free(struct diff *d);
/* A record of side 0 (as it was; all of them first) or 1 (as it would be). */
void diff_add(struct diff *d, int side, struct record *r);
/*
 * One row for each way in which records differ, the most frequent first:
 * what changes, from, to, how many, and with `why` the ids.  The caller frees
 * it with table_free.
 */
struct table *diff_report(struct diff *d, int64_t now, bool why);

#endif
