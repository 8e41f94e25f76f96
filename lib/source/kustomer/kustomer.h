#ifndef KITH_SOURCE_KUSTOMER_KUSTOMER_H
#define KITH_SOURCE_KUSTOMER_KUSTOMER_H
/*
 * Kustomer: what both stages share.
 */
#include "source/desk/desk.h"

enum stage_result
kustomer_normalize(struct normalize *n, struct json native, struct err *e);

#endif
