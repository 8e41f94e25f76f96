#ifndef KITH_SOURCE_LIVECHAT_LIVECHAT_H
#define KITH_SOURCE_LIVECHAT_LIVECHAT_H
/*
 * LiveChat: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
livechat_normalize(struct normalize *n, struct json native, struct err *e);

#endif
