#ifndef KITH_SOURCE_MSG_RTF_H
#define KITH_SOURCE_MSG_RTF_H
/*
 * What a mail's RTF says: the HTML or the text that Outlook wrapped into it
 * (MS-OXRTFEX), or, of RTF that was written as such, its text.
 */
#include "core/buf.h"

enum rtf_kind { RTF_TEXT = 1, RTF_HTML };

/*
 * Appends it to out in UTF-8, with LF.  What is broken is read as far as it
 * goes; groups that are deeper than a thousand are left out.  0 where it is no
 * RTF.
 */
enum rtf_kind rtf_read(struct str rtf, struct buf *out);

#endif
