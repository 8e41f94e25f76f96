#ifndef KITH_LIVE_IMAP_FOLDER_H
#define KITH_LIVE_IMAP_FOLDER_H
/*
 * A folder that is being read, as mailbox.c and changes.c see it; nobody else
 * includes this.
 */
#include "live/imap/mailbox.h"
#include "live/imap/told.h"

/* A mail that is to be read. */
struct wanted {
	uint32_t uid;
	bool got; /* it is in the journal */
	unsigned tries; /* for a hole: how often it was asked for */
	uint64_t size;
};

struct gone_range {
	uint64_t from, to;
};

struct folder {
	struct imap_reading *reading;
	struct VEC(struct wanted) mails, holes;
	bool known; /* it was read before */
	uint32_t last; /* UID that is done */
	uint64_t modseq; /* up to which flags were told; 0: not known */
	struct imap_told told; /* of the flags of those that are done */
	struct imap_told now; /* likewise, since the cursor was set */
	/* What the server says of it, and has not been dealt with. */
	struct imap_told changed;
	struct VEC(struct gone_range) gone;
	struct buf place, value, set, label;
	char at[64];
};

/* The place of a mail in records, until the next call. */
struct str folder_place_of(struct folder *f, uint64_t uid);
/* Takes a cursor's value, absent where the folder was never read. */
void folder_read_value(struct folder *f, struct str value);
/* The mail to the journal; flags_at: TIME_NONE, or when other flags of one that
 * was given before were seen.  0 or -1. */
int folder_give(struct folder *f, const struct imap_mail *m, int64_t flags_at,
    struct err *e);
/* Asks for mails, and waits.  IMAP_OK where there is nothing to ask for. */
enum imap_answer
folder_fetch(struct folder *f, struct str set, uint64_t most, struct err *e);
/* All up to this UID is done: the cursor, and what is in the journal leaves.  0
 * or -1. */
int folder_settle(struct folder *f, uint32_t last, struct err *e);
/* Was there a signal to end? */
bool folder_is_stopped(const struct folder *f);

/* Where an open folder sends what it says of changes, on_mail and on_gone. */
int folder_on_change(void *arg, const struct imap_mail *m, struct err *e);
int folder_on_gone(void *arg, uint64_t from, uint64_t to, struct err *e);
/*
 * Gives again what was given before and has other flags since, as far as they
 * matter.  resynced: the server has said what changed.  IMAP_OK, or IMAP_BROKEN.
 */
enum imap_answer
folder_read_changes(struct folder *f, bool resynced, struct err *e);

#endif
