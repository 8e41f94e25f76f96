#ifndef KITH_RECALL_SEGMENTS_H
#define KITH_RECALL_SEGMENTS_H
/*
 * Segments: names for groups of people, each with a jq condition over what is
 * known of one and the record in hand (kith-segments(5)).
 *
 *	segments:
 *	  regulars: .context.orders | length >= 3
 *	  vip:
 *	    about: whom the CRM calls gold
 *	    if: .context.traits.plan == "gold"
 *
 * All conditions are one program to jq: compiled once, in some 20 ms, and run
 * once a record, in some 20 us a KB of record and context.
 */
#include "core/err.h"
#include "json/write.h"

enum {
	SEGMENTS_MAX = 100, /* of a file */
	SEGMENT_NAME = 64, /* bytes */
};

struct segments;

/* Reads a file.  Where path is NULL there is none, and NULL in *out; needed: that
 * is an error.  0, or -1: e says "file:line:column: what". */
int segments_open(
    const char *path, bool needed, struct segments **out, struct err *e);
void segments_free(struct segments *s);
size_t segments_count(const struct segments *s);

/*
 * Asks all conditions about {"record": ..., "context": ...}; record may be
 * absent.  context is an object, its closing brace left out.  True where one
 * holds; a condition that raises an error does not.
 */
bool segments_ask(struct segments *s, struct str record, struct str context);
/* The member `segments` with the names that hold by the last asking, in the
 * order of the file; nothing where none does. */
void segments_write(const struct segments *s, struct writer *w);

/* The number of the segment with that name; -1 where there is none.  s may be
 * NULL. */
ptrdiff_t
segments_find(const struct segments *s, const char *name, struct err *e);
/* Did it hold by the last asking? */
bool segments_holds(const struct segments *s, ptrdiff_t segment);

/* A condition that raised errors: its name, how often, and the first one's
 * text.  False past the last one; *next begins with 0. */
struct segment_trouble {
	struct str name;
	uint64_t count;
	const char *what;
};
/* For tests; tools ask segments_warn. */
bool segments_trouble(
    const struct segments *s, size_t *next, struct segment_trouble *out);
/* Warns of all of them; the file's name as it was given. */
void segments_warn(const struct segments *s, const char *path);

#endif
