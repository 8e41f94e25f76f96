#ifndef KITH_MAIL_REPAIR_H
#define KITH_MAIL_REPAIR_H
/*
 * Mail headers that parsers stumble over: mended before one sees them.
 */
#include "core/buf.h"

struct mail_header {
	size_t end; /* where the body begins */
	size_t fields; /* counted up to `most` */
	bool sound; /* nothing to mend */
};

/* What a line of a header is. */
enum header_line {
	HEADER_END, /* empty */
	HEADER_FIELD, /* a name, maybe blanks, a colon */
	HEADER_FOLD, /* goes on the one before */
	HEADER_FROM, /* a mailbox's From_ line, which only the first may be */
	HEADER_OTHER,
};
/* line: without its newline; first: it is the header's first. */
enum header_line header_line(struct str line, bool first);
/*
 * Whether a header goes on behind a line of it that is no field: rest is what
 * follows the line.  A boundary that `header`, what came before, names ends it.
 */
bool header_goes_on(struct str header, struct str line, struct str rest);

/*
 * Finds the end of raw's header: behind the empty line, or before the first
 * line that cannot belong to a header.
 */
void mail_header_scan(struct str raw, size_t most, struct mail_header *out);
/*
 * Appends the header to out, mended: NULs are gone, text in
 * another charset is UTF-8, a From_ line is gone, a line without a name goes
 * on the field before it.
 */
void
mail_header_mend(struct str raw, const struct mail_header *h, struct buf *out);
/*
 * Takes the next field off *rest, which is a sound or mended header: name and
 * value, the value folded, without white space around.  False at the end.
 */
bool mail_header_next(struct str *rest, struct str *name, struct str *value);

#endif
