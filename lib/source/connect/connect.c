/*
 * Amazon Connect: contact records, as its streams and its API give them, what
 * was written in chats, and what Contact Lens understood of calls.
 */
#include "source/connect/connect.h"

#include "source/json/items.h"
#include "source/peek.h"

static const char within[] =
    "contact|contacts|agent|queue|customer_endpoint|transcript|"
    "participants|customer_metadata|detail";

/* What its search of contacts exports. */
static int
sniff_table(struct str head)
{
	size_t marks;

	if (desk_columns(head, "contact_id") == 0)
		return 0;
	marks = desk_columns(head,
	    "channel|initiation_method|initiation_timestamp|queue|agent|"
	    "disconnect_timestamp|customer_phone_number|system_phone_number|"
	    "contact_status|recording/transcript|initial_contact_id");
	return marks >= 6 ? 90 : 0;
}

static int
connect_sniff(const char *base_name, struct str head)
{
	size_t records, texts, lens;

	(void)base_name;
	if (!json_peek_is(head))
		return sniff_table(head);
	records = desk_marks(head, within,
	    "contact_id|initial_contact_id|previous_contact_id|"
	    "next_contact_id|initiation_method|initiation_timestamp|"
	    "disconnect_timestamp|customer_endpoint|system_endpoint|"
	    "instance_arn|aws_contact_trace_record_format_version|"
	    "connected_to_system_timestamp|last_update_timestamp|queue_info|"
	    "agent_info|disconnect_reason|event_type");
	texts = desk_marks(head, within,
	    "absolute_time|participant_role|participant_id|content_type|"
	    "display_name|contact_id|instance_id|transcript");
	lens = desk_marks(head, within,
	    "begin_offset_millis|end_offset_millis|participant_id|sentiment|"
	    "conversation_characteristics|language_code|job_status|"
	    "loudness_score|transcript|customer_metadata|categories");
	return records >= 4   ? 92
	       : texts >= 5   ? 90
	       : lens >= 6    ? 88
	       : records >= 3 ? 82
			      : 0;
}

static int
connect_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "Contacts", NULL };
	static const char *const repeat[] = { NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 64, .whole = true
	};

	return items_or_table_read(in, file, &form, e);
}

const struct source_format source_connect = {
	.name = "connect",
	.about = "Amazon Connect's contact records and transcripts",
	.sniff = connect_sniff,
	.read = connect_read,
	.normalize = connect_normalize,
};
