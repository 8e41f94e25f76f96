#ifndef KITH_IDENTIFY_VERIFY_WORD_H
#define KITH_IDENTIFY_VERIFY_WORD_H
/*
 * What a check says, in the words of RFC 8601, 2.7.
 */
#include "core/str.h"

enum auth_word {
	WORD_PENDING, /* look-ups are on their way: no word yet */
	WORD_NONE,
	WORD_PASS,
	WORD_FAIL,
	WORD_NEUTRAL,
	WORD_SOFTFAIL,
	WORD_POLICY,
	WORD_TEMPERROR,
	WORD_PERMERROR,
};

static inline struct str
word_text(enum auth_word word)
{
	static const char *const words[] = { "none", "none", "pass", "fail",
		"neutral", "softfail", "policy", "temperror", "permerror" };

	return str_of(words[word]);
}

#endif
