#ifndef KITH_SOURCE_CDR_JOIN_H
#define KITH_SOURCE_CDR_JOIN_H
/*
 * Rows of one call, which stand apart in a file since they were written when
 * each leg ended or something happened: they go into one native record,
 *	{"rows":[{...},...]}
 * in their order, when as many rows as the window holds stand behind the first,
 * or at the end.  Memory: the window's rows.
 */
#include "source/item.h"

enum {
	CDR_WINDOW = 4096, /* rows within which those of one call stand */
};

struct cdr_join;

/* order of days and months, see cdr_day_order; it stands beside the rows. */
struct cdr_join *cdr_join_new(struct ingest *in, char order);
void cdr_join_free(struct cdr_join *j);
/*
 * Begins a row: key is what its call is called, "" for none; it is number `at`
 * of the file.  Its JSON goes to the buffer that is returned; NULL on error.
 */
struct buf *
cdr_join_row(struct cdr_join *j, struct str key, uint64_t at, struct err *e);
/* The row is written. */
void cdr_join_row_end(struct cdr_join *j);
/* Does a call of that name wait for more? */
bool cdr_join_waits(const struct cdr_join *j, struct str key);
/* All that waits comes out. */
int cdr_join_end(struct cdr_join *j, struct err *e);

#endif
