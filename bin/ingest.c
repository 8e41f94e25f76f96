/*
 * kith-ingest: export files, folders, archives and mailboxes into native
 * records, one a line.  It knows containers and loses nothing; what an item
 * means is normalize's.
 */
#include <stddef.h>

#include "core/diag.h"
#include "driver/driver.h"
#include "source/source.h"

struct ingest_tool {
	const char *format;
	bool list;
	int64_t max_item;
	const struct source_format *forced;
};

static const struct opt options[] = {
	{ 'f', "format", OPT_TEXT, offsetof(struct ingest_tool, format), "NAME",
	    "read every file as this format instead of telling by content", 0,
	    0, NULL },
	{ 0, "list-formats", OPT_FLAG, offsetof(struct ingest_tool, list), NULL,
	    "list the formats and end", 0, 0, NULL },
	{ 0, "max-item", OPT_SIZE, offsetof(struct ingest_tool, max_item),
	    "SIZE", "reject items larger than this (default 40M)", 1024,
	    INT64_C(1) << 30, NULL },
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

static void
defaults(void *self)
{
	struct ingest_tool *t = self;

	t->max_item = SOURCE_ITEM_MAX;
}

static int
open_tool(struct run *r, void *self, struct err *e)
{
	struct ingest_tool *t = self;

	(void)r;
	if (t->format == NULL)
		return 0;
	t->forced = source_format_named(str_of(t->format));
	if (t->forced == NULL)
		return source_no_format(t->format, e);
	return 0;
}

/* One operand that cannot be read does not keep the others from it; output
 * that cannot be written ends the run. */
static int
ingest_operand(
    struct run *r, const struct ingest_tool *t, const char *path, struct err *e)
{
	struct err why;

	if (source_ingest(r, path, t->forced, (size_t)t->max_item, &why) == 0)
		return 0;
	run_rollback(r);
	if (run_flush(r, e) < 0)
		return -1;
	diag(DIAG_FATAL, NULL, "%s", why.msg);
	return 0;
}

static int
go(struct run *r, void *self, struct err *e)
{
	const struct ingest_tool *t = self;
	char *const *operands = run_operands(r);

	if (t->list) {
		source_list(run_out(r));
		return run_commit_text(r, e);
	}
	if (operands[0] == NULL)
		return ingest_operand(r, t, "-", e);
	for (; *operands != NULL; operands++)
		if (ingest_operand(r, t, *operands, e) < 0)
			return -1;
	return 0;
}

static void
close_tool(void *self)
{
	(void)self;
	source_done();
}

const struct tool tool = {
	.name = "ingest",
	.about = "cut export files, folders, archives and mailboxes into items",
	.operands = "[FILE ...]",
	.opts = options,
	.size = sizeof(struct ingest_tool),
	.defaults = defaults,
	.open = open_tool,
	.go = go,
	.close = close_tool,
};
