#ifndef KITH_SOURCE_JSON_MEMBER_H
#define KITH_SOURCE_JSON_MEMBER_H
/*
 * A file of a tree, as formats that know the whole of an export read it: under
 * its name in the tree, and what is in UTF-16 in UTF-8.
 */
#include "core/io/utf16.h"
#include "source/item.h"

struct items_member {
	struct input *input; /* to be read; NULL where it cannot be opened */
	struct ingest *in;
	const char *outer; /* in->file before */
	struct input *file;
	struct utf16 text;
	struct buf path;
};

/* The file that the tree stands at; until the close, in speaks of it.  What
 * cannot be opened is a reject: 0, or -1.  Close it in any case. */
int items_member_open(struct items_member *m, struct ingest *in,
    struct tree *tree, const char *name, struct err *e);
void items_member_close(struct items_member *m);
/* The value that the tree's file holds, in doc, where it is a small one
 * (STREAM_BLOCK); else JSON_ABSENT. */
struct json items_member_value(struct tree *tree, struct json_doc *doc);

#endif
