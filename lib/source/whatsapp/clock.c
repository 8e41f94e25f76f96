/*
 * Which half of the day a word beside a time means, in the languages of phones.
 */
#include "source/whatsapp/whatsapp.h"

enum half { HALF_AM, HALF_PM, HALF_NOON, HALF_NIGHT, HALF_FILLER };
#define MEANS(SECTION, n) HALF_##SECTION
#include "source/whatsapp/words/hours.h"

char
whatsapp_half(const char *word, bool before)
{
	uint64_t means = wordlist_means(&words_hours, str_of(word));

	if (word[0] == '\0' ||
	    ((means >> HALF_FILLER & 1) != 0 && (before || word[0] != 'a')))
		return ' ';
	for (unsigned half = HALF_AM; half <= HALF_NIGHT; half++)
		if ((means >> half & 1) != 0)
			return "apne"[half];
	return 0;
}

/* The hour of 24.  Noon reaches from nine to nine, night from six to six. */
int
whatsapp_hour(int hour, char half)
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
