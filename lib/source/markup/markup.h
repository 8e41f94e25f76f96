#ifndef KITH_SOURCE_MARKUP_MARKUP_H
#define KITH_SOURCE_MARKUP_MARKUP_H
/*
 * XML as feeds have it: often none.  Tags, texts and their order are read as
 * they come; nothing has to be declared, closed or escaped.  Linear, in place.
 */
#include "core/arena.h"

enum markup_kind {
	MARKUP_END_OF_TEXT,
	MARKUP_START,
	MARKUP_EMPTY, /* <x/> */
	MARKUP_END,
	MARKUP_TEXT, /* with references in it */
	MARKUP_CDATA,
};

struct markup_piece {
	enum markup_kind kind;
	struct str prefix, name; /* "dc", "creator" of a tag; absent prefix */
	struct str attrs; /* as they stand */
	struct str text; /* of a text; of a tag all of its bytes */
	bool cut; /* the text ends within it */
};

struct markup {
	struct str rest;
};

/* Comments, declarations and instructions are passed over. */
enum markup_kind markup_next(struct markup *m, struct markup_piece *p);
/* An attribute by its name, "xml:base", with its references resolved; absent.
 */
struct str
markup_attr(const struct markup_piece *tag, const char *name, struct arena *a);
/* A text without references: numbers, and the five of XML; others stay. */
struct str markup_text(struct str s, struct arena *a);
/* The same of control characters alone, which mean those of Windows. */
struct str markup_windows(struct str s, struct arena *a);

#endif
