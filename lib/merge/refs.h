#ifndef KITH_MERGE_REFS_H
#define KITH_MERGE_REFS_H
/*
 * The channels' own ids of messages and threads, as a record carries them.
 */
#include "core/arena.h"
#include "record/record.h"

enum ref_kind {
	REF_MESSAGE = 'm', /* of a message, a root's also names its thread */
	REF_THREAD = 't',
	REF_OWN = 'i', /* by the id of our record */
};

struct ref {
	struct str name; /* kind, channel, account, id: unique in the world */
	struct str id; /* as the record has it */
};

struct ref_list {
	struct ref *v;
	size_t n, max;
};

/* A name for an id on the record's channel and account. */
struct ref ref_make(struct record *r, enum ref_kind kind, struct str id);
/*
 * What the record says it continues: inReplyTo, then references from the
 * last, what it is a receipt of, then the thread, once as a thread and once as
 * the id of its root.
 */
void refs_of(struct record *r, struct ref_list *out, size_t max);

/* By the id of a record of ours, where the channel's is not known. */
struct ref ref_make_own(struct record *r, struct str id);

/* The keys of orders and tickets among the record's ids; returns how many, at
 * most max. */
size_t refs_numbers(struct record *r, struct str *out, size_t max);

#endif
