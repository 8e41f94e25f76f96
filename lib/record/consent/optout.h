#ifndef KITH_RECORD_CONSENT_OPTOUT_H
#define KITH_RECORD_CONSENT_OPTOUT_H
/*
 * What a text says of getting further messages, in the languages of
 * words/optout: that none are wanted, that they are again, or something so
 * near to the former that a person must look at it.
 *
 * It is sure where every sentence of the text is such a wish or a courtesy and
 * nothing else stands in it, whatever the case, marks, signs and emoji; a
 * question only where it is one out of politeness.
 */
#include "core/str.h"

enum {
	OPTOUT_BYTES = 480, /* longer texts say nothing */
	OPTOUT_WORDS = 120,
};

enum optout_says {
	OPTOUT_NOTHING,
	OPTOUT_OUT,
	OPTOUT_IN,
	OPTOUT_NEAR, /* a person must look at it */
};

/* By what they do not want messages, where the words say so. */
enum optout_way { OPTOUT_HERE, OPTOUT_BY_MAIL, OPTOUT_BY_TEXT, OPTOUT_BY_CALL };

struct optout {
	enum optout_says says;
	enum optout_way way;
	bool advertising; /* only that is meant */
	bool program; /* a mail program wrote it, who unsubscribes */
	bool empty; /* nothing but courtesies */
};

/*
 * Reads a text.  In letters (record/channels.h) fewer words mean it.  own, or
 * absent, is an address of the writer, which may stand in it.
 */
void
optout_read(struct str text, struct str own, bool letters, struct optout *out);
/* True where a word of a mail address, in small letters, is one by which people
 * unsubscribe. */
bool optout_is_address(struct str part);

/*
 * The same before it is read, for most texts say nothing.  raw is a string of
 * JSON as it is written, between its quotes, with 64 bytes behind it that can be
 * read.  sure: only what would be sure is looked for; a text is crowded where it
 * has too many words for that which no list knows.
 */
enum optout_look {
	OPTOUT_LOOKS_EMPTY, /* there is nothing to find */
	OPTOUT_LOOKS_CROWDED,
	OPTOUT_LOOKS_LIKE_IT, /* it must be read */
};
enum optout_look optout_look(struct str raw, bool sure);

#endif
