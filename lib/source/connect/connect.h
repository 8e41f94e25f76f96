#ifndef KITH_SOURCE_CONNECT_CONNECT_H
#define KITH_SOURCE_CONNECT_CONNECT_H
/*
 * Amazon Connect: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
connect_normalize(struct normalize *n, struct json native, struct err *e);

#endif
