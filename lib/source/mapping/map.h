#ifndef KITH_SOURCE_MAPPING_MAP_H
#define KITH_SOURCE_MAPPING_MAP_H
/*
 * normalize --map FILE.jq: a jq program maps {source,native} of any format to
 * records or parts of them.  What it yields is completed (id, source,
 * direction) and checked against the fields.
 */
#include "source/item.h"

struct mapping;

/* NULL on error, with the place in the file. */
struct mapping *mapping_open(const char *path, struct err *e);
/* NULL is allowed. */
void mapping_close(struct mapping *m);
/* Maps the native record n->line into any number of records. */
enum stage_result
mapping_run(struct mapping *m, struct normalize *n, struct err *e);

#endif
