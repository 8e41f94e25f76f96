#ifndef KITH_RECALL_SEARCH_H
#define KITH_RECALL_SEARCH_H
/*
 * Who somebody is, from a stream of records alone: each record is learned
 * from, and whoever the name stands for in it is found.  Who has proven the
 * key comes before who only claims it, and among those the first.
 */
#include "recall/recall.h"

struct search {
	struct str name; /* of lookup_name */
	int64_t as_of; /* records behind it do not count; TIME_NONE: all do */
	struct str person; /* STR_NONE: nobody yet */
	bool proven;
	struct arena arena; /* of the name and the person's id */
};

/* s is zeroed but for as_of.  -1 where the text names nobody by itself, as
 * lookup_name has it. */
int search_open(
    struct search *s, const char *typed, const char *region, struct err *e);
void
search_record(struct search *s, struct recaller *recaller, struct record *r);
/* NULL where nobody was found. */
struct profile *search_known(const struct search *s, struct recaller *recaller);
void search_release(struct search *s);

#endif
