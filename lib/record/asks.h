#ifndef KITH_RECORD_ASKS_H
#define KITH_RECORD_ASKS_H
/*
 * Does a record ask a person of ours, and if not, why?  One account of it for
 * all tools.  A message or a call from outside asks, unless a reason says that
 * it does not; what was set aside (quarantine) asks, too, and so does what only
 * forbids an automatic answer (keyword noreply).
 */
#include "record/record.h"

enum asks {
	ASKS_YES, /* somebody must see it */
	/* The reasons, the first that holds. */
	ASKS_DRAFT,
	ASKS_DELETED,
	ASKS_JUNK,
	ASKS_AUTOMATIC, /* nobody wrote it */
	ASKS_BOUNCE,
	ASKS_LIST, /* it came through a list that is not ours */
	/* An opt-out or opt-in alone (record/consent/consent.h), which is honoured and
	 * not answered. */
	ASKS_OPTOUT,
	/* It thanks for our answer and wants nothing: merge alone knows what it
	 * follows. */
	ASKS_COURTESY,
	ASKS_SPOKE, /* a call in which somebody spoke */
	ASKS_RULE, /* none of these, but a rule or another word said so */
	/* No message or call, or not from outside. */
	ASKS_NOT_INBOUND,
	ASKS_COUNT
};

/* By the record itself, as merge finds it: never ASKS_RULE. */
enum asks record_asks_itself(struct record *r);
/* By what merge wrote (members asks and why), without it by the record.
 * asks: false counts also where it has no why, or one that is not known here:
 * then it is what the record itself gives, else ASKS_RULE. */
enum asks record_asks_merged(struct record *r);
/* The same, but that a rule's word (route.asks) wins. */
enum asks record_asks(struct record *r);
/* Is this keyword one of the reasons? */
bool asks_is_keyword(struct str word);
/* "draft", ...: the words of `why` in kith-record(5); NULL for ASKS_YES and what is
 * not from outside. */
const char *asks_name(enum asks why);

#endif
