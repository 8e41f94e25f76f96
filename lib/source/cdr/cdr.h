#ifndef KITH_SOURCE_CDR_CDR_H
#define KITH_SOURCE_CDR_CDR_H
/*
 * Call detail records: cdr.c cuts the tables, with a header or without one, and
 * joins the rows of one call, columns.c says what a column is and what its words
 * mean, when.c reads times, normalize.c says what a call was.
 */
#include "source/item.h"

enum cdr_column {
	CDR_OTHER, /* of no kind that is known */
	CDR_ACCOUNT,
	CDR_SRC,
	CDR_SRC_NAME,
	CDR_DST,
	CDR_CONTEXT,
	CDR_CLID, /* "Name" <number> */
	CDR_CHANNEL,
	CDR_DST_CHANNEL,
	CDR_APP,
	CDR_APP_DATA,
	CDR_START,
	CDR_ANSWER,
	CDR_END,
	CDR_DURATION,
	CDR_TALK,
	CDR_DISPOSITION,
	CDR_CAUSE, /* Q.850, as a number */
	CDR_AMA,
	CDR_UNIQUE_ID,
	CDR_LINKED_ID,
	CDR_OTHER_ID, /* of the leg that this one was joined with */
	CDR_USER,
	CDR_DIRECTION,
	CDR_DID, /* the number of ours that was called */
	CDR_COLUMNS,
};

/* What a column is by its name, in whichever program's spelling and language.
 * What is folded on the way lies in a. */
enum cdr_column cdr_column_of(struct str name, struct arena *a);
/* The name that Asterisk gives it. */
const char *cdr_column_name(enum cdr_column c);
/* True for a wall clock or seconds since 1970, as calls are stamped with. */
bool cdr_is_time(struct str s);

/* What words in the cells of a table of calls mean. */
enum cdr_word {
	CDR_SAYS_NOBODY,
	CDR_SAYS_IN,
	CDR_SAYS_OUT,
	CDR_SAYS_BUSY,
	CDR_SAYS_NO_ANSWER,
	CDR_SAYS_NORMAL,
	CDR_SAYS_OUTCOME,
	CDR_SAYS_ANSWERED,
	CDR_SAYS_VOICEMAIL,
};
/* Is s such a word, or is there one in it?  Capitals do not count. */
bool cdr_is(struct str s, enum cdr_word what, struct arena *a);
bool cdr_says(struct str s, enum cdr_word what, struct arena *a);

/* Which stands first in a date of numbers alone: 'd', 'm', or 0 where this one
 * may be read both ways. */
char cdr_day_order(struct str s);
/* A time as when_parse (source/clock/when.h) reads it, and in the forms that programs
 * write for people: "12/2/2026 1:05 p. m.".  order is that of the table; where
 * it is 0 the month is first in the region US, else the day.  0, or -1. */
int cdr_when(struct normalize *n, struct str s, char order, int64_t *out);

/* A row, column by column. */
struct cdr_cells {
	struct str v[CDR_COLUMNS];
};

struct cdr_how {
	char order; /* of days and months, or 0 */
	size_t legs; /* that the call had, where the rows are fewer */
	struct str
	    parent; /* the call that this is a leg of, or absent: it is an
			      event of its thread */
};

/* What the rows of a call say of it, into n->message, which has been begun, and
 * on.  For other records of calls than tables, too. */
enum stage_result cdr_call(struct normalize *n, const struct cdr_cells *rows,
    size_t legs, const struct cdr_how *how, struct err *e);

enum stage_result
cdr_normalize(struct normalize *n, struct json native, struct err *e);

#endif
