/*
 * Help Scout: conversations and their threads as the Inbox (Mailbox) API 2.0
 * answers them, as version 1 did, and as webhooks send them; ratings.
 */
#include "source/helpscout/helpscout.h"

#include "source/json/items.h"
#include "source/peek.h"

static const char within[] =
    "_embedded|threads|conversations|item|items|createdBy|results";

/* Nobody else has these together. */
static int
helpscout_sniff(const char *base_name, struct str head)
{
	size_t of_conversation, of_thread, of_rating;

	(void)base_name;
	if (!json_peek_is(head))
		return 0;
	of_conversation = desk_marks(head, within,
	    "folder_id|mailbox_id|primary_customer|user_updated_at|"
	    "customer_waiting_since|thread_count|closed_by_user|mailbox|"
	    "preview|number");
	of_thread = desk_marks(head, within,
	    "saved_reply_id|assigned_to|created_by|opened_at|customer|action|"
	    "source|state|action_type|from_mailbox|body");
	of_rating = desk_marks(head, within,
	    "rating_id|rating_comments|rating_customer_id|rating_created_at|"
	    "threadid|conversation_number|rating_user_id");
	if (str_find(head, STR("api.helpscout.net/")) >= 0 &&
	    of_conversation + of_thread + of_rating >= 3)
		return 92;
	if (of_conversation >= 4)
		return 88;
	return of_rating >= 3 || of_thread >= 7 ? 84 : 0;
}

static int
helpscout_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "_embedded/conversations", "items",
		"conversations", "results", NULL };
	static const char *const repeat[] = { "mailbox", NULL };
	static const struct items_form form = { .paths = paths,
		.repeat = repeat,
		.each = 1024,
		.whole = true,
		.bare = true };

	return items_form_read(in, file, &form, e);
}

const struct source_format source_helpscout = {
	.name = "helpscout",
	.about = "Help Scout's conversations, threads and ratings",
	.sniff = helpscout_sniff,
	.read = helpscout_read,
	.normalize = helpscout_normalize,
};
