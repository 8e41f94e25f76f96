#ifndef KITH_SOURCE_FREESWITCH_FREESWITCH_H
#define KITH_SOURCE_FREESWITCH_FREESWITCH_H
/*
 * FreeSWITCH's records of calls in JSON and XML: a leg each.  Its tables are
 * read by source/cdr, which says what a call was here, too.
 */
#include "source/item.h"

/*
 * The XML of a leg as JSON: elements are members, several of one name a list,
 * attributes members with "@" before them.  0, or -1 where it is no element or
 * ends too early.
 */
int freeswitch_xml(struct str xml, struct writer *w, struct arena *a);

enum stage_result
freeswitch_normalize(struct normalize *n, struct json native, struct err *e);

#endif
