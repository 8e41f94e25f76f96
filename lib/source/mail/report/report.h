#ifndef KITH_SOURCE_MAIL_REPORT_REPORT_H
#define KITH_SOURCE_MAIL_REPORT_REPORT_H
/*
 * Mail that programs write for programs to read: delivery reports (RFC 3464),
 * receipts (RFC 8098), complaints (RFC 5965), invitations (RFC 5545, 5546).
 */
#include "json/write.h"
#include "mail/mime.h"

/* Writes the member `report` where a part is one. */
void mail_report(struct writer *w, const struct mime *m, struct buf *scratch,
    struct arena *a);
/*
 * Writes the member `invitation` (named as in RFC 8984) where a part is one,
 * and its words to text, for a mail that says nothing else.
 */
void mail_invitation(struct writer *w, const struct mime *m,
    struct buf *scratch, struct arena *a, struct buf *text);

#endif
