#ifndef KITH_TEXT_SMS_H
#define KITH_TEXT_SMS_H
/*
 * How a text travels as SMS (3GPP TS 23.038 and 23.040): in the GSM 7-bit
 * alphabet where every character has a place there, else in UCS-2.  One
 * segment holds 160 septets or 70 UTF-16 units; of several each holds 153 or
 * 67, and neither an escape with its character nor a surrogate pair is split.
 */
#include "core/str.h"

enum {
	SMS_SINGLE_GSM = 160,
	SMS_PART_GSM = 153,
	SMS_SINGLE_UCS2 = 70,
	SMS_PART_UCS2 = 67,
	SMS_SEGMENTS = 10, /* that are sent of one text, by default */
};

struct sms {
	bool ucs2;
	size_t units; /* septets or UTF-16 units, escapes and halves counted */
	size_t segments;
};

/* text is UTF-8.  An empty one has no segments. */
void sms_measure(struct str text, struct sms *out);
/*
 * Takes the first segment of a text off *rest, which is STR_NONE after the
 * last; x is what was measured of the whole.  Call while rest->p != NULL.
 * For tests, which look where the cuts fall: networks make them.
 */
struct str sms_segment(const struct sms *x, struct str *rest);

#endif
