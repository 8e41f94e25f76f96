#ifndef KITH_SOURCE_MARKUP_ELEMENTS_H
#define KITH_SOURCE_MARKUP_ELEMENTS_H
/*
 * Files of XML, or of what passes for it, that are a list of elements: cut by
 * their tags alone, so that one which is broken costs itself.  Memory: a block,
 * or one element; what has no end yet is looked at again when it is twice as
 * long, which is linear.
 */
#include "core/err.h"
#include "core/io/stream.h"
#include "source/markup/markup.h"

struct elements {
	void *arg;
	bool (*is)(const struct markup_piece *tag); /* does one begin? */
	/* Bytes that stand before the first, and between; in pieces. */
	int (*between)(void *arg, struct str bytes, struct err *e);
	/* One of them, from its tag to its end; cut: that is missing, or it is
	 * larger than max_item.  offset: in the file. */
	int (*take)(void *arg, struct str element, uint64_t offset, bool cut,
	    struct err *e);
};

/* Reads the whole file.  0, or -1, also where an event returned that. */
int elements_read(struct input *file, size_t max_item,
    const struct elements *events, struct err *e);

#endif
