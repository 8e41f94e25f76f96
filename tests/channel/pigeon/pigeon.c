/*
 * A format of a channel that there is not, for the test that adds one: a line
 * a message,
 *	{"pigeon":ring,"at":time,"from":loft,"to":loft,"text":...}
 */
#include "core/time.h"
#include "source/source.h"
#include "source/wrapped.h"

static int
pigeon_sniff(const char *base_name, struct str head)
{
	(void)base_name;
	return str_starts(head, STR("{\"pigeon\":")) ? 90 : 0;
}

/* No line wraps a list of others. */
static void
tell(struct json value, bool alone, struct wrapped_found *out)
{
	(void)value, (void)alone, (void)out;
}

static int
pigeon_read(struct ingest *in, struct input *file, struct err *e)
{
	static const struct wrapped how = { .tell = tell };

	return wrapped_read(in, file, &how, e);
}

static struct address
loft(struct message *m, struct json v)
{
	struct str name = json_str(v, &m->arena);

	return (struct address){ .name = name,
		.uri = arena_printf(&m->arena, "pigeon:%.*s", STR_ARG(name)) };
}

static enum stage_result
pigeon_normalize(struct normalize *n, struct json native, struct err *e)
{
	struct message *m = normalize_begin(n);

	m->type = "message";
	m->channel = "pigeon";
	m->native_id = json_str(json_get(native, "pigeon"), &m->arena);
	m->message_id = m->native_id;
	m->text = json_str(json_get(native, "text"), &m->arena);
	m->from = loft(m, json_get(native, "from"));
	message_add_address(m, &m->to, loft(m, json_get(native, "to")));
	if (m->native_id.n == 0 ||
	    time_parse(json_str(json_get(native, "at"), &m->arena), &m->sent) <
		0) {
		err_set(e, "no pigeon: its ring or its time is missing");
		return STAGE_REJECT;
	}
	return message_emit(m, e) < 0 ? STAGE_FATAL : STAGE_OK;
}

const struct source_format source_pigeon = {
	.name = "pigeon",
	.about = "carrier pigeons, one a line",
	.sniff = pigeon_sniff,
	.read = pigeon_read,
	.normalize = pigeon_normalize,
};
