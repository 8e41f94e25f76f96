#include "recall/habit.h"

void
habit_init(struct habit *h)
{
	*h = (struct habit){ .asked = TIME_NONE, .last = HABIT_NONE };
}

void
habit_asked(struct habit *h, int64_t at)
{
	if (h->asked == TIME_NONE)
		h->asked = at;
}

void
habit_wrote(struct habit *h, uint8_t channel, int64_t at)
{
	int64_t lapse;

	h->last = channel;
	if (h->asked == TIME_NONE || at == TIME_NONE || at < h->asked)
		return;
	lapse = (at - h->asked) / TIME_SECOND;
	h->asked = TIME_NONE;
	if (h->n == HABIT_ANSWERS) {
		memmove(h->seconds, h->seconds + 1,
		    (HABIT_ANSWERS - 1) * sizeof(*h->seconds));
		memmove(h->channels, h->channels + 1, HABIT_ANSWERS - 1);
		h->n--;
	}
	h->seconds[h->n] = lapse < UINT32_MAX ? (uint32_t)lapse : UINT32_MAX;
	h->channels[h->n++] = channel;
}

uint8_t
habit_best(const struct habit *h, const bool *barred, size_t channels)
{
	double sums[HABIT_CHANNELS] = { 0 }, weight = 1;
	uint8_t best = HABIT_NONE;

	for (size_t i = h->n; i-- > 0; weight *= 0.8)
		sums[h->channels[i]] +=
		    weight / (1 + (double)h->seconds[i] / 3600);
	for (size_t c = 0; c < channels && c < HABIT_CHANNELS; c++)
		if (!barred[c] && sums[c] > 0 &&
		    (best == HABIT_NONE || sums[c] > sums[best]))
			best = (uint8_t)c;
	if (best == HABIT_NONE && h->last < channels && !barred[h->last])
		best = h->last;
	return best;
}
