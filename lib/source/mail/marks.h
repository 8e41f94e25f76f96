#ifndef KITH_SOURCE_MAIL_MARKS_H
#define KITH_SOURCE_MAIL_MARKS_H
/*
 * What mail programs and servers wrote on a mail since it came: junk, deleted,
 * kept for later.  Told by header fields, by Gmail's labels and the names of
 * folders in the languages of words/labels, and by the flags of file names.
 */
#include "core/arena.h"
#include "core/str.h"

enum {
	MARK_DRAFT = 1,
	MARK_JUNK = 2,
	MARK_DELETED = 4,
};

/* What one header field says, to be or-ed over all fields: X-Spam-Flag,
 * X-Spam-Status, X-Mozilla-Status, -Status2, -Keys and -Draft-Info, X-Status,
 * X-Keywords. */
unsigned mark_field(struct str name, struct str value);
/* One of Gmail's labels; what it takes to compare it lives in the arena. */
unsigned mark_label(struct str label, struct arena *a);
/* A flag or keyword of IMAP: \\Deleted, \\Draft, $Junk, $Phishing; $NotJunk
 * and all others say nothing. */
unsigned mark_flag(struct str flag);
/* The letters of a Maildir name: D draft, T deleted. */
unsigned mark_flags(struct str flags);
/* The number that Apple Mail has behind a mail of its own: bit 1 deleted, bit 6
 * draft, bit 24 junk and 25 none. */
unsigned mark_apple(int64_t flags);
/*
 * What the folder says that a mail came from, by the path of its file: junk, or
 * draft.  That it lies among what is deleted says nothing, since it may have
 * been answered first.
 */
unsigned mark_folder(struct str path, struct arena *a);

#endif
