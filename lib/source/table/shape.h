#ifndef KITH_SOURCE_TABLE_SHAPE_H
#define KITH_SOURCE_TABLE_SHAPE_H
/*
 * What a file of separated values looks like, told by its first bytes: which
 * character separates, how many columns the header has, how many of the rows
 * seen agree with it.
 */
#include "core/str.h"

struct csv_shape {
	char separator; /* 0: none can be told */
	size_t columns; /* of the header */
	size_t rows, agree; /* whole rows behind it, those as wide */
	size_t skip; /* bytes before the header: BOM, "sep=;", remarks */
	size_t preamble; /* how many of them are remarks */
};

/* head is in an encoding that extends ASCII; whole tells that it is all. */
struct csv_shape csv_shape(struct str head, bool whole);

#endif
