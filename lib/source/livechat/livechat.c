/*
 * LiveChat: chats with their threads and events as version 3 of the Agent Chat
 * API answers them and as its webhooks send them, and chats with messages of
 * versions 1 and 2.
 */
#include "source/livechat/livechat.h"

#include "source/json/items.h"
#include "source/peek.h"

static const char within[] =
    "chats|chat|thread|threads|events|event|payload|chats_summary|users|"
    "messages|visitor|properties|access";

static int
livechat_sniff(const char *base_name, struct str head)
{
	size_t now, before;

	(void)base_name;
	if (!json_peek_is(head) || str_find(head, STR("\"id\"")) < 0)
		return 0;
	now = desk_marks(head, within,
	    "users|thread|threads|access|group_ids|user_ids|author_id|"
	    "visibility|recipients|previous_thread_id|next_thread_id|"
	    "system_message_type|webhook_id|chat_id|thread_id|is_followed|"
	    "found_chats|last_event_per_type|restricted_access|routing|"
	    "next_page_id|organization_id");
	before = desk_marks(head, within,
	    "visitor_name|visitor_id|visitor|agents|supervisors|rate|"
	    "prechat_survey|postchat_survey|chat_start_url|"
	    "started_timestamp|ended_timestamp|engagement|user_type|"
	    "author_name|agent_id|timezone|visitor_ip");
	if (before >= 6)
		return 88;
	return now >= 7 ? 88 : now >= 6 ? 84 : 0;
}

static int
livechat_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "chats", "chats_summary",
		"threads", NULL };
	static const char *const repeat[] = { "chat_id", "users", NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 4096, .whole = true
	};

	return items_form_read(in, file, &form, e);
}

const struct source_format source_livechat = {
	.name = "livechat",
	.about = "LiveChat's chats, by API and webhook",
	.sniff = livechat_sniff,
	.read = livechat_read,
	.normalize = livechat_normalize,
};
