/*
 * Front: messages, comments, conversations and events as its API answers them
 * (alone, in pages of `_results`, or one a line), what its webhooks send, and
 * its tables of messages and activities.
 */
#include "source/front/front.h"

#include "source/json/items.h"
#include "source/peek.h"
#include "source/table/table.h"

/* Columns of the tables that Front's reports can be exported as. */
static const char columns[] =
    "message_api_id|conversation_api_id|segment|extract|reaction_time|"
    "total_reply_time|handle_time|inbox_api_id|inbox_at_activity_time|"
    "attributed_to|new_conversation|activity_api_id|comment_api_id|"
    "segment_id|tag_api_ids|inbox_api_ids_at_activity_time|contact_handle|"
    "segment_cumulative_teammates|account_names|last_segment_activity";

static const char within[] =
    "_results|payload|message|comment|conversation|messages";

struct ids {
	bool own, links;
};

static void
see_id(void *arg, const struct peeked *p)
{
	static const char *const starts[] = { "msg_", "cnv_", "com_", "evt_" };
	struct ids *ids = arg;

	ids->links |= str_is(p->name, "_links");
	if (!str_is(p->name, "id"))
		return;
	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		ids->own |= str_starts(p->text, str_of(starts[i]));
}

/* Ids with Front's prefixes beside members that others do not have. */
static int
sniff_json(struct str head)
{
	struct ids ids = { 0 };
	size_t marks;

	if (str_find(head, STR("msg_")) < 0 &&
	    str_find(head, STR("cnv_")) < 0 &&
	    str_find(head, STR("com_")) < 0 && str_find(head, STR("evt_")) < 0)
		return 0;
	json_peek(head, see_id, &ids);
	marks = desk_marks(head, within,
	    "is_inbound|is_draft|draft_mode|blurb|recipients|posted_at|"
	    "emitted_at|is_private|scheduled_reminders|assignee|recipient|"
	    "source|target|status_category|_pagination");
	if (ids.own && marks >= 2)
		return ids.links ? 92 : 84;
	return ids.own && ids.links && marks >= 1 ? 84 : 0;
}

static int
front_sniff(const char *base_name, struct str head)
{
	struct str first = str_sub(head, 0, 8192);

	(void)base_name;
	if (json_peek_is(head))
		return sniff_json(head);
	if (str_find_nocase(first, STR("Segment")) < 0 &&
	    str_find_nocase(first, STR("API ID")) < 0 &&
	    memchr(head.p, '\0', head.n < 64 ? head.n : 64) == NULL)
		return 0;
	return desk_columns(head, columns) >= 4 ? 92 : 0;
}

static int
front_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "_results", NULL };
	/* Whose messages they are. */
	static const char *const repeat[] = { "_links", "conversation",
		"conversation_id", NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 4096, .whole = true
	};

	return items_or_table_read(in, file, &form, e);
}

const struct source_format source_front = {
	.name = "front",
	.about = "Front's API, webhooks and tables of messages",
	.sniff = front_sniff,
	.read = front_read,
	.normalize = front_normalize,
};
