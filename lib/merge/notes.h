#ifndef KITH_MERGE_NOTES_H
#define KITH_MERGE_NOTES_H
/*
 * What merge says of keys that join nobody, and of lines in the links file
 * that do nothing: a note each, and of keys only the first few.
 */
#include "core/map.h"
#include "merge/merge.h"
#include "record/sink.h"

struct notes {
	struct merger_report report; /* for merger_learn and merger_follow */
	struct merger *merger;
	struct sink *out; /* for the sum "not believed" */
	bool once; /* each key once, however often it is doubted */
	struct map keys; /* with once: those that were noted */
	size_t written, useless, stopped;
	struct buf text;
};

/* merger and out are borrowed; n stays where it is.  Once: for
 * merger_follow, which finds a key again with each of its records. */
void
notes_init(struct notes *n, struct merger *merger, struct sink *out, bool once);
/* Also of one that is all zero. */
void notes_release(struct notes *n);

#endif
