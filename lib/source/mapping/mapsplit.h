#ifndef KITH_SOURCE_MAPPING_MAPSPLIT_H
#define KITH_SOURCE_MAPPING_MAPSPLIT_H
/*
 * A map over an item that holds a list (a chat with its messages) fails as a
 * whole for one bad element, or because there are too many.  Here the list is
 * halved until what is bad stands alone, and the rest comes out; lists in what
 * is bad go the same way.  Of several lists it is the longest that is at
 * fault: one without which, or with one element of which, the program runs.
 *
 * That is right only for programs that look at each element by itself, so it
 * is tried: a good part twice over, and two good parts together, must give
 * what they gave apart.  A program that counts or joins fails at that, and
 * its item is one reject as before.
 *
 * Cost: about 2 n runs over half, a quarter ... of the list, n bad elements;
 * past 256 MiB and sixteen times the line it is given up, and the item is one
 * reject.
 */
#include "core/arena.h"
#include "core/buf.h"
#include "core/err.h"

struct mapsplit_reject {
	struct mapsplit_reject *next;
	struct str at; /* "/messages#2" behind the item's place */
	struct str bytes;
	const char *why;
};

struct mapsplit {
	/* Maps one line: the records are appended to out, a newline behind
	 * each; -1. */
	int (*run)(void *arg, struct str line, struct buf *out, struct err *e);
	void *arg;
	struct arena arena; /* of the rejects; zeroed is ready */
	size_t left; /* bytes that may still be mapped; 0: it is given up */
	struct mapsplit_reject *first, **last;
};

/*
 * The line, a native record that the map has failed on, in parts: records go to
 * out, what is bad to s->first.  False where it cannot be parted; out is then
 * as it was.
 */
bool mapsplit_line(struct mapsplit *s, struct str line, struct buf *out);
void mapsplit_release(struct mapsplit *s);

#endif
