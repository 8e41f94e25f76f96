/*
 * Who may speak in a dialogue, and where its turns stand.
 */
#include "core/text/ascii.h"
#include "source/dialogue/dialogue.h"

enum says { SAYS_CUSTOMER, SAYS_AGENT, SAYS_BOT, SAYS_SYSTEM, SAYS_TOOL };
#define MEANS(SECTION, n) SAYS_##SECTION
#include "source/dialogue/words/speakers.h"

enum { SPEAKER_BYTES = 32 };

const char *const dialogue_turns[] = { "original", "log", "turns", "utterances",
	"conversations", "messages", "dialogue", "dialog", "conversation",
	"transcript", NULL };

enum dialogue_speaker
dialogue_speaker(struct str word)
{
	char low[SPEAKER_BYTES];
	uint64_t means;

	if (word.n == 0 || word.n > sizeof(low))
		return DIALOGUE_NOBODY;
	for (size_t i = 0; i < word.n; i++)
		low[i] = ascii_lower(word.p[i]);
	means = wordlist_means(&words_speakers, str_make(low, word.n));
	return means == 0 ? DIALOGUE_NOBODY
			  : (enum dialogue_speaker)(1 + __builtin_ctzll(means));
}
