#ifndef KITH_SOURCE_GORGIAS_GORGIAS_H
#define KITH_SOURCE_GORGIAS_GORGIAS_H
/*
 * Gorgias: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
gorgias_normalize(struct normalize *n, struct json native, struct err *e);

#endif
