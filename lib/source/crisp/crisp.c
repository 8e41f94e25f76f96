/*
 * Crisp: messages, conversations and ratings as its API answers them and as its
 * webhooks and RTM send them.
 */
#include "source/crisp/crisp.h"

#include "source/json/items.h"
#include "source/peek.h"

static const char within[] = "data|messages|conversations|user|meta|message";

/* A session's id is "session_" and a UUID. */
static int
crisp_sniff(const char *base_name, struct str head)
{
	size_t marks;

	(void)base_name;
	if (!json_peek_is(head) || str_find(head, STR("session_")) < 0)
		return 0;
	marks = desk_marks(head, within,
	    "session_id|website_id|fingerprint|from|origin|content|timestamp|"
	    "stamped|user|nickname|people_id|availability|last_message|"
	    "is_verified|is_blocked|automated|delivered|read|mentions|"
	    "rating|unread|event|original|segments");
	if (str_find(head, STR("\"session_id\"")) < 0 &&
	    str_find(head, STR("\"sessionId\"")) < 0)
		return 0;
	return marks >= 5 ? 90 : marks >= 4 ? 84 : 0;
}

static int
crisp_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "data", "conversations", NULL };
	/* What a webhook says, and of whose messages they are. */
	static const char *const repeat[] = { "event", "website_id",
		"session_id", "meta", NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 4096, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

const struct source_format source_crisp = {
	.name = "crisp",
	.about = "Crisp's messages, conversations and ratings",
	.sniff = crisp_sniff,
	.read = crisp_read,
	.normalize = crisp_normalize,
};
