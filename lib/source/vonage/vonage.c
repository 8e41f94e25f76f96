/*
 * Vonage, once Nexmo: records of messages and calls as its Reports API and its
 * dashboard give them, in JSON and as tables; calls as its Voice API answers
 * them; what it posts of messages, receipts and calls, an object a line.
 */
#include "source/vonage/vonage.h"

#include "source/json/items.h"
#include "source/peek.h"
#include "source/table/table.h"

static const char within[] = "|records|_embedded|calls";

static bool
has(struct str head, const char *name)
{
	return desk_marks(head, within, name) > 0;
}

static int
sniff_json(struct str head)
{
	size_t sms = desk_marks(head, within,
	    "msisdn|message_timestamp|network_code|scts|err_code|messageId|"
	    "keyword|api_key|concat_ref");
	size_t message = desk_marks(head, within,
	    "message_uuid|message_type|channel|timestamp|client_ref|usage|"
	    "from|to|status|message");
	size_t report = desk_marks(head, within,
	    "account_id|date_received|date_finalized|date_start|date_end|"
	    "message_id|call_id|message_body|client_ref|total_price|network|"
	    "duration|country|currency");
	size_t voice = desk_marks(head, within,
	    "conversation_uuid|uuid|rate|price|network|direction|start_time|"
	    "end_time|status|timestamp|answer_url|from|to");

	if (sms >= 3 && has(head, "msisdn"))
		return 92;
	if (report >= 6 && has(head, "account_id") &&
	    has(head, "date_finalized|date_start") &&
	    has(head, "message_id|call_id"))
		return 90;
	if (message >= 4 && has(head, "message_uuid"))
		return 88;
	return voice >= 5 && has(head, "conversation_uuid") ? 90 : 0;
}

static int
vonage_sniff(const char *base_name, struct str head)
{
	(void)base_name;
	if (json_peek_is(head))
		return sniff_json(head);
	if (desk_columns(head, "account_id") == 0 ||
	    desk_columns(head, "message_id|call_id") == 0)
		return 0;
	return desk_columns(head,
		   "date_received|date_finalized|date_start|date_end|"
		   "message_body|client_ref|total_price|network|country_name|"
		   "direction|conversation_id") >= 5
		   ? 90
		   : 0;
}

static int
vonage_read(struct ingest *in, struct input *file, struct err *e)
{
	static const char *const paths[] = { "records", "_embedded/calls",
		NULL };
	static const char *const repeat[] = { "product", "account_id", NULL };
	static const struct items_form form = {
		.paths = paths, .repeat = repeat, .each = 256, .whole = true
	};

	return items_or_table_read(in, file, &form, e);
}

const struct source_format source_vonage = {
	.name = "vonage",
	.about = "Vonage's (Nexmo's) messages and calls: reports, hooks, API",
	.sniff = vonage_sniff,
	.read = vonage_read,
	.normalize = vonage_normalize,
};
