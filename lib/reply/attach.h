#ifndef KITH_REPLY_ATTACH_H
#define KITH_REPLY_ATTACH_H
/*
 * The files that go out with a draft, reply.attachments: looked for beside the
 * drafts' file, known by their SHA-256 from then on, and kept in the state,
 * DIR/attachments/SHA256, until every draft that needs them was sent.  A draft
 * one of whose files is not as it was has a fault, and never goes out without
 * it.
 */
#include "core/idset.h"
#include "reply/draft.h"

enum { ATTACH_BYTES = 20 << 20 }; /* of all files of a draft */

/*
 * Reads the files of a draft, names relative to folder (with its slash, or
 * empty), and fills in where they are, sizes and hashes, and with them the
 * draft's key and content.  Memory is a's.  What is wrong becomes d->fault.
 */
void attach_find(struct draft *d, struct arena *a, struct str folder);
/* The same with a draft of the outbox, whose files the state keeps. */
void attach_find_kept(struct draft *d, struct arena *a, const char *state);
/* Puts what attach_find found into reply.attachments; nothing where d has a
 * fault. */
void attach_put(struct record *r, const struct draft *d);
/* Copies the files into the state, durably. */
int attach_keep(const struct draft *d, const char *state, struct err *e);
/* May the state keep any?  1 or 0; what it keeps lasts from now on.  -1. */
int attach_any_kept(const char *state, struct err *e);
/* Removes those that it keeps and whose SHA-256, in hexadecimal, is not one of
 * these ids: of this run and of those that ended before. */
void attach_clear(const char *state, const struct idset *needed);
/* Appends a file's bytes; -1 where they are not those of its hash. */
int attach_read(const struct draft_file *f, struct buf *out, struct err *e);

#endif
