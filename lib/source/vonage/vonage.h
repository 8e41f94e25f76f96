#ifndef KITH_SOURCE_VONAGE_VONAGE_H
#define KITH_SOURCE_VONAGE_VONAGE_H
/*
 * Vonage: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
vonage_normalize(struct normalize *n, struct json native, struct err *e);

#endif
