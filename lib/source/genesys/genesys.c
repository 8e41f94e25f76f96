/*
 * Genesys Cloud: details of conversations, as its analytics answer and export
 * them.
 */
#include "source/genesys/genesys.h"

#include "source/json/items.h"
#include "source/peek.h"

static const char within[] =
    "conversations|participants|sessions|segments|metrics";

static int
genesys_sniff(const char *base_name, struct str head)
{
	size_t marks;

	(void)base_name;
	if (!json_peek_is(head) ||
	    (str_find_nocase(head, STR("conversationId")) < 0 &&
		str_find(head, STR("conversation_id")) < 0))
		return 0;
	marks = desk_marks(head, within,
	    "conversation_id|conversation_start|conversation_end|"
	    "originating_direction|media_stats_min_conversation_mos|"
	    "participants|participant_id|purpose|sessions|media_type|"
	    "session_id|segments|segment_start|segment_end|segment_type|"
	    "disconnect_type|division_ids|wrap_up_code|ani|dnis|"
	    "external_tag");
	return marks >= 5 ? 92 : marks >= 4 ? 84 : 0;
}

static int
genesys_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "conversations", NULL };
	static const char *const repeat[] = { NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 64, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

const struct source_format source_genesys = {
	.name = "genesys",
	.about = "Genesys Cloud's details of conversations",
	.sniff = genesys_sniff,
	.read = genesys_read,
	.normalize = genesys_normalize,
};
