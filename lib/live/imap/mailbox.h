#ifndef KITH_LIVE_IMAP_MAILBOX_H
#define KITH_LIVE_IMAP_MAILBOX_H
/*
 * The mails of a folder that were not read yet, into the journal.
 *
 * A place of the cursor is a folder under one UIDVALIDITY, "3857529045 Sent":
 * where a server gives the folder another, all UIDs are void and the whole is
 * read, and where it comes back to an old one, what was read then is.  Its
 * value is the last UID that is done, and behind it holes, mails that the
 * server knows and did not give, with how often it was asked: "4391 17*2".
 * A hole is asked for again each time, and becomes a reject the HOLE_TRIES-th.
 * Neither flags nor dates say what is new.
 *
 * Where the server counts changes (CONDSTORE, RFC 7162) the value has, too, up
 * to which MODSEQ they were told, and which of the flags that matter each mail
 * had then (live/imap/told.h): "4391 m715 17*2 =8:3,7".  A mail that was read
 * and has others since is given once more, with the time at which that was seen.
 * By QRESYNC the server says so as it opens the folder, and what is gone, too.
 *
 * UIDs and sizes are listed first, 16 bytes a mail; then mails are fetched in
 * batches, two of which are under way.  After each the journal is synced, the
 * cursor saved, and the batch written out.  A mail that was listed and does
 * not come is asked for by itself: it may have been expunged meanwhile.
 */
#include <signal.h>

#include "live/imap/client.h"
#include "live/store.h"
#include "source/item.h"

enum {
	HOLE_TRIES = 5,
	HOLES_MOST = 1000, /* of a folder; a server that has more is broken */
	BATCH_MAILS = 500,
	BATCH_BYTES = 8 << 20,
	REJECT_HEAD_BYTES = 64 << 10, /* of a mail that is too large */
};

struct imap_reading {
	struct imap *client; /* logged in */
	struct live_store *store;
	struct sink *out;
	struct ingest ingest; /* of the format mail, to the journal's sink */
	/* Of the last folder: why, where it was read from the beginning once
	 * more; NULL else. */
	const char *anew;
	int64_t now; /* the time */
	const volatile sig_atomic_t *signalled; /* or NULL */
};

/*
 * name is as LIST has it, shown in UTF-8, where is what records call the
 * folder (imaps://desk@mail.example.com/Sent).  IMAP_NO: the server does not
 * open it.  *holes: added to.
 */
enum imap_answer imap_read_folder(struct imap_reading *r, struct str name,
    struct str shown, const char *where, uint64_t *holes, struct err *e);

#endif
