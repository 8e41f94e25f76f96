#ifndef KITH_LIVE_IMAP_TOLD_H
#define KITH_LIVE_IMAP_TOLD_H
/*
 * What was told of the flags of a folder's mails, as far as they matter to who
 * asks: those that have one at all, in the order of their UIDs.  In the cursor
 * it is a word for each combination, "=8:1,5:9": bits in hexadecimal, and UIDs.
 *
 * Memory: 8 bytes a mail that has one; what is above TOLD_MOST is forgotten, the
 * lowest first.
 */
#include "core/buf.h"
#include "core/vec.h"
#include "live/imap/client.h"

enum {
	TOLD_MOST = 200000,
	TOLD_ANSWERED = 8, /* beside the MARK_... of source/mail/marks.h */
	TOLD_MARKS = 16, /* as many combinations */
};

struct told_mail {
	uint32_t uid;
	unsigned marks;
};

struct imap_told VEC(struct told_mail);

/* Those of the flags that matter. */
unsigned told_marks(const struct imap_names *flags);
/* 0 for a mail of which nothing was told. */
unsigned told_get(const struct imap_told *t, uint32_t uid);
/* What is told now, in any order; it is emptied. */
void told_take(struct imap_told *t, struct imap_told *now);
/* The mails from one to another are gone. */
void told_drop(struct imap_told *t, uint64_t from, uint64_t to);
/* Appends all of it, each word behind a blank. */
void told_write(const struct imap_told *t, struct buf *out);
/* A word that begins with '='; told_sort behind the last. */
void told_read(struct imap_told *t, struct str word);
void told_sort(struct imap_told *t);

#endif
