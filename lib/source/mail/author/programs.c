#include "source/mail/author/programs.h"

#include "core/text/ascii.h"
#include "text/unicode.h"

/* The sections of the list. */
enum meaning { IS_ROBOT, IS_FORM, IS_SYSTEM };
#define MEANS(SECTION, n) IS_##SECTION
#include "source/mail/words/programs.h"

_Static_assert(1 << IS_ROBOT == (int)PROGRAM_ROBOT &&
		   1 << IS_FORM == (int)PROGRAM_FORM &&
		   1 << IS_SYSTEM == (int)PROGRAM_SYSTEM,
    "a bit for each section");

unsigned
program_at(struct str email, struct arena *a)
{
	ptrdiff_t at = str_rchr(email, '@'), plus;
	struct str s;
	uint64_t is;

	if (at <= 0)
		return 0;
	s = unicode_fold(str_sub(email, 0, (size_t)at), a);
	if (str_find(s, STR("noreply")) >= 0 ||
	    str_find(s, STR("no-reply")) >= 0 ||
	    str_find(s, STR("donotreply")) >= 0)
		return PROGRAM_ROBOT;
	/* LISTSERV writes so for who may not be named. */
	if (str_ends(s, STR("-dmarc-request")))
		return PROGRAM_FORM;
	while (s.n > 1 && (ascii_is_digit(s.p[s.n - 1]) ||
			      ascii_is_in(s.p[s.n - 1], "-_.+")))
		s.n--;
	is = wordlist_means(&words_programs, s);
	plus = str_chr(s, '+');
	if (plus > 0)
		is |= wordlist_means(
		    &words_programs, str_sub(s, 0, (size_t)plus));
	return (unsigned)is;
}

bool
program_is_robot(struct str email, struct arena *a)
{
	return (program_at(email, a) & PROGRAM_ROBOT) != 0;
}

bool
program_writes_for_others(struct str email, bool ours, struct arena *a)
{
	return (program_at(email, a) &
		   (PROGRAM_ROBOT | PROGRAM_FORM |
		       (ours ? (unsigned)PROGRAM_SYSTEM : 0))) != 0;
}
