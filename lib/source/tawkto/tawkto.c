/*
 * tawk.to: transcripts of chats and tickets as its webhooks send them, and the
 * chats and tickets of an export.
 */
#include "source/tawkto/tawkto.h"

#include "source/json/items.h"
#include "source/peek.h"

static const char within[] =
    "chat|messages|message|sender|visitor|property|requester|ticket|chats|data";

/* A sender is {"t":"v","n":...}. */
static int
tawkto_sniff(const char *base_name, struct str head)
{
	size_t marks, sender;
	bool event;

	(void)base_name;
	if (!json_peek_is(head))
		return 0;
	event = str_find(head, STR("\"chat:start\"")) >= 0 ||
		str_find(head, STR("\"chat:end\"")) >= 0 ||
		str_find(head, STR("\"chat:transcript_created\"")) >= 0 ||
		str_find(head, STR("\"ticket:create\"")) >= 0;
	marks = desk_marks(head, within,
	    "property|visitor|chat|chat_id|messages|requester|ticket|time|"
	    "page_id|message_count|chat_duration|created_on|domain|rating|"
	    "location");
	sender = desk_marks(head, within, "t|n");
	if (event && marks >= 2)
		return 92;
	return sender >= 1 && marks >= 3 &&
		       (str_find(head, STR("\"t\":\"v\"")) >= 0 ||
			   str_find(head, STR("\"t\": \"v\"")) >= 0 ||
			   str_find(head, STR("\"t\":\"a\"")) >= 0 ||
			   str_find(head, STR("\"t\": \"a\"")) >= 0)
		   ? 88
		   : 0;
}

static int
tawkto_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "chats", "data", NULL };
	static const char *const repeat[] = { "property", NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 1024, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

const struct source_format source_tawkto = {
	.name = "tawkto",
	.about = "tawk.to's chats and tickets, by webhook and export",
	.sniff = tawkto_sniff,
	.read = tawkto_read,
	.normalize = tawkto_normalize,
};
