#ifndef KITH_SOURCE_SMS_XML_SMS_XML_H
#define KITH_SOURCE_SMS_XML_SMS_XML_H
/*
 * What the two parts of SMS Backup & Restore share: smsxml.c cuts its files,
 * smsxmlnorm.c says what an item means.
 */
#include "source/item.h"

enum {
	SMSXML_PARTIES = 256, /* addresses of a message; the rest is left out */
	SMSXML_SHORT_CODE = 6, /* digits of a service's own number */
};

enum stage_result
smsxml_normalize(struct normalize *n, struct json native, struct err *e);

#endif
