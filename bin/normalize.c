/*
 * kith-normalize: native records into message records, one schema for all
 * channels.  A line that is a record already passes as it is.
 */
#include <stddef.h>

#include "driver/driver.h"
#include "record/channels.h"
#include "record/fields.h"
#include "source/map.h"
#include "source/source.h"

struct normalize_tool {
	const char *format, *map;
	bool keep_native, list, channels, schema;
	const struct source_format *forced;
	struct mapping *mapping;
	struct record *record;
	struct normalize n;
};

static const struct opt options[] = {
	{ 'f', "format", OPT_TEXT, offsetof(struct normalize_tool, format),
	    "NAME", "take every item as this format, whatever its source says",
	    0, 0, NULL },
	{ 'k', "keep-native", OPT_FLAG,
	    offsetof(struct normalize_tool, keep_native), NULL,
	    "keep the native item in the record", 0, 0, NULL },
	{ 0, "list-channels", OPT_FLAG,
	    offsetof(struct normalize_tool, channels), NULL,
	    "list the channels and end", 0, 0, NULL },
	{ 0, "list-formats", OPT_FLAG, offsetof(struct normalize_tool, list),
	    NULL, "list the formats and end", 0, 0, NULL },
	{ 'm', "map", OPT_TEXT, offsetof(struct normalize_tool, map), "FILE",
	    "map items with the jq program in this file", 0, 0, NULL },
	{ 0, "schema", OPT_FLAG, offsetof(struct normalize_tool, schema), NULL,
	    "print the JSON Schema of a record and end", 0, 0, NULL },
	{ 0, NULL, OPT_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

static int
open_tool(struct run *r, void *self, struct err *e)
{
	struct normalize_tool *t = self;

	t->n.run = r;
	t->record = record_new();
	buf_init(&t->n.scratch, (size_t)1 << 30);
	if (t->format != NULL) {
		t->forced = source_format_named(str_of(t->format));
		if (t->forced == NULL)
			return source_no_format(t->format, e);
	}
	if (t->map != NULL) {
		t->mapping = mapping_open(t->map, e);
		if (t->mapping == NULL)
			return -1;
	}
	return 0;
}

static bool
wants_go(void *self)
{
	const struct normalize_tool *t = self;

	return t->list || t->channels || t->schema;
}

static int
go(struct run *r, void *self, struct err *e)
{
	const struct normalize_tool *t = self;

	if (t->list)
		source_list(run_out(r));
	else if (t->channels)
		channels_list(run_out(r));
	else
		fields_schema(run_out(r));
	return run_commit_text(r, e);
}

/* No native member: a record already, or nothing of ours. */
static enum stage_result
pass(struct run *r, const struct normalize_tool *t, struct str line,
    struct err *e)
{
	if (json_type(record_get(t->record, "id")) != JSON_STRING) {
		err_set(e, "neither a native record nor a message record: it "
			   "has no native and no id");
		return STAGE_REJECT;
	}
	buf_add_str(run_out(r), line);
	return run_commit(r, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

static enum stage_result
line_tool(struct run *r, void *self, struct str line, struct err *e)
{
	struct normalize_tool *t = self;
	const struct source_format *f = t->forced;
	struct json native, source;
	struct str name;

	if (record_parse(t->record, line, e) < 0)
		return STAGE_REJECT;
	native = record_get(t->record, "native");
	if (json_type(native) == JSON_NONE ||
	    json_type(record_get(t->record, "id")) == JSON_STRING)
		return pass(r, t, line, e);
	source = record_get(t->record, "source");
	t->n.line = line;
	t->n.root = record_root(t->record);
	t->n.source = json_raw(source);
	t->n.native = t->keep_native ? json_raw(native) : STR_NONE;
	if (t->mapping != NULL)
		return mapping_run(t->mapping, &t->n, e);
	name = json_str(json_get(source, "format"), record_arena(t->record));
	if (f == NULL)
		f = source_format_named(name);
	if (f != NULL && f->normalize != NULL)
		return f->normalize(&t->n, native, e);
	if (json_type(json_get(json_get(native, "source"), "format")) ==
	    JSON_STRING)
		err_set(e,
		    "kith ingest has read an item or a record of ours: give "
		    "those to kith normalize");
	else if (f != NULL)
		err_set(e,
		    "rows of format \"%s\" have no meaning of their own: "
		    "--map FILE.jq gives them one",
		    f->name);
	else
		err_set(e,
		    "source.format: no such format \"%.*s\"; --map FILE.jq "
		    "maps it",
		    STR_ARG(name));
	return STAGE_REJECT;
}

static void
close_tool(void *self)
{
	struct normalize_tool *t = self;

	source_done();
	mapping_close(t->mapping);
	record_free(t->record);
	message_release(&t->n.message);
	buf_release(&t->n.scratch);
}

const struct tool tool = {
	.name = "normalize",
	.about = "turn items into records, one schema for all channels",
	.operands = "[FILE ...]",
	.opts = options,
	.size = sizeof(struct normalize_tool),
	.open = open_tool,
	.wants_go = wants_go,
	.go = go,
	.line = line_tool,
	.close = close_tool,
};
