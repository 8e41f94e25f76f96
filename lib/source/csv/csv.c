/*
 * Any table with a header: a row is an object whose keys are the columns.
 */
#include "source/item.h"
#include "source/table/shape.h"
#include "source/table/table.h"

enum { CSV_SURE = 70 }; /* that a file with such a name is a table */

static int
csv_read(struct ingest *in, struct input *file, struct err *e)
{
	return table_ingest(in, file, NULL, true, e);
}

/* A header's cells are short and mostly not empty. */
static bool
header_fits(struct str head, const struct csv_shape *shape)
{
	struct str rest = str_sub(head, shape->skip, head.n);
	struct str line = str_line(&rest);

	return str_trim(line).n > 0 && line.n / shape->columns < 100 &&
	       line.p[0] != '{' && line.p[0] != '[' && line.p[0] != '<';
}

static int
csv_sniff(const char *base_name, struct str head)
{
	struct str base = str_of(base_name);
	bool named = str_ends_nocase(base, STR(".csv")) ||
		     str_ends_nocase(base, STR(".tsv")) ||
		     str_ends_nocase(base, STR(".tab"));
	struct csv_shape shape;

	if (memchr(head.p, '\0', head.n) != NULL)
		return 0;
	shape = csv_shape(head, head.n < SOURCE_HEAD);
	if (!header_fits(head, &shape))
		return 0;
	if (named)
		return shape.columns > 1 ? CSV_SURE : 30;
	/* Without a name that says so every row has to agree. */
	return shape.columns > 2 && shape.rows > 1 && shape.agree == shape.rows
		   ? 30
		   : 0;
}

const struct source_format source_csv = {
	.name = "csv",
	.about = "any table with a header, separated by , ; | or tab",
	.sniff = csv_sniff,
	.most = CSV_SURE,
	.read = csv_read,
};
