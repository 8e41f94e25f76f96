#ifndef KITH_MAIL_TRANSFER_H
#define KITH_MAIL_TRANSFER_H
/*
 * Content-Transfer-Encoding (RFC 2045, 6) undone, and the files that uuencode
 * and yEnc put into a text: both are no MIME and still about.
 */
#include "core/buf.h"

enum transfer { TRANSFER_NONE, TRANSFER_BASE64, TRANSFER_QP, TRANSFER_UU };

/* What the field says, however it is written: "quoted printable",
 * "base64;". */
enum transfer transfer_of(struct str field);
/* Appends the bytes that s stands for. */
void transfer_decode(struct str s, enum transfer encoding, struct buf *out);

/* A file within a text: uuencode from "begin 644 name" to "end", or yEnc from
 * "=ybegin" to "=yend". */
struct inner_file {
	struct str name, lines; /* the coded lines between */
	size_t at, n; /* where all of it stands in the text */
	bool yenc;
};

/* The next such file at or behind `from`. */
bool inner_find(struct str text, size_t from, struct inner_file *out);
/* Appends its bytes. */
void inner_decode(const struct inner_file *f, struct buf *out);

#endif
