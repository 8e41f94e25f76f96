#ifndef KITH_SOURCE_MAIL_REPORT_REPORTFIELDS_H
#define KITH_SOURCE_MAIL_REPORT_REPORTFIELDS_H
/*
 * What the parts of reports are made of (RFC 3464, 8098, 5965): blocks of
 * fields, with an empty line between two.
 */
#include "mail/mime.h"

/* The first part of that type, or NULL. */
const struct mime_part *report_part(const struct mime *m, const char *type);
/* The value of a field in a block; absent.  Lines that are none, of fields
 * that lost their folding, are passed over. */
struct str report_value(struct str block, const char *name, struct arena *a);
/* Takes the next block off *rest. */
struct str report_block(struct str *rest);
/* "smtp; 550 unknown" without its type. */
struct str report_typed(struct str s);
/* The address in "rfc822; anna@example.org"; absent. */
struct str report_address(struct str s, struct arena *a);
/* An id without its brackets; absent where nothing is left. */
struct str report_id(struct str s);
/* The id of the mail that the report is about: what the report itself says,
 * else that of the mail which came back with it; absent. */
struct str report_original_id(const struct mime *m, struct str report,
    struct buf *scratch, struct arena *a);

#endif
