#ifndef KITH_REPORT_WRITE_H
#define KITH_REPORT_WRITE_H
/*
 * Tables in the format that was asked for.
 */
#include "record/sink.h"
#include "report/table.h"

enum report_format {
	FORMAT_TABLE,
	FORMAT_JSON,
	FORMAT_CSV,
	FORMAT_HTML,
	FORMAT_PROMETHEUS,
};
/* Their names, for an option; NULL-terminated. */
extern const char *const report_formats[];

struct report_style {
	int format; /* enum report_format */
	struct table_style text; /* but for what the terminal says */
	const char *title; /* FORMAT_HTML: the page's; NULL: a common one */
	int64_t now; /* FORMAT_HTML: its time */
};

/*
 * Commits all as one text: 0, or -1 where a table cannot be written so.
 * Colours and width are those of standard output and its environment:
 * COLUMNS, TERM, NO_COLOR.
 */
int report_write(struct table *const *tables, size_t n,
    const struct report_style *s, struct sink *out, struct err *e);

#endif
