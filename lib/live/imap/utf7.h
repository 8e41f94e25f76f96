#ifndef KITH_LIVE_IMAP_UTF7_H
#define KITH_LIVE_IMAP_UTF7_H
/*
 * Names of folders as IMAP writes them, in modified UTF-7 (RFC 3501, 5.1.3).
 */
#include "core/buf.h"

/* Appends the name in UTF-8; what is no modified UTF-7 stays as it is where it
 * is UTF-8, since some servers write that, and is U+FFFD elsewhere. */
void utf7_decode(struct str name, struct buf *out);
/* Appends a name in UTF-8 as modified UTF-7. */
void utf7_encode(struct str name, struct buf *out);

#endif
