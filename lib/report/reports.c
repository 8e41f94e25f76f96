#include "report/reports.h"

#include <unistd.h>

#include "record/channels.h"
#include "record/fields.h"
#include "report/linkage/model.h"

enum { MODEL_TABLES = 3 };

int
reports_ask(struct reports *r, const char *names, struct err *e)
{
	struct str rest;

	if (names == NULL)
		return kind_missing(e);
	r->facts.grouped = r->by >= 0;
	r->facts.by = r->by >= 0 ? (enum facts_by)r->by : BY_CHANNEL;
	rest = str_of(names);
	while (rest.p != NULL) {
		const struct kind *k;

		if (r->n == REPORTS_MAX)
			return err_set(
			    e, "at most %d reports at once", REPORTS_MAX);
		k = kind_named(str_split(&rest, ','), e);
		if (k == NULL)
			return -1;
		if (kind_is_timeline(k) && r->timeline)
			continue; /* once is enough */
		r->timeline |= kind_is_timeline(k);
		r->consent |= kind_is_consent(k);
		r->linkage |= kind_is_linkage(k);
		r->others |= k->make != NULL;
		r->facts.silence |= k->make == report_silent;
		r->asked[r->n++] = k;
	}
	return 0;
}

int
reports_person(struct reports *r, const char *who, bool why, struct err *e)
{
	/* A file stands where the person was forgotten. */
	if (who == NULL || *who == '\0' || access(who, F_OK) == 0)
		return err_set(e,
		    "timeline of whom? give a person id or a key such as "
		    "email:anna@example.org");
	r->story = timeline_new(str_of(who), why);
	return 0;
}

int
reports_check(
    const struct reports *r, const struct report_options *o, struct err *e)
{
	if (o->suppression && !r->consent)
		return err_set(e, "--suppression goes with consent");
	if (o->doubtful && !r->linkage)
		return err_set(e, "--doubtful goes with linkage");
	if (o->model != NULL && !r->linkage)
		return err_set(e, "--model goes with linkage");
	if (o->against != NULL && o->model == NULL)
		return err_set(e, "--against goes with --model");
	if (o->channel == NULL)
		return 0;
	if (!r->consent)
		return err_set(e, "--channel goes with consent");
	return channel_named(str_of(o->channel)) != NULL
		   ? 0
		   : err_set(e,
			 "no channel is called '%s': see kith normalize "
			 "--list-channels",
			 o->channel);
}

void
reports_release(struct reports *r)
{
	timeline_free(r->story);
	ledger_release(&r->ledger);
	linkage_report_release(&r->linked);
	facts_release(&r->facts);
}

/* Later ones do not count. */
static bool
is_later(const struct reports *r, struct record *rec)
{
	int64_t t = r->facts.until == TIME_NONE ? TIME_NONE : record_time(rec);

	return t != TIME_NONE && t >= r->facts.until;
}

int
reports_add(struct reports *r, struct record *rec, struct err *e)
{
	if (r->others)
		facts_add(&r->facts, rec);
	if (r->consent && !is_later(r, rec))
		ledger_add(&r->ledger, rec);
	if (r->linkage && !is_later(r, rec))
		linkage_report_add(&r->linked, rec);
	return r->timeline ? timeline_add(r->story, rec, e) : 0;
}

static struct table *
make_consent(struct reports *r, const struct report_options *o)
{
	const struct ledger_options which = { .channel = o->channel,
		.since = r->facts.since };

	return o->suppression ? ledger_suppression(&r->ledger, &which)
			      : ledger_table(&r->ledger, &which);
}

static struct table *
make_linkage(struct reports *r, const struct report_options *o)
{
	return o->doubtful ? linkage_report_doubtful(&r->linked)
			   : linkage_report_sizes(&r->linked);
}

/* Those of the model, behind all others: how many, or -1 which leaves none. */
static int
make_model(const struct report_options *o, struct table **tables, struct err *e)
{
	struct linkmodel m = { 0 }, other = { 0 };
	int n = 0;

	if (o->model == NULL)
		return 0;
	if (linkmodel_open(&m, o->model, e) != 0 ||
	    (o->against != NULL && linkmodel_open(&other, o->against, e) != 0))
		n = -1;
	if (n == 0) {
		tables[n++] = linkmodel_weights(&m);
		tables[n++] =
		    linkmodel_fields(&m, o->against == NULL ? NULL : &other);
		tables[n++] = linkmodel_rules(&m);
	}
	linkmodel_close(&m);
	linkmodel_close(&other);
	return n;
}

/* The tables, in the order asked for; how many, or -1 which leaves none. */
static int
make(struct reports *r, const struct report_options *o, struct table **tables,
    struct err *e)
{
	int n = make_model(o, tables + r->n, e);

	if (n < 0)
		return -1;
	for (size_t i = 0; i < r->n; i++) {
		const struct kind *k = r->asked[i];

		tables[i] = kind_is_timeline(k)  ? timeline_table(r->story, e)
			    : kind_is_consent(k) ? make_consent(r, o)
			    : kind_is_linkage(k) ? make_linkage(r, o)
						 : k->make(&r->facts, o);
		if (tables[i] != NULL)
			continue;
		while (i > 0)
			table_free(tables[--i]);
		while (n > 0)
			table_free(tables[r->n + (size_t)--n]);
		return -1;
	}
	return (int)r->n + n;
}

/* Somebody waits longer than allowed, or nobody is known of that name. */
static bool
says_no(const struct table *t, const struct report_options *o)
{
	struct str name = str_of(t->name);

	return t->row_n == 0 ? str_is(name, "timeline")
			     : str_is(name, "unanswered") && o->older > 0;
}

int
reports_write(struct reports *r, const struct report_options *o,
    const struct report_style *style, bool quiet, struct sink *out, bool *no,
    struct err *e)
{
	struct table *tables[REPORTS_MAX + MODEL_TABLES];
	size_t rows = 0, n;
	int rc = make(r, o, tables, e);

	if (rc < 0)
		return -1;
	n = (size_t)rc;
	rc = 0;
	*no = false;
	for (size_t i = 0; i < n; i++) {
		rows += tables[i]->row_n;
		*no |= says_no(tables[i], o);
	}
	/* A night in which nobody waits sends no mail. */
	if (!quiet || rows > 0 || style->format != FORMAT_TABLE)
		rc = report_write(tables, n, style, out, e);
	for (size_t i = 0; i < n; i++)
		table_free(tables[i]);
	return rc;
}

bool
reports_has(const struct reports *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->asked[i]->name, name) == 0)
			return true;
	return false;
}
