#ifndef KITH_SOURCE_CRISP_CRISP_H
#define KITH_SOURCE_CRISP_CRISP_H
/*
 * Crisp: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
crisp_normalize(struct normalize *n, struct json native, struct err *e);

#endif
