#ifndef KITH_REPORT_ALONE_H
#define KITH_REPORT_ALONE_H
/*
 * The reports that go with no other: diff, which compares two files, and vcon
 * and cloudevents, which write records as other programs read them, a line of
 * JSON each.
 */
#include "report/kinds.h"
#include "report/write.h"

struct alone;

/* files: the operands behind its name (kind_alone).  NULL with the sentence
 * where they, or the format, do not fit. */
struct alone *alone_new(struct str name, char *const *files,
    const struct report_style *style, struct err *e);
/* NULL is allowed. */
void alone_free(struct alone *a);
/* Does it hold more than memory, in files of core/io/sort.h? */
bool alone_sorts(const struct alone *a);
/* A record of this file, the first being 0.  0 or -1. */
int alone_add(struct alone *a, int file, struct record *r, struct sink *out,
    struct err *e);
/* After the last.  0 or -1. */
int alone_write(struct alone *a, const struct report_options *o,
    const struct report_style *style, struct sink *out, struct err *e);

#endif
