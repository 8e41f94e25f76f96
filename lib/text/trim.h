#ifndef KITH_TEXT_TRIM_H
#define KITH_TEXT_TRIM_H
/*
 * What the person wrote now, apart from what they quoted and how they signed.
 * Lines are classified and the pattern of classes decides; linear in the
 * text.  Never loses anything: what is not in `text` is in `quoted` or in
 * `signature`.  An inline reply (answers between quoted lines) stays whole; a
 * bare forward stays whole.
 */
#include "core/arena.h"
#include "core/str.h"

struct trimmed {
	struct str text; /* without white space at either end */
	struct str
	    quoted; /* with the line that introduces it; absent if none */
	struct str signature; /* absent if none */
};

/* body is UTF-8 plain text with LF or CRLF; answer: the mail is known to answer
 * another one, so that a quote with which it begins is that one's.  Slices
 * point into body or a. */
void
text_trim(struct str body, bool answer, struct arena *a, struct trimmed *out);

#endif
