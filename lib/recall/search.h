#ifndef KITH_RECALL_SEARCH_H
#define KITH_RECALL_SEARCH_H
/*
 * Who somebody is, from a stream of records alone: each record is learned
 * from, and whoever the name stands for in it is found.  Who has proven the
 * key comes before who only claims it, a number of this region before one of
 * another country, and among those the first; two numbers of two people are
 * an error, as with a state.
 */
#include "core/map.h"
#include "recall/recall.h"

enum { SEARCH_PEOPLE = 5 }; /* found by as many keys, to be listed */

struct search {
	const char *typed;
	struct map names; /* of lookup_read: 1, or 2 for a guess */
	int64_t as_of; /* records behind it do not count; TIME_NONE: all do */
	/* Those found best, each by another key, and how well: the less, the
	 * better. */
	struct {
		struct str person, by;
	} found[SEARCH_PEOPLE];
	size_t n;
	unsigned rank;
	struct arena arena;
};

/* s is zeroed but for as_of.  -1 where the text names nobody by itself, as
 * lookup_read has it.  typed is borrowed. */
int search_open(
    struct search *s, const char *typed, const char *region, struct err *e);
void
search_record(struct search *s, struct recaller *recaller, struct record *r);
/* 0 with who was found, NULL for nobody; -1 where several were. */
int search_known(const struct search *s, struct recaller *recaller,
    struct profile **out, struct err *e);
void search_release(struct search *s);

#endif
