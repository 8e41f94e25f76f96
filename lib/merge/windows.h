#ifndef KITH_MERGE_WINDOWS_H
#define KITH_MERGE_WINDOWS_H
/*
 * Of how long ago a conversation may be to go on without a reference: a time
 * for each pair of the channels it was last on and is to go on, in either
 * order.
 */
#include "core/err.h"

enum {
	WINDOWS_MAX = 64, /* pairs with a time of their own */
	WINDOWS_CHANNELS = 48, /* channels told apart; all others are one */
	WINDOWS_NAME = 16,
};

struct window {
	char a[WINDOWS_NAME], b[WINDOWS_NAME]; /* "*": any */
	int64_t time;
};

struct windows {
	struct window v[WINDOWS_MAX]; /* of several that fit, the last */
	size_t n;
	char channels[WINDOWS_CHANNELS][WINDOWS_NAME];
	size_t channel_n;
	/* By channel, made when asked for; -1 before. */
	int64_t pairs[WINDOWS_CHANNELS][WINDOWS_CHANNELS];
};

void windows_default(struct windows *w);
/*
 * "7d" for all pairs, "voice=1d" for those with this channel,
 * "email,slack=3d" for one; several with spaces between.  0, or -1 with the
 * reason.
 */
int windows_set(struct windows *w, struct str text, struct err *e);
/* A channel as a number; 0 for none. */
uint8_t windows_channel(struct windows *w, struct str name);
int64_t windows_of(struct windows *w, uint8_t a, uint8_t b);

#endif
