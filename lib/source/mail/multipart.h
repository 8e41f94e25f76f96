#ifndef KITH_SOURCE_MAIL_MULTIPART_H
#define KITH_SOURCE_MAIL_MULTIPART_H
/*
 * Where the parts of a mail end, told without reading them: for who cuts a
 * mailbox and finds a line that begins a mail within another one.  Each byte of
 * a mail is looked through once or twice, however many such lines there are.
 */
#include "core/str.h"

/* Where a mail's body begins: behind the first empty line, or the end. */
size_t multipart_body(struct str mail);

/* What was found of a mail so far, counted in its bytes; zeroed for a new one. */
struct multipart {
	size_t boundary, boundary_n; /* where it stands; none where n is 0 */
	size_t looked; /* so far for delimiters; 0: not even for a boundary */
	bool open; /* the last one found so far does not close it */
	size_t next; /* up to here a part is known to go on; or 0 */
};

/*
 * Does a part that is open go on at and behind the line that begins at byte
 * `at` of text, which is a mail and what comes behind it?  Then the mail's
 * boundary comes again, before another mail declares it, and not too far
 * behind.  1, 0, or -1 where more bytes are needed; whole: there are none.  0
 * is said once of a mail, which ends there.
 */
int
multipart_holds(struct multipart *m, struct str text, size_t at, bool whole);

#endif
