#ifndef KITH_MERGE_WINDOWS_H
#define KITH_MERGE_WINDOWS_H
/*
 * Of how long ago a conversation may be to go on without a reference: a time
 * for each pair of the channels it was last on and is to go on, in either
 * order.
 */
#include "core/err.h"
#include "record/channelset.h"

enum {
	WINDOWS_MAX = 64, /* pairs with a time of their own */
};

struct window {
	char a[CHANNEL_NAME], b[CHANNEL_NAME]; /* "*": any */
	int64_t time;
};

struct windows {
	struct window v[WINDOWS_MAX]; /* of several that fit, the last */
	size_t n;
	int64_t all; /* for pairs that are not in v; -1: by their classes */
	struct channel_set channels;
	/* By channel, made when asked for; -1 before. */
	int64_t pairs[CHANNEL_SET][CHANNEL_SET];
	uint64_t lines[CHANNEL_SET]; /* likewise; 0 before */
};

/* By the channels' window classes alone (record/channels.h). */
void windows_default(struct windows *w);
/*
 * "7d" for all pairs, "voice=1d" for those with this channel,
 * "email,slack=3d" for one; several with spaces between.  0, or -1 with the
 * reason.
 */
int windows_set(struct windows *w, struct str text, struct err *e);
/* The time for two channels, by their numbers in w->channels, in either
 * order. */
int64_t windows_of(struct windows *w, uint8_t a, uint8_t b);
/* The channels (channel_bit) on which people see what is written on this one:
 * itself, and those that answer each other, as short and multimedia messages
 * do. */
uint64_t windows_line(struct windows *w, uint8_t channel);

#endif
