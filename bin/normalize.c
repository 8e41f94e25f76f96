/*
 * kith-normalize: native records into message records, one schema for all
 * channels.  A line that is a record already passes as it is.
 */
#include <stddef.h>

#include "driver/driver.h"
#include "live/maps.h"
#include "record/channels.h"
#include "record/fields.h"
#include "source/mapping/map.h"
#include "source/source.h"

struct normalize_tool {
	const char *format, *map;
	bool keep_native, list, channels, schema;
	bool verify; /* the workspace's: identify will want raw mails */
	const struct source_format *forced;
	struct mapping *mapping; /* --map */
	struct live_maps *maps; /* of the workspace's services */
	struct record *record;
	struct source_context *source;
	struct normalize n;
};

static const struct opt opts[] = {
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
normalize_open(struct run *r, void *self, struct err *e)
{
	struct normalize_tool *t = self;

	t->record = record_new();
	t->source = source_new(run_workspace(r));
	normalize_init(&t->n, t->source, run_sink(r));
	t->n.now = run_now(r);
	t->verify = run_workspace(r)->verify;
	if (source_open(t->source, e) < 0)
		return -1;
	if (t->format != NULL) {
		t->forced = source_format_named(str_of(t->format));
		if (t->forced == NULL)
			return source_no_format(t->format, e);
	}
	t->maps = live_maps_open(run_workspace(r), e);
	if (t->maps == NULL)
		return -1;
	if (t->map != NULL) {
		t->mapping = mapping_open(t->map, e);
		if (t->mapping == NULL)
			return -1;
	}
	return 0;
}

/* No native member: a record already, or nothing of ours. */
static enum stage_result
pass(struct normalize_tool *t, struct sink *out, struct str line, struct err *e)
{
	if (json_type(record_get(t->record, "id")) != JSON_STRING) {
		err_set(e, "neither a native record nor a message record: it "
			   "has no native and no id");
		return STAGE_REJECT;
	}
	us_see(&t->n.us, t->record);
	buf_add_str(sink_out(out), line);
	return sink_commit(out, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

/* Why an item of format f, or of none that there is, has no meaning. */
static enum stage_result
no_meaning(const struct source_format *f, struct str name, struct json native,
    struct err *e)
{
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

static enum stage_result
normalize_line(void *self, struct sink *out, struct str line, struct err *e)
{
	struct normalize_tool *t = self;
	const struct source_format *f = t->forced;
	struct json native, source;
	struct mapping *map;
	struct str name;

	if (record_parse(t->record, line, e) < 0)
		return STAGE_REJECT;
	native = record_get(t->record, "native");
	if (json_type(native) == JSON_NONE ||
	    json_type(record_get(t->record, "id")) == JSON_STRING)
		return pass(t, out, line, e);
	source = record_get(t->record, "source");
	t->n.line = line;
	t->n.root = record_root(t->record);
	t->n.source = json_raw(source);
	t->n.native = t->keep_native ? json_raw(native) : STR_NONE;
	map = t->mapping != NULL || f != NULL
		  ? t->mapping
		  : live_map_of(t->maps, json_str(json_get(source, "file"),
					     record_arena(t->record)));
	if (map != NULL)
		return mapping_run(map, &t->n, e);
	name = json_str(json_get(source, "format"), record_arena(t->record));
	if (f == NULL)
		f = source_format_named(name);
	if (f != NULL && f->verifiable && t->verify)
		t->n.native = json_raw(native);
	if (f != NULL && f->normalize != NULL)
		return source_normalize(&t->n, f, native, e);
	return no_meaning(f, name, native, e);
}

static int
normalize_end(void *self, struct sink *out, struct err *e)
{
	(void)out, (void)e;
	us_warn(&((struct normalize_tool *)self)->n.us);
	return 0;
}

static int
normalize_list(struct run *r, void *self, struct err *e)
{
	(void)self;
	source_list(sink_out(run_sink(r)));
	return sink_commit_text(run_sink(r), e);
}

static int
normalize_channels(struct run *r, void *self, struct err *e)
{
	(void)self;
	channels_list(sink_out(run_sink(r)));
	return sink_commit_text(run_sink(r), e);
}

static int
normalize_schema(struct run *r, void *self, struct err *e)
{
	(void)self;
	fields_schema(sink_out(run_sink(r)));
	return sink_commit_text(run_sink(r), e);
}

static void
normalize_close(void *self)
{
	struct normalize_tool *t = self;

	mapping_close(t->mapping);
	live_maps_close(t->maps);
	record_free(t->record);
	normalize_release(&t->n);
	source_free(t->source);
}

static const struct mode modes[] = {
	{ .option = "list-formats", .go = normalize_list },
	{ .option = "list-channels", .go = normalize_channels },
	{ .option = "schema", .go = normalize_schema },
	{ .line = normalize_line, .end = normalize_end, .worker = true },
};

const struct tool tool = {
	.name = "normalize",
	.about = "turn items into records, one schema for all channels",
	.operands = "[FILE ...]",
	.opts = opts,
	.size = sizeof(struct normalize_tool),
	.stateless = true,
	.modes = modes,
	.open = normalize_open,
	.close = normalize_close,
};
