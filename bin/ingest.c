/*
 * kith-ingest: export files, folders, archives and mailboxes into native
 * records, one a line, and what live sources have that is new.  It knows
 * containers and loses nothing; what an item means is normalize's.
 */
#include <stddef.h>

#include "core/diag.h"
#include "driver/driver.h"
#include "live/operands.h"
#include "source/json/items.h"
#include "source/seek.h"
#include "source/source.h"

struct ingest_tool {
	const char *format, *items;
	bool list, why, status, done, setup;
	int64_t max_item;
	struct items_path path;
	struct source_reading how;
	struct source_context *source;
	struct live_reading reading;
	struct live_operands live;
	struct seek_spool spool;
};

static const struct opt opts[] = {
	{ 'f', "format", OPT_TEXT, offsetof(struct ingest_tool, format), "NAME",
	    "read every file as this format instead of telling by content", 0,
	    0, NULL },
	{ 0, "hook-setup", OPT_FLAG, offsetof(struct ingest_tool, setup), NULL,
	    "write the spool's hook.conf of the workspace file, and end", 0, 0,
	    NULL },
	{ 0, "items", OPT_TEXT, offsetof(struct ingest_tool, items), "PATH",
	    "cut the items of the lists at this path in files of JSON", 0, 0,
	    NULL },
	{ 0, "follow", OPT_FLAG, offsetof(struct ingest_tool, reading.follow),
	    NULL,
	    "go on with what comes to live sources, or to a spool of hooks", 0,
	    0, NULL },
	{ 0, "password-file", OPT_TEXT,
	    offsetof(struct ingest_tool, reading.password_file), "FILE",
	    "the password for a url is in this file", 0, 0, NULL },
	{ 0, "done", OPT_FLAG, offsetof(struct ingest_tool, done), NULL,
	    "what live sources and hooks gave to the last pipe has done its "
	    "work",
	    0, 0, NULL },
	{ 0, "status", OPT_FLAG, offsetof(struct ingest_tool, status), NULL,
	    "say how live sources are", 0, 0, NULL },
	{ 0, "list-formats", OPT_FLAG, offsetof(struct ingest_tool, list), NULL,
	    "list the formats and end", 0, 0, NULL },
	{ 0, "why", OPT_FLAG, offsetof(struct ingest_tool, why), NULL,
	    "say what each format saw in the files, and read none", 0, 0,
	    NULL },
	{ 0, "max-item", OPT_SIZE, offsetof(struct ingest_tool, max_item),
	    "SIZE", "reject items larger than this (default 40M)", 1024,
	    INT64_C(1) << 30, NULL },
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

static void
ingest_defaults(void *self)
{
	struct ingest_tool *t = self;

	t->max_item = SOURCE_ITEM_MAX;
	t->spool.fd = -1;
}

/* What SQLite has beside an operand. */
static void
allow_logs(struct run *r, const char *path)
{
	struct buf name;

	buf_init(&name, 1 << 16);
	for (size_t i = 0; seek_beside(path, i, &name); i++)
		run_allow(r, buf_cstr(&name), SANDBOX_READ);
	buf_release(&name);
}

static int
ingest_open(struct run *r, void *self, struct err *e)
{
	struct ingest_tool *t = self;

	if (t->done)
		return live_open_done(r, e);
	if (t->status)
		return live_open_status(r, e);
	t->source = source_new(run_workspace(r));
	t->reading.source = t->source;
	t->reading.max_item = (size_t)t->max_item;
	if (!t->setup && live_operands_open(&t->live, r, &t->reading, e) < 0)
		return -1;
	t->how.max_item = (size_t)t->max_item;
	t->how.why = t->why;
	run_largest(r, t->max_item);
	seek_spool_open(&t->spool);
	t->how.spool = &t->spool;
	for (char *const *o = run_operands(r); *o != NULL; o++)
		allow_logs(r, *o);
	if (t->format != NULL) {
		t->how.format = source_format_named(str_of(t->format));
		if (t->how.format == NULL)
			return source_no_format(t->format, e);
	}
	if (t->items == NULL)
		return 0;
	if (t->format != NULL && strcmp(t->format, "json") != 0)
		return err_set(e, "--items cuts files of JSON: --format json, "
				  "or none");
	t->how.format = source_format_named(STR("json"));
	t->how.items = &t->path;
	return items_path_read(&t->path, t->items, e);
}

/* One operand that cannot be read does not keep the others from it; output
 * that cannot be written ends the run. */
static int
ingest_operand(
    struct ingest_tool *t, struct sink *out, const char *path, struct err *e)
{
	struct err why;

	if (source_ingest(t->source, out, path, &t->how, &why) == 0)
		return 0;
	sink_rollback(out);
	if (sink_flush(out, e) < 0)
		return -1;
	diag(DIAG_FATAL, NULL, "%s", why.msg);
	return 0;
}

static int
ingest_operands(struct run *r, void *self, struct err *e)
{
	char *const *operands = run_operands(r);
	struct ingest_tool *t = self;
	int is;

	if (operands[0] == NULL)
		return ingest_operand(t, run_sink(r), "-", e);
	for (; *operands != NULL; operands++) {
		is = live_operand(&t->live, r, *operands, &t->reading, e);
		if (is < 0 || (is == 0 && ingest_operand(t, run_sink(r),
					      *operands, e) < 0))
			return -1;
	}
	return live_operands_end(&t->live, r, &t->reading, e);
}

static int
ingest_list(struct run *r, void *self, struct err *e)
{
	(void)self;
	source_list(sink_out(run_sink(r)));
	return sink_commit_text(run_sink(r), e);
}

static void
ingest_close(void *self)
{
	struct ingest_tool *t = self;

	live_operands_close(&t->live);
	seek_spool_close(&t->spool);
	items_path_release(&t->path);
	source_free(t->source);
}

static const struct mode modes[] = {
	{ .option = "list-formats", .go = ingest_list },
	{ .option = "done", .go = live_mode_done },
	{ .option = "status", .go = live_mode_status },
	{ .option = "hook-setup", .go = live_mode_setup, .free = true },
	{ .go = ingest_operands, .program = "readpst" },
};

const struct tool tool = {
	.name = "ingest",
	.about = "cut export files, folders, archives and mailboxes into items",
	.operands = "[FILE | URL | @SOURCE ...]",
	.opts = opts,
	.size = sizeof(struct ingest_tool),
	.stateless = true,
	.modes = modes,
	.defaults = ingest_defaults,
	.open = ingest_open,
	.close = ingest_close,
};
