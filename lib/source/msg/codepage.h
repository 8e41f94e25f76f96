#ifndef KITH_SOURCE_MSG_CODEPAGE_H
#define KITH_SOURCE_MSG_CODEPAGE_H
/*
 * Code pages of Windows, by their numbers.
 */
#include "core/buf.h"

enum { CODEPAGE_UTF8 = 65001, CODEPAGE_WESTERN = 1252 };

/* Bytes appended to out as UTF-8.  Of code page 0, or one that nobody knows,
 * they are in the charset that they look like. */
void codepage_decode(struct str bytes, unsigned page, struct buf *out);
/* The code page of a font's \fcharset in RTF; 0 where it says none. */
unsigned codepage_of_font(unsigned charset);

#endif
