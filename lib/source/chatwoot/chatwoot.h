#ifndef KITH_SOURCE_CHATWOOT_CHATWOOT_H
#define KITH_SOURCE_CHATWOOT_CHATWOOT_H
/*
 * Chatwoot: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
chatwoot_normalize(struct normalize *n, struct json native, struct err *e);

#endif
