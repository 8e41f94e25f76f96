#ifndef KITH_SOURCE_MAIL_REPORT_RECEIPT_H
#define KITH_SOURCE_MAIL_REPORT_RECEIPT_H
/*
 * What became of a mail of ours, as another server tells it: by a delivery
 * report (RFC 3464), by a reader's receipt (RFC 8098), or in the words of
 * programs that write no report (qmail, old Exim, sendmail, Exchange, and what
 * a gateway left of the others').
 *
 * Where a bounce does not say that it is only late, it is one that failed: that
 * somebody looks once too often harms nobody.
 */
#include "json/write.h"
#include "mail/mime.h"

/*
 * Writes the members act, status, about, code, reason and recipients
 * (kith-record(5)).  text: what the mail says to people; it is a bounce, or has
 * a part that is a reader's receipt, else nothing is written.
 */
void mail_receipt(struct writer *w, const struct mime *m, bool bounce,
    struct str text, struct buf *scratch, struct arena *a);

#endif
