#ifndef KITH_RECALL_CALLINGCODE_H
#define KITH_RECALL_CALLINGCODE_H
/*
 * Country calling codes (ITU-T E.164 list of assigned codes), for a look-up
 * that must not load libphonenumber.
 */

/* "49" for "DE", until the next call; NULL where the region has none. */
const char *dial_code(const char *region);

#endif
