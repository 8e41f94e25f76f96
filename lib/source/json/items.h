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
 * gone through; "*" is any name, and which one it is stands in the items' beside
 * as "*".  Release with items_path_release, also after -1.
 */
int items_path_read(struct items_path *p, const char *text, struct err *e);
void items_path_release(struct items_path *p);

/*
 * How a format cuts files of JSON whose items stand in lists: where those are,
 * and what of that which stands around them goes with them as `beside`.  All of
 * it goes with the first item below it; further ones repeat what is small.
 */
struct items_form {
	/* Ends with a NULL; at most 32. */
	const char *const *paths;
	/* What is repeated, by name; NULL: anything.  Ends with a NULL. */
	const char *const *repeat;
	size_t each; /* bytes of one such member, at most */
	/* What the format knows of the export that the file is from, JSON: with
	 * each item as `export` of its beside.  Absent: nothing.  Borrowed. */
	struct str about;
	bool whole; /* an object without such a list is an item itself */
	/* One in which a path begins and ends in no list is rejected, unless it is
	 * an item, too (bare), or one without items (lacking). */
	bool bare, lacking;
	/*
	 * Lists at the side of others ("users", side.h): their items come out
	 * where no other list stands beside them.  Ends with a NULL; or NULL.
	 */
	const char *const *sides;
	/*
	 * Members that make one item of the object they stand in, whatever
	 * lists it has: {"ticket":{},"comments":[]}.  The paths among them are
	 * followed where it is broken, or too large to be held.
	 */
	const char *const *together;
};

/*
 * A format's read: items in lists, objects one behind the other or one a line.
 * A file of at most 8 MiB is read as a whole, so that what stands behind a list
 * is with its items, too; a larger one of any size in the memory of one item.
 * What is broken costs itself, and `at` is as for --items.
 */
int items_form_read(struct ingest *in, struct input *file,
    const struct items_form *form, struct err *e);

/* The same of a file of JSON, and any other as a table. */
int items_or_table_read(struct ingest *in, struct input *file,
    const struct items_form *form, struct err *e);

/* How many bytes of "window.name = " a file begins with, which is no JSON. */
size_t items_script_head(struct str head);

/*
 * Each item with `beside`: the members before its list in the object that it
 * stands in, and in those around; of equal names the inner one.
 */
int items_read(struct ingest *in, struct input *file, struct err *e);

#endif
