#ifndef KITH_RECORD_CONSENT_CONSENT_H
#define KITH_RECORD_CONSENT_CONSENT_H
/*
 * What a record says of being written to: one account of it for all tools.
 *
 * A message says so where it is a wish for no more messages (or for them again)
 * and nothing else but courtesies and names, in the languages of words/optout,
 * by its text, by its subject where it has no text, or by the address that it
 * was sent to (unsubscribe+...@): what mail programs send for who presses
 * "unsubscribe".  What is only near to such a wish is for a person: asked.
 * An event says so by data.act consent.
 *
 * STOP ends all messages where the network sees to that (short messages:
 * record/channels.h), else what nobody asked for: marketing.
 */
#include "json/write.h"
#include "record/record.h"

enum consent {
	CONSENT_UNSAID,
	CONSENT_OUT,
	CONSENT_IN,
	CONSENT_ASKED, /* a person must look at it; until then, none */
};

enum purpose {
	PURPOSE_MARKETING, /* what nobody asked for */
	PURPOSE_SERVICE, /* about what they have of us: orders, answers */
	PURPOSE_ALL,
};

enum { CONSENT_WORDS = 80 }; /* bytes that are quoted */

/* What data.act of such an event is. */
#define CONSENT_ACT "consent"
/* What the source of a customer table's row begins with. */
#define CONSENT_TABLE "contact"

struct consent_word {
	enum consent said;
	enum purpose purpose;
	struct str channel; /* that it is about; "all" */
	struct str words; /* quoted; absent */
	struct str source; /* "message", "subject", ...: where it stands */
	bool alone; /* the message says nothing else */
	bool row; /* of a customer table, which knows less than they do */
};

/* False where the record says nothing.  Slices live as long as its text and
 * arena.  Customer tables are people/activity.h's. */
bool consent_said(struct record *r, struct consent_word *out);
/* The same where that is all that a message says, without what is not sure:
 * CONSENT_OUT, CONSENT_IN or CONSENT_UNSAID. */
enum consent consent_alone(struct record *r);
/* For who asks both of a message: looks whether it says anything, once. */
void consent_look(struct record *r);
/* Was this mail sent to an address by which people unsubscribe? */
bool consent_by_address(struct record *r);

/* An event's data, small: it reads back the same. */
void consent_event_write(struct writer *w, struct record *r);

/* "out", "in", "asked"; NULL for CONSENT_UNSAID. */
const char *consent_name(enum consent c);
/* The same backwards, with what CRM systems write (true, "denied", "granted");
 * CONSENT_UNSAID where it is none of them. */
enum consent consent_of_value(struct json v, struct arena *a);
/* "marketing", "service", "all". */
const char *purpose_name(enum purpose p);
/* The same backwards; `otherwise` where it is none. */
enum purpose purpose_named(struct str name, enum purpose otherwise);

#endif
