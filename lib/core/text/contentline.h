#ifndef KITH_CORE_TEXT_CONTENTLINE_H
#define KITH_CORE_TEXT_CONTENTLINE_H
/*
 * The lines of iCalendar and vCard: "group.NAME;PARAM=value:value", folded by
 * a line end and a blank (RFC 5545, 3.1; RFC 6350, 3.2).  Line ends are LF,
 * with however many CR before it.  A line that is not folded is a slice of the
 * text and costs no copy.
 */
#include "core/arena.h"

struct content {
	struct str rest; /* what was not read yet; STR_NONE at the end */
	struct arena *arena; /* borrowed; lines that were folded live there */
	size_t max; /* bytes of an unfolded line; the rest of it is left out */
	int at, next; /* number of the line read last, and of the next */
	bool over; /* a line was longer than max */
};

/* Over text (borrowed), which begins with line 1. */
void content_init(
    struct content *c, struct str text, struct arena *arena, size_t max);
/* The next line, unfolded; false at the end. */
bool content_next(struct content *c, struct str *line);
/*
 * The same in two steps, for who must know what a line is before its folds are
 * read: a line as it stands, then it with what goes on with it.  Folds of vCard
 * 2.1 stand where white space is: keeps_blank, and the blank belongs to the
 * text.  content_take asks for rest.p != NULL.
 */
struct str content_take(struct content *c);
struct str content_unfold(struct content *c, struct str line, bool keeps_blank);

/* Bytes of "group.NAME" before ":" or ";"; 0 where the line begins none. */
size_t content_name(struct str line);
/* Where the value begins, behind the first ":" from byte `from` on that no
 * quote holds (or the first, where a quote is not closed); 0: there is none. */
size_t content_value(struct str line, size_t from);

#endif
