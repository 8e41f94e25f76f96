#ifndef KITH_IDENTIFY_MENTIONS_H
#define KITH_IDENTIFY_MENTIONS_H
/*
 * Mail addresses and telephone numbers that stand in a text.  It would rather
 * overlook one than take a date, an amount, a card's or an order's number for
 * a telephone.  Linear in the text, and the dear question of whether a number
 * can exist is asked a bounded number of times.
 */
#include "identify/keys.h"

enum {
	MENTIONS_MAX = 16, /* found in a record */
	MENTIONS_TRIES = 64, /* candidates a text that libphonenumber sees */
	MENTIONS_TEXT = 1 << 20, /* bytes of a text that are looked through */
};

struct mention {
	bool tel; /* else a mail address */
	struct str value; /* in its normal form */
};

/*
 * Could there be any?  For a string as JSON writes it, with codes where some
 * of it may be written as \\uXXXX, or for plain text; false only where there
 * is none.  This is what most texts cost.
 */
bool mentions_likely(struct str raw, bool codes);
/*
 * Fills at most max of them, in the order of the text, and returns how many;
 * values that come twice are given twice.  region (NULL: none) is for national
 * numbers.  signature: every number that can exist is one; in other texts a
 * national number without any blank or sign must begin with a 0.
 */
size_t mentions_find(struct str text, const char *region, bool signature,
    struct mention *out, size_t max, struct arena *a);

#endif
