#ifndef KITH_REPORT_PAGE_H
#define KITH_REPORT_PAGE_H
/*
 * Tables as one HTML page that needs nothing else: styles and SVG charts
 * within, no scripts (a Content-Security-Policy forbids them), light and dark,
 * and every text of strangers escaped.
 */
#include "report/table.h"

/* title is escaped; now is the report's time, shown in the head. */
void report_page(struct table *const *tables, size_t n, const char *title,
    int64_t now, struct buf *out);

#endif
