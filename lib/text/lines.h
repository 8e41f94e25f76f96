#ifndef KITH_TEXT_LINES_H
#define KITH_TEXT_LINES_H
/*
 * A mail's text as classified lines: what is quoted, what introduces a quote,
 * where the header of another message stands.  A part of text/trim.c.
 */
#include "core/arena.h"

enum { LINE_LONG = 400 }; /* a longer line is words and nothing else */

enum class {
	EMPTY,
	TEXT,
	QUOTE,
	CODE, /* inside of a fence: text, whatever it looks like */
	RULE, /* one character repeated */
	INTRO, /* "On ... wrote:" */
};

/* How sure an introduction is: WEAK needs a quote behind it. */
enum strength { NO_INTRO, WEAK, STRONG };

struct line {
	uint32_t at, n; /* bytes of the body, without the newline */
	unsigned char class, strength, label, fate;
};

/* body has LF alone; storage of v is a's. */
struct lines {
	struct str body;
	struct line *v;
	size_t n;
	unsigned marks; /* of quotes of somebody's own, so far */
	struct arena scratch; /* for one line at a time */
};

/* A body with LF alone: a copy in a where there is a CR. */
struct str lines_plain(struct str body, struct arena *a);
/* Splits and classifies; body is at most 4 GB.  lines_release frees. */
void lines_init(struct lines *l, struct str body, struct arena *a);
void lines_release(struct lines *l);
struct str lines_at(const struct lines *l, size_t i);
/* The line as phrases are compared; lives until the next call. */
struct str lines_folded(struct lines *l, size_t i);
/* The first line from i on that is not empty, or n. */
size_t lines_next(const struct lines *l, size_t i);
/* The last line before i that is not empty, or SIZE_MAX. */
size_t lines_last(const struct lines *l, size_t i);
/* Whether another message begins at line i: its header or a line that says
 * so ("-----Original Message-----"). */
bool lines_original(struct lines *l, size_t i);
/* How sure a folded text is an introduction. */
enum strength lines_strength(struct str folded);

#endif
