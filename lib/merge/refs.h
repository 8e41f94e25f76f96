#ifndef KITH_MERGE_REFS_H
#define KITH_MERGE_REFS_H
/*
 * The channels' own ids of messages and threads, as a record carries them, and
 * the place that it stands in.
 */
#include "core/arena.h"
#include "record/record.h"

enum {
	REFS_MOST = 32, /* references of a record that are looked at */
	REFS_NUMBERS = 8, /* orders and tickets that it names */
};

enum ref_kind {
	REF_MESSAGE = 'm', /* of a message, a root's also names its thread */
	REF_THREAD = 't',
	REF_OWN = 'i', /* by the id of our record */
	REF_PLACE = 'p', /* of a chat: its first recipient */
};

struct ref {
	struct str name; /* kind, channel, account, id: unique in the world */
	struct str id; /* as the record has it */
};

struct ref_list {
	struct ref *v;
	size_t n, max;
};

/* All of a message; what it has not is absent. */
struct refs {
	struct ref own, thread;
	struct str place;
	struct ref_list list; /* what it says it continues: see refs_of */
	struct str numbers[REFS_NUMBERS]; /* keys of orders and tickets */
	size_t number_n;
};

/* A name for an id on the record's channel and account. */
struct ref ref_make(struct record *r, enum ref_kind kind, struct str id);
/*
 * What the record says it continues is inReplyTo, then references from the
 * last, what it is a receipt of, then the thread, once as a thread and once as
 * the id of its root.  In the record's arena.
 */
void refs_of(struct record *r, struct refs *out);
/* The same as bytes, and back: these are borrowed, the list is in the arena. */
void refs_write(const struct refs *x, struct buf *out);
void refs_load(struct str bytes, struct arena *a, struct refs *out);

/* By the id of a record of ours, where the channel's is not known. */
struct ref ref_make_own(struct arena *a, struct str id);

#endif
