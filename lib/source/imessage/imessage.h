#ifndef KITH_SOURCE_IMESSAGE_IMESSAGE_H
#define KITH_SOURCE_IMESSAGE_IMESSAGE_H
/*
 * Apple's Messages: chat.db of a Mac, sms.db of an iPhone.  Apple documents
 * none of it; the columns of a version are what the file says (PRAGMA
 * table_info).
 *
 * An item is a row of `message` with what belongs to it:
 *	{"message":{"ROWID":7,"guid":"...",...},
 *	 "handle":{"id":"+34600000001",...}, "other":{...},
 *	 "chats":[{"guid":...,"participants":[{"id":...}]}],
 *	 "attachments":[{"filename":...}]}
 * with each column that is not NULL, and has not the 0 that its table gives by
 * itself.  A blob is {"base64":...}, or {"text":...} where it is text.
 */
#include "source/item.h"

/* Rows into items: see item.h. */
int imessage_read(struct ingest *in, struct input *file, struct err *e);
enum stage_result
imessage_normalize(struct normalize *n, struct json native, struct err *e);

/*
 * The text of an NSArchiver stream of an attributed string (attributedBody):
 * the first string in it, a slice of the bytes.  Absent where there is none.
 */
struct str typedstream_text(struct str bytes);

#endif
