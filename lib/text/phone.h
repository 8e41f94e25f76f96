#ifndef KITH_TEXT_PHONE_H
#define KITH_TEXT_PHONE_H
/*
 * Telephone numbers by libphonenumber, behind a C header: from what people
 * write to E.164.  A number that is E.164 already passes without it; the rest
 * is remembered, since parsing one takes some 20 microseconds.
 */
#include "core/str.h"

enum {
	PHONE_SIZE = 20, /* "+" and 15 digits, NUL */
	PHONE_TEXT = 64, /* bytes of a number as written; longer ones are none
			  */
	PHONE_REGION = 3, /* two letters and a NUL */
	PHONE_CACHE = 1 << 16, /* numbers remembered; then it starts anew */
};

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Writes the E.164 form of a number as people write it ("+49 (0)30 1234",
 * "030/1234", "0049 30 1234", "tel:+49-30-1234").  region is ISO 3166, for
 * numbers without a country code; NULL: only international ones.  10 digits or
 * more without a plus that begin with the country code of a region in which
 * national numbers have a trunk digit, and 11 or more that are no number in
 * use there, are international.  False where it is no number that can exist:
 * short codes, names, too many digits.
 */
bool phone_e164(struct str raw, const char *region, char out[PHONE_SIZE]);
/*
 * The same for what stands in a text and may be no telephone number at all:
 * only numbers of a length and range that is in use.
 */
bool phone_in_text(struct str raw, const char *region, char out[PHONE_SIZE]);
/* "+", a digit that is not 0, and 6 to 14 more: E.164 as it stands. */
bool phone_is_e164(struct str s);
/* True for an ISO 3166 region that has numbers. */
bool phone_region_known(const char *region);
/* The region of an E.164 number, "DE"; "" where it has none.  Returns out. */
const char *phone_region(struct str e164, char out[PHONE_REGION]);

#ifdef __cplusplus
}
#endif

#endif
