#ifndef KITH_PEOPLE_GUARDS_H
#define KITH_PEOPLE_GUARDS_H
/*
 * Keys that stand for nobody or for many, told by lists.  The guard by
 * degree, for those that no list knows, is in graph.h.
 */
#include "core/str.h"

enum guard {
	GUARD_NONE,
	/* Filled in where there was nothing: no key at all. */
	GUARD_PLACEHOLDER,
	/*
	 * A mailbox or line that many people use or that no person reads: it
	 * never joins two people, and stands for somebody only where a record
	 * has nothing better.
	 */
	GUARD_SHARED,
};

/* The key as its type and its value in normal form. */
enum guard guard_key(struct str type, struct str value);
/* "a placeholder", "a role address", "a no-reply address": for people.  For
 * keys that a guard names. */
const char *guard_why(struct str type, struct str value);
/*
 * Is there nobody to answer behind this mail address (in lower case), or nobody
 * whom a machine may answer?  Robots, bounces, the programs of lists, and the
 * postmaster (RFC 3834 2).
 */
bool guard_no_reply(struct str address);

#endif
