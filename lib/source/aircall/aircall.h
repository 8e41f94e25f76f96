#ifndef KITH_SOURCE_AIRCALL_AIRCALL_H
#define KITH_SOURCE_AIRCALL_AIRCALL_H
/*
 * Aircall: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
aircall_normalize(struct normalize *n, struct json native, struct err *e);

#endif
