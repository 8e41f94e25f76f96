#ifndef KITH_TEXT_FORWARD_H
#define KITH_TEXT_FORWARD_H
/*
 * A mail that another one passes on in its text: the header that mail programs
 * write over it, in the languages that trimming knows, apart from what was
 * written above and from the mail's own words.  Linear in the text.
 */
#include "core/arena.h"

struct forward {
	struct str note; /* what stands above; empty where nothing does */
	struct str header; /* with the line that divides */
	struct str from, date, subject; /* values as they stand; absent */
	struct str body; /* the words of the mail that was passed on */
};

/*
 * The first header in body (UTF-8 with LF or CRLF).  said: it is known to pass
 * something on, so "On ..., Nora Lind <nora@lind.example> wrote:" will do, too.
 * False where there is none, or none with somebody in it who wrote.  Slices
 * point into body or a.
 */
bool
text_forward(struct str body, bool said, struct arena *a, struct forward *out);

#endif
