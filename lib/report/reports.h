#ifndef KITH_REPORT_REPORTS_H
#define KITH_REPORT_REPORTS_H
/*
 * The reports that are asked for: they gather what they need from records as
 * these come, and are made at the end.
 */
#include "report/kinds.h"
#include "report/ledger/ledger.h"
#include "report/linkage/people.h"
#include "report/timeline.h"
#include "report/write.h"

enum { REPORTS_MAX = 8 };

struct reports {
	const struct kind *asked[REPORTS_MAX];
	size_t n;
	bool timeline; /* is asked for: set story before the first record */
	bool consent, linkage; /* are asked for */
	bool others; /* are asked for, of facts */
	int by; /* enum facts_by, or -1: as it comes; the caller's to set */
	/* Its period is the caller's to set before the first. */
	struct facts facts;
	struct timeline *story; /* ours from then on */
	struct ledger ledger;
	struct linkage_report linked;
};

/* "summary,channels" into r, zeroed but for the above; NULL: none.  0 or -1. */
int reports_ask(struct reports *r, const char *names, struct err *e);
/* The person of a timeline, or NULL; why as in report_options.  0 or -1. */
int reports_person(struct reports *r, const char *who, bool why, struct err *e);
void reports_release(struct reports *r);
/* Do the options go with what is asked for?  0 or -1. */
int reports_check(
    const struct reports *r, const struct report_options *o, struct err *e);
/* A record, in the order of time: 0 or -1. */
int reports_add(struct reports *r, struct record *rec, struct err *e);
/* Is it one of those that are asked for? */
bool reports_has(const struct reports *r, const char *name);
/*
 * Makes them and writes them, in the order asked for; quiet: tables for people
 * only where one has a row.  *no: somebody waits longer than allowed, or of
 * the timeline nobody is known.  0 or -1.
 */
int reports_write(struct reports *r, const struct report_options *o,
    const struct report_style *style, bool quiet, struct sink *out, bool *no,
    struct err *e);

#endif
