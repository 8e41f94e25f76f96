#ifndef KITH_REPORT_LINKAGE_PEOPLE_H
#define KITH_REPORT_LINKAGE_PEOPLE_H
/*
 * Rows of people as merge linked them: how many are one person's, and who else
 * a person may be, for a verdict.
 *
 * Memory grows with the people who stand in a row (about 150 bytes each) and
 * with pairs that may be one (200).
 */
#include "core/idset.h"
#include "core/map.h"
#include "core/vec.h"
#include "record/record.h"
#include "report/table.h"

struct doubt {
	struct str a, b; /* people, a < b */
	double probability;
};

struct linked_person {
	struct str name, record; /* of one of their rows: the least id */
	int64_t rows;
};

struct linkage_report {
	struct map index; /* person -> place in people */
	struct linked_people VEC(struct linked_person) people;
	struct map pairs; /* "a b" */
	struct doubts VEC(struct doubt) doubts;
	struct idset seen; /* rows */
	struct arena arena;
};

/* All zero is empty. */
void linkage_report_release(struct linkage_report *l);
/* A record; all but contact rows of somebody say nothing. */
void linkage_report_add(struct linkage_report *l, struct record *r);
/* How many people have one row, two ... */
struct table *linkage_report_sizes(struct linkage_report *l);
/* Who may be one, the likest first. */
struct table *linkage_report_doubtful(struct linkage_report *l);

#endif
