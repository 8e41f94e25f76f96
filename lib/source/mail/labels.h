#ifndef KITH_SOURCE_MAIL_LABELS_H
#define KITH_SOURCE_MAIL_LABELS_H
/*
 * Gmail's labels, from its export's field or from its server, and the flags of
 * IMAP.  Both give what they mark a mail as, see source/mail/marks.h.
 */
#include "json/write.h"
#include "source/message.h"

/* Writes the member labels: of given, a list of strings, else of the field as
 * it stands (may be absent). */
unsigned labels_write(
    struct writer *w, struct str field, struct json given, struct arena *a);
/* Flags of IMAP, a list of strings or absent: what was done with the mail
 * becomes keywords. */
unsigned labels_flags(struct message *m, struct json flags);

#endif
