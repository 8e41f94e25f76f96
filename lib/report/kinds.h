#ifndef KITH_REPORT_KINDS_H
#define KITH_REPORT_KINDS_H
/*
 * The reports: each turns facts into a table.
 */
#include "report/facts.h"
#include "report/table.h"

struct report_options {
	int64_t now;
	struct calendar *calendar; /* business time; NULL: calendar time only */
	int64_t older; /* unanswered: only those who wait longer; 0: all */
	bool why; /* the ids behind each figure */
};

/* Each returns a table that the caller frees with table_free. */
struct table *report_summary(struct facts *f, const struct report_options *o);
struct table *report_channels(struct facts *f, const struct report_options *o);
struct table *
report_unanswered(struct facts *f, const struct report_options *o);

struct table *report_sla(struct facts *f, const struct report_options *o);
struct table *report_journeys(struct facts *f, const struct report_options *o);

/*
 * The timeline of one person, filled record by record: the caller chooses the
 * records.
 */
struct table *timeline_new(void);
void timeline_add(struct table *t, struct record *r, bool why);

#endif
