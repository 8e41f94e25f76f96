#include "recall/habit.h"

#include "tap.h"

enum { MAIL, SMS, CHAT, CHANNELS };

static const bool none[CHANNELS];

/* We ask, they answer on a channel after so many minutes. */
static void
answer(struct habit *h, int64_t *now, uint8_t channel, int64_t minutes)
{
	habit_asked(h, *now);
	*now += minutes * TIME_MINUTE;
	habit_wrote(h, channel, *now);
	*now += TIME_DAY;
}

int
main(void)
{
	struct habit h;
	int64_t now = 0;

	habit_init(&h);
	is_int(habit_best(&h, none, CHANNELS), HABIT_NONE, "nothing is known");
	habit_wrote(&h, MAIL, now);
	habit_wrote(&h, CHAT, now);
	is_int(habit_best(&h, none, CHANNELS), CHAT,
	    "without an answer: where they last wrote");
	answer(&h, &now, SMS, 5);
	habit_wrote(&h, MAIL, now);
	is_int(habit_best(&h, none, CHANNELS), SMS,
	    "an answer counts, a message that nobody asked for does not");
	answer(&h, &now, MAIL, 600);
	is_int(habit_best(&h, none, CHANNELS), SMS,
	    "a quick answer outweighs a later, slow one");
	is_int(habit_best(&h, (const bool[]){ false, true, false }, CHANNELS),
	    MAIL, "a channel that they opted out of is passed over");
	is_int(habit_best(&h, (const bool[]){ true, true, false }, CHANNELS),
	    HABIT_NONE, "and nothing is invented");
	for (int i = 0; i < 7; i++)
		answer(&h, &now, CHAT, 60);
	is_int(habit_best(&h, none, CHANNELS), CHAT, "habits change");
	is_int(h.n, HABIT_ANSWERS, "the last answers are kept, no more");
	habit_init(&h);
	habit_asked(&h, 10 * TIME_HOUR);
	habit_asked(&h, 11 * TIME_HOUR);
	habit_wrote(&h, SMS, 12 * TIME_HOUR);
	is_int(h.seconds[0], 7200, "the lapse is from our first message");
	habit_asked(&h, 20 * TIME_HOUR);
	habit_wrote(&h, SMS, 19 * TIME_HOUR);
	is_int(h.n, 1, "what is older than the question is no answer");
	return done();
}
