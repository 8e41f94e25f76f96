#ifndef KITH_REPORT_TIMELINE_H
#define KITH_REPORT_TIMELINE_H
/*
 * One person's story over all channels.  A person who is named by a key is
 * known only when all records were read: until then they are kept in a sort,
 * in memory or on disk.
 */
#include "record/record.h"
#include "report/table.h"

struct timeline;

/* Of whom: a person's id, or a key with or without its type; borrowed.  Why:
 * the ids of the records are shown.  Freed with timeline_free. */
struct timeline *timeline_new(struct str who, bool why);
/* NULL is fine. */
void timeline_free(struct timeline *t);
/* A record, in the order of time: 0 or -1. */
int timeline_add(struct timeline *t, struct record *r, struct err *e);
/* After the last, once: the table, which the caller frees; NULL where the key
 * means several persons, or the sort fails. */
struct table *timeline_table(struct timeline *t, struct err *e);

#endif
