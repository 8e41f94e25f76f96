#ifndef KITH_SOURCE_MAIL_MBOX_H
#define KITH_SOURCE_MAIL_MBOX_H
/*
 * Cutting mailboxes in mbox format (RFC 4155 and what is called mboxo,
 * mboxrd, mboxcl, mboxcl2) into mails, in blocks.
 *
 * A mail begins at a From_ line: one that follows an empty line (or begins
 * the file, or is followed by a header) and reads "From SENDER DATE"; or, with
 * a header behind it, what some programs write there ("From ", "From SENDER",
 * a date in another form).  One within a part of the mail that is still open
 * is none, nor one of git format-patch unless the file begins with one.  What
 * stands between two such lines is the mail, every byte of it.  Where the
 * file's first mails show that its writer counts (Content-Length leads exactly
 * to the next From_ line), the count frames the mail; where a count is wrong
 * the From_ line does.  One ">" is taken off ">From " lines where the file or
 * the mail shows that quoting is reversible (mboxrd: there are lines with
 * ">>From "); mboxo is left as it is, because there nobody can tell a quoted
 * line from one that was written so.
 */
#include "core/buf.h"
#include "source/mail/multipart.h"

enum {
	MBOX_LINE = 1024, /* bytes a From_ line may have */
	MBOX_HEADER = 256 << 10, /* bytes in which fields are looked for */
};

/*
 * True where the line (without its newline) is a From_ line.  sender (within
 * the line, may be empty) and when (UTC unless a zone is named) may be NULL.
 */
bool mbox_from_line(struct str line, struct str *sender, int64_t *when);

/* Where a mailbox's first From_ line stands, behind a mark of UTF-8 or empty
 * lines; SIZE_MAX where it is none. */
size_t mbox_start(struct str head);

struct mbox {
	struct buf window; /* of the file; starts at offset */
	uint64_t offset;
	size_t start; /* of the mail in hand: its From_ line */
	size_t scan; /* up to here there is no boundary */
	size_t max_item;
	size_t skip; /* before the first From_ line */
	bool counted, reversible, end, skipping;
	bool undated; /* begins with a From_ line without a date */
	bool patches; /* of git format-patch, whose From_ lines separate */
	struct multipart multipart; /* the mail in hand as one */
};

struct mbox_item {
	uint64_t at; /* of the From_ line in the file */
	struct str envelope; /* the From_ line without its newline */
	struct str bytes;
	bool over; /* past max_item: bytes are its first */
};

/* head is the file's first bytes (not taken as fed yet). */
void mbox_init(struct mbox *m, struct str head, size_t max_item);
void mbox_release(struct mbox *m);
/* The next bytes, up to STREAM_BLOCK; after mbox_next gave 0. */
void mbox_feed(struct mbox *m, struct str block);
/* There are no more. */
void mbox_finish(struct mbox *m);
/* 1 with the next mail (until the next call), 0 when more bytes are needed or,
 * after mbox_finish, at the end. */
int mbox_next(struct mbox *m, struct mbox_item *item);

#endif
