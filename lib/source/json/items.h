#ifndef KITH_SOURCE_JSON_ITEMS_H
#define KITH_SOURCE_JSON_ITEMS_H
/*
 * ingest --items: the items of lists within a file of JSON, reached by a path,
 * one by one: the file and its lists may be of any size, an item not.  Memory:
 * one item, and what stands beside the lists that are open.
 */
#include "source/item.h"

enum { ITEMS_NAMES = 16 }; /* in a path */

struct items_path {
	struct str names[ITEMS_NAMES]; /* borrowed */
	size_t n;
	struct arena arena;
};

/*
 * "chats/list/messages", with "~1" for a slash in a name and "~0" for "~" (RFC
 * 6901), or as jq has it, ".chats.list[].messages[]".  Lists on the way are
 * gone through.  Release with items_path_release, also after -1.
 */
int items_path_read(struct items_path *p, const char *text, struct err *e);
void items_path_release(struct items_path *p);

/*
 * Each item with `beside`: the members before its list in the object that it
 * stands in, and in those around; of equal names the inner one.
 */
int items_read(struct ingest *in, struct input *file, struct err *e);

#endif
