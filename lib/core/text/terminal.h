#ifndef KITH_CORE_TEXT_TERMINAL_H
#define KITH_CORE_TEXT_TERMINAL_H
/*
 * Text of strangers on a terminal: what could steer it is written as \x..,
 * so that no message can move the cursor, hide a line or turn text around.
 */
#include "core/buf.h"

/* Appends s with every steering character escaped. */
void terminal_text(struct buf *out, struct str s);
/* The same on one line: white space of any kind folded to one space. */
void terminal_line(struct buf *out, struct str s);

#endif
