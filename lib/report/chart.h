#ifndef KITH_REPORT_CHART_H
#define KITH_REPORT_CHART_H
/*
 * The charts of a page, as SVG.  Colours come from the page's style.
 */
#include "json/escape.h"
#include "report/table.h"

/* Draws the table's chart, nothing for CHART_NONE and empty tables. */
void chart_write(const struct table *t, struct buf *out);
/* A cell for people, escaped. */
void html_cell(const struct column *c, const struct cell *v, struct buf *out);

#endif
