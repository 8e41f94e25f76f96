#ifndef KITH_TEXT_MARKUP_ELEMENT_H
#define KITH_TEXT_MARKUP_ELEMENT_H
/*
 * What an HTML element and its attributes mean for the text that people see.
 * A part of text/html.c, apart from the parser.
 */
#include "core/str.h"

enum kind {
	INLINE, /* what has no other kind */
	BLOCK,
	PARAGRAPH, /* a block with an empty line around it */
	QUOTE,
	PRE,
	LIST,
	NUMBERED,
	ITEM,
	CELL,
	LINK,
	IMAGE,
	BREAK,
	RULE,
	SKIP, /* neither it nor what it holds is seen */
};

/* What its attributes say of an element; slices point into them. */
struct look {
	bool hidden; /* never seen by the reader */
	bool pre; /* white space counts */
	bool quote; /* a mail program's frame around what it quotes */
	bool tight; /* no empty line around a paragraph */
	bool pixel; /* an image of one pixel */
	struct str href, alt;
};

/* name is in lower case. */
enum kind element_kind(const char *name);
/* atts: name, value, name, value, ..., NULL; values may be NULL; or NULL. */
struct look element_look(enum kind kind, const char *const *atts);

#endif
