#ifndef KITH_MAIL_MIME_H
#define KITH_MAIL_MIME_H
/*
 * Mail taken apart (RFC 5322, 2045-2047, 2231) in one pass over its lines, in
 * place: what is a part's content is a slice of the mail.  The time is linear
 * in the length of the mail (and its depth, where boundaries are wrong), the
 * memory that of this struct.
 *
 * What is broken is read as its sender meant it: NULs and undeclared 8-bit text
 * in the header, a header that runs into the body, boundaries that nothing
 * names, that are not closed, or that stand in a header; line ends of all
 * kinds.  An outer boundary ends all that is within (RFC 2046, 5.1.2); of two
 * that are equal the inner one counts.
 *
 * Bounds: past MIME_FIELDS fields in the mail's header, it is refused; parts
 * past MIME_PARTS or nested deeper than MIME_DEPTH are left out and mime_is_cut
 * says so.
 */
#include "core/arena.h"
#include "core/err.h"
#include "mail/transfer.h"

enum {
	MIME_FIELDS = 2000,
	MIME_PARTS = 1000,
	MIME_DEPTH = 32,
};

struct mime;

struct mime *mime_new(void);
/* NULL is allowed. */
void mime_free(struct mime *m);
/*
 * raw (borrowed until the next parse) into fields and parts; names and types
 * of parts live in the arena.  -1 where a bound is passed, or no field begins
 * it.
 */
int mime_parse(struct mime *m, struct str raw, struct arena *a, struct err *e);
bool mime_is_cut(const struct mime *m);

/* The mail's own header, top to bottom; values folded and undecoded, UTF-8. */
size_t mime_field_count(const struct mime *m);
void
mime_field(const struct mime *m, size_t i, struct str *name, struct str *value);

enum mime_disposition { MIME_NO_DISPOSITION, MIME_INLINE, MIME_ATTACHMENT };

struct mime_part {
	struct str type; /* "text/plain", lower case */
	struct str name; /* of the file; absent */
	struct str charset; /* absent */
	enum mime_disposition disposition;
	enum transfer encoding;
	bool multipart;
	bool flowed, delsp; /* RFC 3676 */
	bool left_out; /* a mail program keeps the content elsewhere, or has
			  deleted it: what stands here is none of it */
	unsigned index; /* within its parent */
	size_t end; /* parts from here on are not below this one */
	struct str content; /* of raw, its transfer encoding not undone; of a
			       multipart what stands before its parts */
};

/* In pre-order: part 0 is the whole, the parts below part i are those after it
 * up to its `end`. */
size_t mime_part_count(const struct mime *m);
const struct mime_part *mime_part(const struct mime *m, size_t i);
/* A leaf's content, transfer encoding undone: in raw itself or in scratch.  A
 * mail within the mail is a leaf, too. */
struct str mime_content(const struct mime_part *p, struct buf *scratch);
/* Bytes appended to out as UTF-8, whatever charset they say or do not say
 * they are in. */
void mime_decode(struct str bytes, struct str charset, struct buf *out);
/* The same for a text part's content, with LF. */
void
mime_text_decode(const struct mime_part *p, struct str bytes, struct buf *out);

#endif
