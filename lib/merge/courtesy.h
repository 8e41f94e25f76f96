#ifndef KITH_MERGE_COURTESY_H
#define KITH_MERGE_COURTESY_H
/*
 * Courtesy: a message that thanks, and wants nothing.  Read by lists of words
 * (words/courtesy): all of a message must be thanks, praise, what stands around
 * them, a greeting, a close, names of those who write to each other, and signs.
 * One word that is in no list, a digit, a question mark, a file, or a subject of
 * its own, and it is none: who is not sure lets a person see it.
 *
 * Whether it asks depends on what it follows, and is merge's to say.
 */
#include "record/record.h"

enum courtesy {
	COURTESY_NONE,
	/* It may be an answer where we had asked something: a sign, praise, a
	 * yes. */
	COURTESY_ASSENT,
	COURTESY_THANKS, /* thanks, and no more */
};

enum { COURTESY_BYTES = 400 }; /* of a text; longer ones are none */

enum courtesy record_courtesy(struct record *r);
/* Most are told apart by a glance: false where it is none. */
bool courtesy_may_be(struct record *r);
/* Does a text of ours ask something, as far as its beginning tells?  What is cut
 * may. */
bool courtesy_is_question(struct str text);

#endif
