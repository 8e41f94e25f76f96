#ifndef KITH_CORE_TEXT_DATE_H
#define KITH_CORE_TEXT_DATE_H
/*
 * Dates of birth as people and programs write them.
 */
#include "core/str.h"

enum { DATE_DIGITS = 8 };

/*
 * YYYYMMDD of "1978-12-31", "31.12.1978", "12/31/78", "19781231", "--12-31",
 * "31 Dec 1978", "Dec 31, 1978":
 * 0000 for a year and 00 for a month or day that is not told.  With slashes the
 * month stands first where both can be one.  False where it is no date.
 */
bool date_digits(struct str s, char out[DATE_DIGITS + 1]);

enum date_order {
	DATE_TOLD, /* it has no slashes, or its year is first */
	DATE_DAY_FIRST, /* 31/12/1978 */
	DATE_MONTH_FIRST,
	DATE_EITHER, /* 03/04/1978 */
};
/* What a date that date_digits reads tells of how its table writes them. */
enum date_order date_order(struct str s);

#endif
