#ifndef KITH_RECORD_CONSENT_H
#define KITH_RECORD_CONSENT_H
/*
 * Opt-out and opt-in words: one account of them for recall (consent), reply
 * (preflight) and all who ask whether a message wants an answer.  A word
 * counts only where it is the whole message; in letters (mail, forms, tickets,
 * reviews: record/channels.h) only words that mean nothing else there.
 */
#include "record/record.h"

enum consent {
	CONSENT_UNSAID,
	CONSENT_OUT, /* STOP, STOPALL, UNSUBSCRIBE, ... */
	CONSENT_IN, /* START, UNSTOP */
	CONSENT_YES, /* YES: opts in only who is out, else it is an answer */
	CONSENT_ASKED, /* in other words: a person must look at it */
};

enum { CONSENT_ASKING = 300 }; /* bytes of a text in which a wish is sought */

/* What an inbound message says of its channel by a word alone. */
enum consent record_consent(struct record *r);
/*
 * True where the text asks to be left alone in other words ("please stop
 * texting me"): a person must look at it.
 */
bool record_asks_silence(struct record *r);

/* "out", "in", "asked"; NULL for the others. */
const char *consent_name(enum consent c);
/* The same backwards, with what CRM systems write ("denied", "opted-out",
 * "granted"); CONSENT_UNSAID where it is none of them. */
enum consent consent_of(struct str name);

#endif
