#ifndef KITH_SOURCE_MSG_LZFU_H
#define KITH_SOURCE_MSG_LZFU_H
/*
 * Compressed RTF (MS-OXRTFCP): 16 bytes of header, then RTF as it is, or by
 * references into a window of 4096 bytes that begins with words of RTF.
 */
#include "core/buf.h"
#include "core/err.h"

/*
 * s appended to out, which bounds it.  -1 where it is none, or ends before the
 * bytes that its header promises.  Its checksum is not asked: some writers
 * write none, and what it guards shows itself.
 */
int lzfu_decode(struct str s, struct buf *out, struct err *e);

#endif
