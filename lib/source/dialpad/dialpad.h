#ifndef KITH_SOURCE_DIALPAD_DIALPAD_H
#define KITH_SOURCE_DIALPAD_DIALPAD_H
/*
 * Dialpad: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
dialpad_normalize(struct normalize *n, struct json native, struct err *e);

#endif
