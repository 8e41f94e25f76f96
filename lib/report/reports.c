#include "report/reports.h"

int
reports_ask(struct reports *r, const char *names, struct err *e)
{
	struct str rest;

	if (names == NULL)
		return kind_missing(e);
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

int
reports_make(struct reports *r, const struct report_options *o,
    struct table **tables, struct err *e)
{
	/* First, since nothing else fails. */
	struct table *story = r->timeline ? timeline_table(r->story, e) : NULL;

	if (r->timeline && story == NULL)
		return -1;
	for (size_t i = 0; i < r->n; i++)
		tables[i] = r->asked[i]->make == NULL
				? story
				: r->asked[i]->make(&r->facts, o);
	return 0;
}
