#ifndef KITH_TEXT_FLOWED_H
#define KITH_TEXT_FLOWED_H
/*
 * Plain text that its sender marked up for other screens, as people read it:
 * format=flowed (RFC 3676), text/enriched (RFC 1896), text/richtext (RFC
 * 1341).  Linear; every word of the input is in what comes out.
 */
#include "core/buf.h"

/* s has LF.  Lines that flow are joined, quotes keep their depth as "> ". */
void flowed_join(struct str s, bool delsp, struct buf *out);
/* Without the commands in angle brackets.  rich: the older of the two. */
void enriched_to_text(struct str s, bool rich, struct buf *out);

#endif
