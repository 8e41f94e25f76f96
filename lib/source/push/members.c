/*
 * What services call the parts of a notification, and what became of it.
 */
#include "core/text/ascii.h"
#include "source/push/push.h"

#define MEANS(SECTION, n) PUSH_##SECTION
#include "source/push/words/members.h"

enum says {
	SAYS_SENT,
	SAYS_DELIVERED,
	SAYS_READ,
	SAYS_FAILED,
	SAYS_OUT,
	SAYS_IN
};
#define MEANS(SECTION, n) SAYS_##SECTION
#include "source/push/words/events.h"

struct str
push_letters(struct str s, char out[PUSH_NAME])
{
	size_t n = 0;

	if (s.n > PUSH_NAME)
		return STR("");
	for (size_t i = 0; i < s.n; i++)
		if (ascii_is_letter(s.p[i]))
			out[n++] = (char)(s.p[i] | 0x20);
	return str_make(out, n);
}

enum push_member
push_member(struct str name)
{
	char plain[PUSH_NAME];
	uint64_t means =
	    wordlist_means(&words_members, push_letters(name, plain));

	return means == 0 ? PUSH_MEMBERS
			  : (enum push_member)__builtin_ctzll(means);
}

enum push_event
push_event(struct str word)
{
	char plain[PUSH_NAME];
	uint64_t means =
	    wordlist_means(&words_events, push_letters(word, plain));

	return means == 0 ? PUSH_OTHER
			  : (enum push_event)__builtin_ctzll(means);
}
