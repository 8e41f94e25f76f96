#ifndef KITH_SOURCE_MAIL_MAIL_H
#define KITH_SOURCE_MAIL_MAIL_H
/*
 * The mail format's second half: a raw mail into a message record.
 */
#include <inttypes.h>
#include <stdio.h>

#include "source/item.h"

enum stage_result
mail_normalize(struct normalize *n, struct json native, struct err *e);
void mail_release(void *kept);

#endif
