#ifndef KITH_MERGE_REFS_H
#define KITH_MERGE_REFS_H
/*
 * The channels' own ids of messages and threads, as a record carries them,
 * and a table from such ids to conversations.
 */
#include "core/arena.h"
#include "record/record.h"

enum ref_kind {
	REF_MESSAGE = 'm', /* of a message, a root's also names its thread */
	REF_THREAD = 't',
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
 * last, then the thread, once as a thread and once as the id of its root.
 */
void refs_of(struct record *r, struct ref_list *out, size_t max);

/* The keys of orders and tickets among the record's ids; returns how many, at
 * most max. */
size_t refs_numbers(struct record *r, struct str *out, size_t max);

/* 96 bits of keyed hashes stand for a name. */
struct ref_table {
	struct ref_slot *slots;
	size_t n, mask;
	uint8_t second[16];
};

void ref_table_release(struct ref_table *t);
/* The value, or UINT32_MAX. */
uint32_t ref_table_get(const struct ref_table *t, struct str name);
void ref_table_put(struct ref_table *t, struct str name, uint32_t value);

#endif
