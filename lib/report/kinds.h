#ifndef KITH_REPORT_KINDS_H
#define KITH_REPORT_KINDS_H
/*
 * The reports there are, and what makes each of facts.
 */
#include "report/facts/facts.h"
#include "report/table.h"

/*
 * One row a report: its name, the operands behind it, its line in --help, and
 * what makes it of facts; NULL for those that have ways of their own.
 */
#define REPORT_KINDS(ROW)                                                    \
	ROW("summary", "", "all in a few figures", report_summary)           \
	ROW("channels", "", "how each channel answers, or each --by",        \
	    report_channels)                                                 \
	ROW("unanswered", "", "who waits for an answer, longest first",      \
	    report_unanswered)                                               \
	ROW("silent", "", "who never came back after our answer",            \
	    report_silent)                                                   \
	ROW("sla", "", "what was promised, kept and broken", report_sla)     \
	ROW("journeys", "", "who moves from which channel to which",         \
	    report_journeys)                                                 \
	ROW("consent", "", "who wants which messages, with the proof", NULL) \
	ROW("linkage", "", "how rows of people were linked", NULL)           \
	ROW("timeline", " PERSON",                                           \
	    "one person's story; an id, or email:anna@...", NULL)            \
	ROW("vcon", "", "each conversation as a vCon", NULL)                 \
	ROW("cloudevents", "", "each record as a CloudEvent", NULL)          \
	ROW("diff", " OLD NEW", "what other rules would change: two files",  \
	    NULL)

struct report_options {
	int64_t now;
	struct calendar *calendar; /* business time; NULL: calendar time only */
	/* unanswered, silent: only those who wait, or are silent, longer; 0:
	 * all */
	int64_t older;
	bool why; /* the ids behind each figure */
	/* consent: only of this channel, or NULL; only the list of those who
	 * must get no solicitation. */
	const char *channel;
	bool suppression;
	/* linkage: files of models, or NULL: what it is, and what changed */
	const char *model, *against;
	bool doubtful; /* linkage: who may be one, instead of how many are */
};

struct kind {
	const char *name;
	struct table *(*make)(struct facts *f, const struct report_options *o);
};

/* The report of this name, but for those that stand alone (kind_alone); NULL
 * with the sentence where there is none. */
const struct kind *kind_named(struct str name, struct err *e);
/* Is it a report that goes with no other: diff, vcon, cloudevents? */
bool kind_alone(struct str name);
/* Those that are not made of facts. */
bool kind_is_timeline(const struct kind *k);
bool kind_is_consent(const struct kind *k);
bool kind_is_linkage(const struct kind *k);
/* No report was named: -1 with a sentence that names all. */
int kind_missing(struct err *e);

/* Each returns a table that the caller frees with table_free. */
struct table *report_summary(struct facts *f, const struct report_options *o);
struct table *report_channels(struct facts *f, const struct report_options *o);
struct table *
report_unanswered(struct facts *f, const struct report_options *o);
struct table *report_silent(struct facts *f, const struct report_options *o);
struct table *report_sla(struct facts *f, const struct report_options *o);
struct table *report_journeys(struct facts *f, const struct report_options *o);

#endif
