#ifndef KITH_SOURCE_TRANSFER_H
#define KITH_SOURCE_TRANSFER_H
/*
 * Content-Transfer-Encoding (RFC 2045, 6) undone, and uuencode, which is older
 * than MIME and still about.
 */
#include "core/buf.h"

enum transfer { TRANSFER_NONE, TRANSFER_BASE64, TRANSFER_QP, TRANSFER_UU };

/* What the field says, however it is written: "quoted printable",
 * "base64;". */
enum transfer transfer_of(struct str field);
/* Appends the bytes that s stands for. */
void transfer_decode(struct str s, enum transfer encoding, struct buf *out);

/* Quoted-printable (RFC 2045, 6.7): blanks at the end of a line go, what is no
 * escape stays. */
void qp_decode(struct str s, struct buf *out);

/* A file within a text, from its "begin 644 name" line to its "end". */
struct uu_file {
	struct str name, lines; /* the coded lines between */
	size_t at, n; /* where all of it stands in the text */
};

/* The next such file at or behind `from`. */
bool uu_find(struct str text, size_t from, struct uu_file *out);
/* Appends the bytes of such lines; ends at "end" or a line that is none. */
void uu_decode(struct str lines, struct buf *out);

#endif
