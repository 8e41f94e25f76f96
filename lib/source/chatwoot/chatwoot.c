/*
 * Chatwoot: conversations with their messages as its API answers them, lists of
 * messages, what its webhooks and agent bots are sent, and what customers said
 * when they were asked how it was (JSON, and the report's table).
 */
#include "source/chatwoot/chatwoot.h"

#include "source/json/items.h"
#include "source/peek.h"
#include "source/table/table.h"

static const char within[] = "data|payload|messages|conversation|meta";

/* Nobody else has these together. */
static int
sniff_json(struct str head)
{
	bool channel = str_find(head, STR("\"Channel::")) >= 0;
	size_t own, marks;

	own = desk_marks(head, within,
	    "content_attributes|contact_inbox|can_reply|hmac_verified|"
	    "agent_last_seen_at|contact_last_seen_at|feedback_message");
	if (own == 0 && !channel)
		return 0;
	marks = desk_marks(head, within,
	    "message_type|content_type|private|inbox_id|conversation_id|"
	    "source_id|sender|sender_type|additional_attributes|"
	    "custom_attributes|unread_count|contact|inbox|messages|"
	    "assigned_agent|rating|message_id|csat_review_notes|"
	    "labels|last_activity_at");
	if (channel && own + marks >= 4)
		return 92;
	return own + marks >= 6 ? 88 : own + marks >= 5 ? 84 : 0;
}

static int
chatwoot_sniff(const char *base_name, struct str head)
{
	static const char columns[] =
	    "rating|feedback_comment|contact_email_address|agent_name|"
	    "contact_phone_number|link_to_the_conversation|recorded_date";
	struct str first = str_sub(head, 0, 8192);

	(void)base_name;
	if (json_peek_is(head))
		return sniff_json(head);
	if (str_find_nocase(first, STR("Link to the conversation")) < 0 &&
	    memchr(head.p, '\0', head.n < 64 ? head.n : 64) == NULL)
		return 0;
	return desk_columns(head, columns) >= 4 ? 90 : 0;
}

static int
chatwoot_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "data/payload", "payload", NULL };
	/* Of a list of messages, whose they are. */
	static const char *const repeat[] = { "meta", "conversation",
		"conversation_id", "inbox", "inbox_id", "account", NULL };
	static const struct items_form form = { .paths = paths,
		.repeat = repeat,
		.each = 4096,
		.whole = true,
		.bare = true };

	return items_or_table_read(in, file, &form, e);
}

const struct source_format source_chatwoot = {
	.name = "chatwoot",
	.about = "Chatwoot's conversations, messages, webhooks and ratings",
	.sniff = chatwoot_sniff,
	.read = chatwoot_read,
	.normalize = chatwoot_normalize,
};
