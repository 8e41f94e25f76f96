#include "source/clock/dayhalf.h"

enum half {
	HALF_AM,
	HALF_PM,
	HALF_NOON,
	HALF_NIGHT,
	HALF_FILLER,
	HALF_YEAR_FIRST,
};
#define MEANS(SECTION, n) HALF_##SECTION
#include "source/words/hours.h"

struct dayhalf
dayhalf_of(struct str word, bool before)
{
	uint64_t means = wordlist_means(&words_hours, word);
	struct dayhalf h = { .year_first =
				 (means >> HALF_YEAR_FIRST & 1) != 0 };

	if (word.n == 0 ||
	    ((means >> HALF_FILLER & 1) != 0 && (before || word.p[0] != 'a'))) {
		h.half = ' ';
		return h;
	}
	for (unsigned half = HALF_AM; half <= HALF_NIGHT; half++)
		if ((means >> half & 1) != 0)
			h.half = "apne"[half];
	return h;
}

/* Noon reaches from nine to nine, night from six to six. */
int
dayhalf_hour(int hour, char half)
{
	hour %= 24;
	switch (half) {
	case 'a':
		return hour == 12 ? 0 : hour;
	case 'p':
		return hour < 12 ? hour + 12 : hour;
	case 'n':
		return hour < 9 ? hour + 12 : hour;
	case 'e':
		return hour == 12              ? 0
		       : hour > 5 && hour < 12 ? hour + 12
					       : hour;
	default:
		return hour;
	}
}
