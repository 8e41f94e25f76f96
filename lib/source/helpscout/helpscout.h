#ifndef KITH_SOURCE_HELPSCOUT_HELPSCOUT_H
#define KITH_SOURCE_HELPSCOUT_HELPSCOUT_H
/*
 * Help Scout: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
helpscout_normalize(struct normalize *n, struct json native, struct err *e);

#endif
