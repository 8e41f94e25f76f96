#ifndef KITH_TEXT_MARKUP_HTML_H
#define KITH_TEXT_MARKUP_HTML_H
/*
 * HTML as people read it, in plain text: paragraphs and line breaks kept,
 * links as "label (url)" where they differ, lists with dashes, quotes
 * (blockquote, gmail_quote and their like) prefixed with "> ", scripts,
 * styles, hidden parts and tracking pixels left out.  libxml2's HTML parser in
 * SAX mode: linear, and never a network or file access.
 */
#include "core/buf.h"
#include "core/err.h"

enum { HTML_MAX = 16 << 20, HTML_DEPTH = 512 };

/* html is UTF-8 (decode first).  Appends to out.  0, or -1. */
int html_to_text(struct str html, struct buf *out, struct err *e);

#endif
