#ifndef KITH_MAIL_MIME_H
#define KITH_MAIL_MIME_H
/*
 * Mail taken apart (RFC 5322, 2045-2047, 2231) by GMime, behind a face of our
 * own; what is broken is repaired before GMime sees it: NULs and undeclared
 * 8-bit text in the header, a header that runs into the body.
 *
 * Bounds: past MIME_FIELDS fields in one header, MIME_SECTIONS lines that
 * could begin a part, or MIME_WORDS in one line, the mail is refused; parts
 * past MIME_PARTS or nested deeper than MIME_DEPTH are left out and mime_is_cut
 * says so.
 */
#include "core/err.h"
#include "mail/transfer.h"
#include "record/address.h"

enum {
	MIME_FIELDS = 2000,
	MIME_PARTS = 1000,
	MIME_DEPTH = 32,
	MIME_SECTIONS = 100000,
	MIME_WORDS = 1000, /* encoded words without an end in one line */
	MIME_HARMLESS = 256 << 10, /* bytes in which parts and part headers
				      need not be counted */
};

struct mime;

struct mime *mime_new(void);
/* NULL is allowed. */
void mime_free(struct mime *m);
/*
 * raw (borrowed until the next parse) into fields and parts; names and types
 * of parts live in the arena.  -1 where a bound is passed.
 */
int mime_parse(struct mime *m, struct str raw, struct arena *a, struct err *e);
bool mime_is_cut(const struct mime *m);

/* The mail's own header, top to bottom; values folded and undecoded, UTF-8. */
size_t mime_field_count(const struct mime *m);
void
mime_field(const struct mime *m, size_t i, struct str *name, struct str *value);

/* The addresses in a field's value, groups flattened, names decoded, into a. */
void mime_address_list(struct mime *m, struct str value, struct arena *a,
    struct address_list *out);

enum mime_disposition { MIME_NO_DISPOSITION, MIME_INLINE, MIME_ATTACHMENT };

struct mime_part {
	struct str type; /* "text/plain", lower case */
	struct str name; /* of the file; absent */
	struct str charset; /* absent */
	enum mime_disposition disposition;
	enum transfer encoding;
	bool multipart;
	bool flowed, delsp; /* RFC 3676 */
	unsigned index; /* within its parent */
	size_t end; /* parts from here on are not below this one */
	void *object; /* mime.c's */
};

/* In pre-order: part 0 is the whole, the parts below part i are those after it
 * up to its `end`. */
size_t mime_part_count(const struct mime *m);
const struct mime_part *mime_part(const struct mime *m, size_t i);
/* A leaf's content, transfer encoding undone: in raw itself or in scratch. */
struct str mime_content(
    const struct mime *m, const struct mime_part *p, struct buf *scratch);
/* Bytes appended to out as UTF-8, whatever charset they say or do not say
 * they are in. */
void mime_decode(struct str bytes, struct str charset, struct buf *out);
/* The same for a text part's content, with LF. */
void
mime_text_decode(const struct mime_part *p, struct str bytes, struct buf *out);

#endif
