#ifndef KITH_RECALL_HABIT_H
#define KITH_RECALL_HABIT_H
/*
 * Where a person answers fastest and last: the channel to write to them on
 * when they have not said.
 *
 * An answer is the first message of theirs after one of ours, on whatever
 * channel; its lapse is the time between.  Each of the last HABIT_ANSWERS
 * counts 0.8^k / (1 + lapse in hours), k being 0 for the last one; the channel
 * with the largest sum wins.  Without an answer it is the channel that they
 * last wrote on.
 */
#include "core/str.h"
#include "core/time.h"

enum { HABIT_ANSWERS = 8, HABIT_CHANNELS = 16, HABIT_NONE = 255 };

struct habit {
	int64_t asked; /* our first message since theirs, or TIME_NONE */
	uint32_t seconds[HABIT_ANSWERS];
	uint8_t channels[HABIT_ANSWERS]; /* the caller's indexes, below
					    HABIT_CHANNELS */
	uint8_t n, last; /* answers, the oldest first; the last channel */
};

void habit_init(struct habit *h);
void habit_wrote(struct habit *h, uint8_t channel, int64_t at);
void habit_asked(struct habit *h, int64_t at);
/* An index, of those that barred[] leaves, or HABIT_NONE. */
uint8_t habit_best(const struct habit *h, const bool *barred, size_t channels);

#endif
