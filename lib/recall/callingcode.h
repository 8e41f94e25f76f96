#ifndef KITH_RECALL_CALLINGCODE_H
#define KITH_RECALL_CALLINGCODE_H
/*
 * Country calling codes (ITU-T E.164 list of assigned codes), for a look-up
 * that must not load libphonenumber.
 */

#include "core/str.h"

/* "49" for "DE", a slice of the table; STR_NONE where the region has none. */
struct str calling_code(const char *region);
/* The code of each region in turn, from *at == NULL on; STR_NONE behind the
 * last.  Regions that share a code have it each. */
struct str calling_code_next(const char **at);

#endif
