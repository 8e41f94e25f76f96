#ifndef KITH_SOURCE_TAWKTO_TAWKTO_H
#define KITH_SOURCE_TAWKTO_TAWKTO_H
/*
 * tawk.to: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
tawkto_normalize(struct normalize *n, struct json native, struct err *e);

#endif
