#ifndef KITH_SOURCE_GENESYS_GENESYS_H
#define KITH_SOURCE_GENESYS_GENESYS_H
/*
 * Genesys Cloud: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
genesys_normalize(struct normalize *n, struct json native, struct err *e);

#endif
