#ifndef KITH_SOURCE_TABLE_HEADER_H
#define KITH_SOURCE_TABLE_HEADER_H
/*
 * Is a table's first row its header?  A row with an address, a number, a time
 * or an id in a column that goes on with more of them is data; a word above
 * them is a header.
 */
#include "core/str.h"

enum { HEADER_COLUMNS = 256 }; /* looked at; what stands behind is not */

/* What the cells of a column are. */
enum cell_class {
	CELL_NONE, /* empty, or not looked at */
	CELL_WORDS,
	CELL_SMALL, /* a number that a header may be: a year, a count */
	CELL_NUMBER,
	CELL_TIME,
	CELL_EMAIL,
	CELL_TEL, /* with its country */
	CELL_ID, /* a UUID, an address in the web or of a machine */
};

struct header_guess {
	bool missing; /* the first row is data */
	/* Where it is: the classes of its cells, and which columns hold names
	 * by the addresses beside them (-1: none). */
	enum cell_class classes[HEADER_COLUMNS];
	int name, surname;
};

/* By a table's first bytes, which begin with its first row. */
void header_guess(struct str head, char separator, struct header_guess *out);

#endif
