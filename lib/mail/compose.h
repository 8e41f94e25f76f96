#ifndef KITH_MAIL_COMPOSE_H
#define KITH_MAIL_COMPOSE_H
/*
 * A mail as it goes over the wire: RFC 5322 headers, folded, with encoded
 * words (RFC 2047) where they are not ASCII, and one text/plain part in
 * UTF-8, in the shortest of 7bit, quoted-printable and base64 (RFC 2045), or
 * that beside the same in HTML (RFC 2046 5.1.4, multipart/alternative); with
 * attachments in multipart/mixed, each in base64, its name by RFC 2231.
 * Lines end in CRLF; dots are not doubled (that is SMTP's).  The same struct
 * gives the same bytes.
 */
#include "core/buf.h"
#include "core/err.h"

enum {
	MAIL_LINE = 78, /* where headers fold, RFC 5322 2.1.1 */
	MAIL_REFERENCES = 20, /* the first and the last 19 are written */
};

struct mail_party {
	struct str name, address;
};

/* An attachment.  Borrowed. */
struct mail_file {
	struct str name; /* UTF-8; absent: none */
	struct str type; /* absent: application/octet-stream */
	struct str bytes;
	struct str id; /* by which the HTML names it; absent */
	bool shown; /* within the text: RFC 2183, inline */
};

struct mail {
	struct str from_name, from; /* address: local@domain in ASCII */
	struct str to_name, to;
	const struct mail_party *cc;
	size_t cc_count;
	struct str subject; /* absent: no such header */
	struct str body; /* UTF-8, lines end in LF */
	struct str html; /* a fragment of HTML with the same; or absent */
	struct str message_id; /* ids are without angle brackets */
	const struct str *in_reply_to, *references;
	size_t in_reply_to_count, reference_count;
	struct str unsubscribe; /* a URL, RFC 2369 and 8058; or absent */
	const struct mail_file *files;
	size_t file_count;
	int64_t date;
	bool utf8; /* addresses may have UTF-8 in their local parts */
	bool automatic; /* RFC 3834: Auto-Submitted: auto-replied */
};

/* True unless s holds CR, LF, NUL or another control character but tab. */
bool mail_header_ok(struct str s);
/* local@domain in printable ASCII, without what could leave the brackets that
 * it is put into. */
bool mail_address_ok(struct str address);
/* The same where what is local may be any UTF-8 (RFC 6531). */
bool mail_address_utf8_ok(struct str address);

/*
 * Pieces of a mail, for who makes one of what another program keeps.  Values
 * have passed mail_header_ok, and addresses and ids what stands above.
 */
/* A field of text, folded, in encoded words where it has to be. */
void mail_put_text(struct buf *out, const char *field, struct str text);
/* A field of addresses; one without an address is a name alone.  None: no
 * field. */
void mail_put_parties(
    struct buf *out, const char *field, const struct mail_party *v, size_t n);
/* A part of text in UTF-8: its fields, an empty line, and it. */
void mail_put_part(struct buf *out, const char *type, struct str text);
/* The field that says what is to be done with a file, with its id. */
void mail_put_disposition(struct buf *out, const struct mail_file *f);
/* A part that is a file: its fields, an empty line, and its bytes. */
void mail_put_file(struct buf *out, const struct mail_file *f);

/* Appends the mail to out.  -1 where a header's value is not fit. */
int mail_compose(const struct mail *m, struct buf *out, struct err *e);

#endif
