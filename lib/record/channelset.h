#ifndef KITH_RECORD_CHANNELSET_H
#define KITH_RECORD_CHANNELSET_H
/*
 * Channels as small numbers: those of the table (channels.h) by their rows,
 * others in the order in which a run meets them.  So what is kept for each of
 * millions of conversations is a byte and not a word, and a set of channels is
 * the bits of one word.
 */
#include "record/channels.h"

enum {
	CHANNEL_OTHERS = 15, /* told apart that the table has not; all others
				are one */
	CHANNEL_SET = 1 + CHANNELS_MAX + CHANNEL_OTHERS,
};

/* Zeroed it is ready. */
struct channel_set {
	char others[CHANNEL_OTHERS][CHANNEL_NAME];
	size_t n;
};

/* The channel's number, given where it had none; 0 for none, and for a name
 * too long or one too many. */
uint8_t channel_set_number(struct channel_set *s, struct str name);
/* "" for 0. */
const char *channel_set_name(const struct channel_set *s, uint8_t number);

/* The bit of a number in a set. */
static inline uint64_t
channel_bit(uint8_t number)
{
	return UINT64_C(1) << number;
}

#endif
