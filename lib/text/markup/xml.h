#ifndef KITH_TEXT_MARKUP_XML_H
#define KITH_TEXT_MARKUP_XML_H
/*
 * XML files that are a list: a root and items in it, read as a stream by
 * libxml2's SAX.  An item that is broken costs itself: it is mended where it
 * can be (references to surrogates, bare & and <, control characters, bytes
 * that are no UTF-8), else it is said, and reading goes on with the next.
 * Nothing that the file names is loaded, entities of its own are not known.
 *
 * Memory: a block, or one item where that is larger; an item larger than
 * max_item is skipped and said.
 */
#include "core/err.h"
#include "core/io/stream.h"

enum {
	XML_ATTRS = 256, /* attributes of an element; one of more is bad */
	XML_NAME = 64, /* bytes of an item's or the root's name */
	XML_LONG = 2 << 10, /* a base64 value from here on bypasses libxml2 */
};

struct xml_attr {
	struct str name, value;
};

struct xml_events {
	void *arg;
	/* depth 0 is the root, 1 an item.  All slices live until the return.
	 * Each returns 0, or -1 to end the reading (with e filled). */
	int (*start)(void *arg, unsigned depth, struct str name,
	    const struct xml_attr *attrs, size_t n, struct err *e);
	int (*end)(void *arg, unsigned depth, struct str name, struct err *e);
	/* The item that was begun will not end: it comes again, or is bad. */
	void (*drop)(void *arg);
	/* The file ends within the item that was begun: nothing more of it
	 * comes. */
	int (*cut)(void *arg, struct err *e);
	/* Bytes that could not be read; item: one of those by its name. */
	int (*bad)(void *arg, bool item, uint64_t offset, const char *why,
	    struct str bytes, struct err *e);
};

/*
 * Reads the whole file.  items are the names of the root's children, NULL at
 * the end.  0, or what an event returned; what cannot be read of the file
 * comes as `bad`.
 */
int xml_read(struct input *in, const char *const *items, size_t max_item,
    const struct xml_events *events, struct err *e);

#endif
