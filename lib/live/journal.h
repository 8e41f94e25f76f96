#ifndef KITH_LIVE_JOURNAL_H
#define KITH_LIVE_JOURNAL_H
/*
 * What came from a live source and is not yet known to have left: a log in a
 * folder of the state, to which is only appended.  What is in it and synced
 * may be taken off the source's hands; what stands before its mark has left
 * durably and is not kept.
 *
 * A position is a number of bytes since the first entry ever.  The log is cut
 * into files, "journal.POSITION"; those that lie before the mark are removed,
 * which is all of the compaction.  An entry is a line:
 *
 *	HASH KIND TEXT\n	16 hexadecimal digits, a letter, no newline
 *
 * A tail that was torn by a kill or a loss of power ends where the hash is
 * wrong, and is cut off by whoever opens the journal next.  One process has it
 * at a time (journal.lock).
 */
#include <stdio.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/vec.h"
#include "record/sink.h"

enum {
	JOURNAL_FILE = 64 << 20, /* bytes from which on the next one begins */
	JOURNAL_HEAD = 19, /* bytes of an entry before its text */
};
#define JOURNAL_ENTRY ((size_t)1 << 31) /* bytes of one, at most */

enum journal_kind {
	JOURNAL_ITEM = 'i', /* a native record */
	JOURNAL_REJECT = 'r', /* {"reason","file","at","text" or "base64"} */
};

struct journal {
	char *folder;
	int lock, fd; /* of the last file; -1: none */
	struct VEC(uint64_t) files; /* where each begins, in order */
	uint64_t end; /* of what was written */
	uint64_t mark;
	uint64_t file_max; /* JOURNAL_FILE, less in tests */
	struct buf held; /* entries behind `end` */
	bool damaged; /* something between the mark and the end does not read */
	bool failed; /* something could not be written */
	bool named; /* the last file's name is on disk */
	/* What formats write to: see journal_sink. */
	struct sink sink;
	struct buf out;
};

/*
 * Opens the one of a folder, which is made (not its parents), and mends its
 * tail.  j is the caller's; journal_close also after -1, which is ERR_AGAIN
 * where another run has it.
 */
int journal_open(struct journal *j, const char *folder, struct err *e);
/* What was not synced may be lost. */
void journal_close(struct journal *j);
/* Appends; the text has no newline.  0 or -1, after which some of what was
 * added since the last sync is not there, but no part of an entry is. */
int journal_add(
    struct journal *j, enum journal_kind kind, struct str text, struct err *e);
/* All of it is on disk: 0 or -1, as journal_add. */
int journal_sync(struct journal *j, struct err *e);
/*
 * What formats write to (ingest_item, ingest_reject): each record and reject
 * becomes an entry.  Borrowed; sink_flush before journal_sync.
 */
struct sink *journal_sink(struct journal *j);
/* Writes each entry from a position on to a sink, as a record or a reject: 0
 * or -1. */
int
journal_give(struct journal *j, uint64_t from, struct sink *to, struct err *e);
/*
 * Gives each entry from a position on that is in files, to a function that
 * returns 0 or -1; text lives until it returns and has BUF_PAD bytes behind it.
 * Where something does not read, j->damaged is set and it goes on with the
 * next file.
 */
int journal_read(struct journal *j, uint64_t from,
    int (*entry)(
	void *arg, enum journal_kind kind, struct str text, struct err *e),
    void *arg, struct err *e);
/* All before the position has left durably: the mark, and then the files
 * before it go.  0 or -1. */
int journal_set_mark(struct journal *j, uint64_t mark, struct err *e);
/*
 * Notes that all before the position was written to a pipe; journal_done of
 * the folder moves the mark there once the pipe has done its work.  Without a
 * note, or where one run began since, it does nothing.  0 or -1.
 */
int journal_note(struct journal *j, uint64_t given, struct err *e);
int journal_forget_note(struct journal *j, struct err *e);
int journal_done(const char *folder, struct err *e);

#endif
