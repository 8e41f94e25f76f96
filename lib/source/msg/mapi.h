#ifndef KITH_SOURCE_MSG_MAPI_H
#define KITH_SOURCE_MSG_MAPI_H
/*
 * Objects of Outlook in a compound file (MS-OXMSG): a message, a recipient, an
 * attachment is a storage; its properties are numbers in one stream, and a
 * stream each for text and bytes.
 *
 * What cannot be read says so in the file, once (`bad`), and is absent: who
 * writes a message asks at its end.
 */
#include "source/msg/cfb.h"

/* [MS-OXPROPS], by the number that a property has everywhere. */
enum mapi_property {
	MAPI_IMPORTANCE = 0x0017,
	MAPI_CLASS = 0x001a,
	MAPI_SUBJECT = 0x0037,
	MAPI_SUBMITTED = 0x0039,
	MAPI_FROM_NAME = 0x0042, /* in whose name it was sent */
	MAPI_FROM_KIND = 0x0064,
	MAPI_FROM_ADDRESS = 0x0065,
	MAPI_TRANSPORT_HEADER = 0x007d,
	MAPI_RECIPIENT_KIND = 0x0c15,
	MAPI_SENDER_NAME = 0x0c1a,
	MAPI_SUPPLEMENT = 0x0c1b, /* of a recipient in a report */
	MAPI_SENDER_KIND = 0x0c1e,
	MAPI_SENDER_ADDRESS = 0x0c1f,
	MAPI_SHOWN_BCC = 0x0e02,
	MAPI_SHOWN_CC = 0x0e03,
	MAPI_SHOWN_TO = 0x0e04,
	MAPI_DELIVERED = 0x0e06,
	MAPI_FLAGS = 0x0e07,
	MAPI_NORMAL_SUBJECT = 0x0e1d,
	MAPI_TEXT = 0x1000,
	MAPI_REPORT_TEXT = 0x1001,
	MAPI_RTF = 0x1009,
	MAPI_HTML = 0x1013,
	MAPI_MESSAGE_ID = 0x1035,
	MAPI_REFERENCES = 0x1039,
	MAPI_IN_REPLY_TO = 0x1042,
	MAPI_LIST_HELP = 0x1043,
	MAPI_LIST_SUBSCRIBE = 0x1044,
	MAPI_LIST_UNSUBSCRIBE = 0x1045,
	MAPI_ORIGINAL_ID = 0x1046, /* of the mail that a report is of */
	MAPI_NAME = 0x3001, /* of a recipient, an attachment */
	MAPI_ADDRESS_KIND = 0x3002,
	MAPI_ADDRESS = 0x3003,
	MAPI_DATA = 0x3701, /* of an attachment */
	MAPI_SHORT_FILE = 0x3704,
	MAPI_METHOD = 0x3705,
	MAPI_FILE = 0x3707,
	MAPI_PATH = 0x3708,
	MAPI_LONG_PATH = 0x370d,
	MAPI_TYPE = 0x370e,
	MAPI_CONTENT_ID = 0x3712,
	MAPI_SMTP_ADDRESS = 0x39fe, /* of a recipient */
	MAPI_HTML_PAGE = 0x3fde,
	MAPI_PAGE = 0x3ffd,
	MAPI_SENDER_SMTP = 0x5d01,
	MAPI_FROM_SMTP = 0x5d02,
	MAPI_REPORTING_SERVER = 0x6820,
};

struct mapi_file {
	struct cfb cfb;
	struct arena *arena; /* borrowed; all that is read lives there */
	bool bad;
	struct err why;
};

/* Bytes before the first number of the stream of properties. */
enum mapi_kind { MAPI_TOP = 32, MAPI_EMBEDDED = 24, MAPI_PART = 8 };

struct mapi {
	struct mapi_file *file;
	int storage;
	struct str numbers;
	unsigned page; /* of strings that are not in UTF-16 */
};

/* The object in a storage; page is that of the message that it belongs to, or
 * 0. */
void mapi_open(struct mapi *m, struct mapi_file *f, int storage,
    enum mapi_kind kind, unsigned page);
/* A number, a truth or a time of Windows (MS-DTYP, FILETIME); false without
 * one. */
bool mapi_number(const struct mapi *m, enum mapi_property id, int64_t *out);
/* An instant, TIME_NONE without one. */
int64_t mapi_time(const struct mapi *m, enum mapi_property id);
/* Text in UTF-8 as it stands; absent. */
struct str mapi_text(const struct mapi *m, enum mapi_property id);
/* The same, absent where it is empty, for one line of a header: what controls
 * something is a blank. */
struct str mapi_line(const struct mapi *m, enum mapi_property id);
/* Bytes; absent. */
struct str mapi_bytes(const struct mapi *m, enum mapi_property id);
/* The storage that is its value, CFB_NONE. */
int mapi_object(const struct mapi *m, enum mapi_property id);
/* That something of the file cannot be read. */
void mapi_fail(struct mapi_file *f, const char *why);

#endif
