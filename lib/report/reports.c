#include "report/reports.h"

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
		if (k->make == NULL && r->timeline)
			continue; /* once is enough */
		r->timeline |= k->make == NULL;
		r->others |= k->make != NULL;
		r->facts.silence |= k->make == report_silent;
		r->asked[r->n++] = k;
	}
	return 0;
}

void
reports_release(struct reports *r)
{
	timeline_free(r->story);
	facts_release(&r->facts);
}

int
reports_add(struct reports *r, struct record *rec, struct err *e)
{
	if (r->others)
		facts_add(&r->facts, rec);
	return r->timeline ? timeline_add(r->story, rec, e) : 0;
}

/* The tables, in the order asked for; -1 leaves none. */
static int
make(struct reports *r, const struct report_options *o, struct table **tables,
    struct err *e)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct kind *k = r->asked[i];

		tables[i] = k->make == NULL ? timeline_table(r->story, e)
					    : k->make(&r->facts, o);
		if (tables[i] != NULL)
			continue;
		while (i > 0)
			table_free(tables[--i]);
		return -1;
	}
	return 0;
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
	struct table *tables[REPORTS_MAX];
	size_t rows = 0;
	int rc = 0;

	if (make(r, o, tables, e) < 0)
		return -1;
	*no = false;
	for (size_t i = 0; i < r->n; i++) {
		rows += tables[i]->row_n;
		*no |= says_no(tables[i], o);
	}
	/* A night in which nobody waits sends no mail. */
	if (!quiet || rows > 0 || style->format != FORMAT_TABLE)
		rc = report_write(tables, r->n, style, out, e);
	for (size_t i = 0; i < r->n; i++)
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
