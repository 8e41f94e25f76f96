#ifndef KITH_TEXT_MARKUP_TAGS_H
#define KITH_TEXT_MARKUP_TAGS_H
/*
 * Tags with thousands of attributes: an HTML parser that compares each with
 * all before it takes hours over them.  A part of text/html.c.
 */
#include "core/str.h"

enum { TAGS_STATES = 6 };

/* Ready when zeroed. */
struct tags {
	unsigned set; /* bits of the states that a parser may be in */
	int count[TAGS_STATES];
};

/*
 * How many bytes of s may be parsed before a tag holds more than 512
 * attributes, however it is read; s.n where none does.  The caller leaves out
 * what comes then, up to the next ">", and goes on with that.
 */
size_t tags_calm(struct tags *t, struct str s);

#endif
