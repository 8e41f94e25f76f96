#ifndef KITH_SOURCE_JSON_WITHIN_H
#define KITH_SOURCE_JSON_WITHIN_H
/*
 * Lists in an object that only wraps them, as services and programs save what a
 * page of an interface answered: {"data":[...],"next":...}.  Such an object is
 * no item of a format, and what stands in the list would be.
 */
#include "source/item.h"

/*
 * The format of a file that begins so: f, of which the whole is, how_sure (NULL:
 * none); or the surest of what stands in a list, where the object is told by that
 * alone.  path is where the list stands, "data" or "data/items", or "".
 */
const struct source_format *within_tell(const char *base_name, struct str head,
    const struct source_format *f, int how_sure, char path[WITHIN_PATH]);
/* The same of a format that is named. */
void within_named(const struct source_format *f, const char *base_name,
    struct str head, char path[WITHIN_PATH]);

#endif
